export const SWEEP_STATES = ['running', 'paused', 'done', 'cancelled', 'failed'] as const;
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
  /** Most datagrams that it will have sent when nobody else answers: it shrinks with every answer. */
  mostToSend: number;
  answered: number;
  /** Datagrams that became no sighting, by reason. */
  refused: Readonly<Record<string, number>>;
  /** The seed of its order. */
  seed: number;
  /** What was planned, hashed: only the same plan is gone on with. */
  plan: string;
  /** Targets of the plan below this number are done with. */
  position: number;
  /** Milliseconds that it has been under way, pauses left out. */
  activeMs: number;
  /** Why it says nothing of who did not answer, `60/100` hosts silent at once: the fault was ours. Null for a sound one. */
  unsound: string | null;
}
