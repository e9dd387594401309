import type { Site } from '../model/site.ts';
import type { Sweep } from '../model/sweep.ts';

export const CHANNEL_STATES = ['waiting', 'running', 'listening', 'off', 'failed'] as const;
export type ChannelState = (typeof CHANNEL_STATES)[number];

/** A network that this machine is on. */
export interface SeenNetwork {
  interface: string;
  address: string;
  network: string;
}

/** What the daemon is and does right now. */
export interface AuditorStatus {
  site: Site;
  scope: { include: readonly string[]; exclude: readonly { network: string; because: string }[] };
  policy: { title: string; revision: string; isExample: boolean };
  channels: readonly { name: string; state: ChannelState; because: string | null }[];
  networks: readonly SeenNetwork[];
}

/** The daemon's work, as the API and the command line see it. */
export interface Auditor {
  status(): AuditorStatus;
  /** The sweeps now running, for progress; ended ones are in the store. */
  runningSweeps(): readonly Sweep[];
  /** Starts a sweep of every active channel; returns those running already where there are some. Throws AppError SCOPE_REFUSED without a scope. */
  startSweep(): readonly Sweep[];
  stop(): Promise<void>;
}
