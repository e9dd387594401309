import type { TSchema, Static } from 'typebox';
import type { Endpoint, SiteId } from '../model/endpoint.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Clock, GroupNet, ListeningNet, Log, ScopedNet } from '../platform/ports.ts';

/** Why something heard became no sighting, or something meant to be sent was not. */
export const REFUSALS = [
  'malformed',
  'not-sip',
  'irrelevant',
  'out-of-scope',
  'own-echo',
  'unsolicited',
  'duplicate',
  'rate-limited',
  'queue-full',
  'send-failed',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What one run of a channel did; `refused` counts by reason. */
export interface ChannelReport {
  sent: number;
  heard: number;
  refused: Partial<Record<Refusal, number>>;
}

/** How far an active channel is. */
export interface Progress {
  sent: number;
  /** Most datagrams that this run will still have sent when nobody else answers: it shrinks with every answer. */
  mostToSend: number;
  answered: number;
  /** Targets below this number are done with: a run that starts here loses nothing. */
  position: number;
}

/** What is asked, by number, so that nothing of a wide network exists before its turn. A list of endpoints is one. */
export interface Targets {
  readonly length: number;
  /** Undefined for a number that stands for nothing to ask. */
  at(index: number): Endpoint | undefined;
}

interface CommonContext<C> {
  config: C;
  site: SiteId;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(sighting: Sighting): void;
}

export interface ActiveContext<C> extends CommonContext<C> {
  /** Everything that is to be asked, each once, in this order, already inside the scope. */
  targets: Targets;
  /** Where to begin: the position that an earlier run of the same targets came to. */
  startAt?: number;
  net: ScopedNet;
  onProgress(progress: Progress): void;
}

export interface PassiveContext<C> extends CommonContext<C> {
  net: ListeningNet;
}

export interface GroupContext<C> extends CommonContext<C> {
  net: GroupNet;
}

/** One way of asking. It keeps nothing between runs, knows no vendor, and cannot send outside the scope. */
export interface ActiveChannel<S extends TSchema> {
  readonly name: string;
  /** It is off where the configuration names no channels. */
  readonly isOptIn?: true;
  readonly mode: 'active';
  readonly config: S;
  /** Ends when the sweep is done or the signal aborts. */
  run(context: ActiveContext<Static<S>>): Promise<ChannelReport>;
}

/** One way of listening: the net it is handed cannot send. */
export interface PassiveChannel<S extends TSchema> {
  readonly name: string;
  /** As for an active channel. */
  readonly isOptIn?: true;
  readonly mode: 'passive';
  readonly config: S;
  /** UDP port that a PBX on this host may hold: listening beside one harms its phones (docs/configuration.md, besidePbx). */
  readonly yieldsTo?: number;
  /** All kinds of devices are heard there: what no rule knows, at an address where no device is known, becomes no device. */
  readonly needsRule?: boolean;
  /** Ends when the signal aborts. */
  run(context: PassiveContext<Static<S>>): Promise<ChannelReport>;
}

/** One way of asking all of a LAN at once, by multicast, and of hearing what it says unasked: its net can ask its groups and no host. */
export interface GroupChannel<S extends TSchema> {
  readonly name: string;
  readonly mode: 'group';
  readonly config: S;
  /** As for a passive channel. */
  readonly needsRule?: boolean;
  /** Asks as often as its settings say. Ends when the signal aborts. */
  run(context: GroupContext<Static<S>>): Promise<ChannelReport>;
}
