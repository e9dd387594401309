export const SWEEP_STATES = ['running', 'done', 'cancelled', 'failed'] as const;
export type SweepOutcome = (typeof SWEEP_STATES)[number];

/** One pass of an active channel over the scope. Times are milliseconds since the epoch, UTC. */
export interface Sweep {
  id: number;
  channel: string;
  state: SweepOutcome;
  startedAt: number;
  endedAt: number | null;
  /** Endpoints asked. */
  targets: number;
  sent: number;
  /** Datagrams that it sends when nobody answers. */
  mostToSend: number;
  answered: number;
  /** Datagrams that became no sighting, by reason. */
  refused: Readonly<Record<string, number>>;
}
