import type { ChannelReport, Progress } from '../channels/channel.ts';
import { AppError } from '../model/app-error.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Clock } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { cancelUnfinishedSweeps, startSweepRow, unfinishedSweep, updateSweepRow } from '../store/sweeps.ts';
import type { Feed } from './feed.ts';
import { createGate, type Gate } from './gate.ts';
import type { SweepPlan } from './plan.ts';
import { UNFORGIVING, type Storage } from './storage.ts';
import { planFor, runSweep, type SweepRequest } from './sweep.ts';

/** Progress is written and told at most this often. */
const TELL_EVERY_MS = 250;

/** A sweep that was stopped longer ago than this is not gone on with: what it heard then says nothing of now. */
const GOES_ON_WITHIN_MS = 24 * 3_600_000;

/** Runs one sweep at a time, and keeps its record. */
export interface Sweeper {
  /** Starts a sweep, or returns the one that is under way. Throws AppError SCOPE_REFUSED where nothing may be sent. */
  start(): Sweep;
  /** Goes on with the sweep that was under way when the program last stopped; null where there is none, or its plan is another now. */
  goOn(): Sweep | null;
  readonly running: Sweep | null;
  /** Stops sending for a while, goes on, or ends the sweep; null where none is under way. */
  pause(): Sweep | null;
  resume(): Sweep | null;
  cancel(): Sweep | null;
  /** Resolves when no sweep runs any more. Never rejects: what went wrong is in the record. */
  ended(): Promise<void>;
}

/** A sweep's own parts. */
export type SweepParts = Omit<SweepRequest, 'onProgress' | 'gate'>;

export interface SweeperParts {
  db: Database;
  feed: Feed;
  clock: Clock;
  storage?: Pick<Storage, 'attempt' | 'insist'>;
  /** Asked anew for each sweep. */
  request: () => SweepParts;
  /** Called when the last sighting of a sweep has been emitted, before the record says that it has ended. */
  onHeardAll(): void;
  onEnd(sweep: Sweep, error: AppError | null): void;
}

interface Running {
  record: SweepRecord;
  gate: Gate;
  cancelling: AbortController;
}

export function createSweeper(parts: SweeperParts): Sweeper {
  const { db, clock } = parts;
  let running: Running | null = null;
  let work: Promise<void> = Promise.resolve();

  const begin = (request: SweepParts, plan: SweepPlan, first: Sweep): Sweep => {
    const now: Running = {
      record: keepRecord(parts, first),
      gate: createGate(),
      cancelling: new AbortController(),
    };
    running = now;
    if (first.state === 'paused') now.gate.shut();
    work = sweep(request, plan, now, parts).finally(() => (running = null));
    return now.record.sweep;
  };
  const change = (state: 'running' | 'paused', act: (gate: Gate) => void): Sweep | null => {
    if (running === null) return null;
    act(running.gate);
    running.record.change({ state });
    return running.record.sweep;
  };
  return {
    get running() {
      return running?.record.sweep ?? null;
    },
    ended: () => work,
    pause: () => change('paused', (gate) => gate.shut()),
    resume: () => change('running', (gate) => gate.open()),
    cancel() {
      running?.cancelling.abort();
      return running?.record.sweep ?? null;
    },
    start() {
      if (running !== null) return running.record.sweep;
      const request = parts.request();
      refuseEmpty(request);
      const plan = planFor(request);
      const first = firstRecord(plan, clock.now());
      return begin(request, plan, { ...first, id: startSweepRow(db, first) });
    },
    goOn() {
      const stopped = unfinishedSweep(db);
      const request = parts.request();
      const plan = stopped === null ? null : planFor(request, stopped.seed);
      const isSame = plan !== null && plan.fingerprint === stopped?.plan && !request.scope.isEmpty;
      const goesOn = isSame && clock.now() - stopped.startedAt < GOES_ON_WITHIN_MS;
      cancelUnfinishedSweeps(db, clock.now(), goesOn ? stopped : null);
      return goesOn ? begin(request, plan, stopped) : null;
    },
  };
}

function refuseEmpty({ scope }: SweepParts): void {
  if (scope.isEmpty)
    throw new AppError('SCOPE_REFUSED', 'Without a scope nothing is sent.', {
      hint: 'Say what may be audited: scope.include in the configuration.',
    });
}

const firstRecord = (plan: SweepPlan, at: number): Omit<Sweep, 'id'> => ({
  channel: 'sip-options',
  state: 'running',
  startedAt: at,
  endedAt: null,
  targets: plan.count,
  sent: 0,
  mostToSend: 0,
  answered: 0,
  refused: {},
  seed: plan.seed,
  plan: plan.fingerprint,
  position: 0,
  activeMs: 0,
  unsound: null,
});

async function sweep(
  request: SweepParts,
  plan: SweepPlan,
  { record, gate, cancelling }: Running,
  parts: SweeperParts,
): Promise<void> {
  const signal = AbortSignal.any([request.signal, cancelling.signal]);
  try {
    const report = await runSweep(
      { ...request, gate, signal, onProgress: (progress) => record.progress(progress) },
      plan,
      record.sweep.position,
    );
    parts.onHeardAll();
    record.heard(report);
    // What is only interrupted goes on at the next start.
    if (request.signal.aborted && !cancelling.signal.aborted) return;
    record.end(cancelling.signal.aborted ? 'cancelled' : 'done');
    parts.onEnd(record.sweep, null);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    record.end('failed');
    parts.onEnd(record.sweep, error);
  }
}

interface SweepRecord {
  readonly sweep: Sweep;
  progress(progress: Progress): void;
  change(change: Partial<Sweep>): void;
  heard(report: ChannelReport): void;
  end(state: Sweep['state']): void;
}

/** The row of one sweep in the store, and the feed's news of it. What went before, in an earlier run of it, is counted in. */
function keepRecord(parts: SweeperParts, first: Sweep): SweepRecord {
  const { db, feed, clock, storage = UNFORGIVING } = parts;
  let sweep = first;
  let toldAt = clock.monotonic();
  let countedAt = clock.monotonic();
  const write = (): void => updateSweepRow(db, sweep);
  const tell = (): void => {
    toldAt = clock.monotonic();
    feed.publish({ type: 'sweep', sweep });
  };
  /** Counts the time since the last look where it was under way. */
  const count = (): void => {
    const now = clock.monotonic();
    if (sweep.state === 'running') sweep = { ...sweep, activeMs: sweep.activeMs + now - countedAt };
    countedAt = now;
  };
  const change = (changes: Partial<Sweep>): void => {
    count();
    sweep = { ...sweep, ...changes };
    storage.insist(write);
    tell();
  };
  storage.insist(write);
  tell();
  return {
    get sweep() {
      return sweep;
    },
    change,
    progress({ sent, mostToSend, answered, position }) {
      count();
      sweep = {
        ...sweep,
        sent: first.sent + sent,
        mostToSend: first.sent + mostToSend,
        answered: first.answered + answered,
        position,
      };
      if (clock.monotonic() - toldAt < TELL_EVERY_MS) return;
      // The next one tells more.
      storage.attempt(write);
      tell();
    },
    heard: ({ sent, refused }) => change({ sent: first.sent + sent, refused: sum(first.refused, refused) }),
    end: (state) => change({ state, endedAt: clock.now() }),
  };
}

const sum = (
  before: Sweep['refused'],
  { ...more }: Partial<Record<string, number>>,
): Record<string, number> => {
  const all: Record<string, number> = { ...before };
  for (const [reason, count = 0] of Object.entries(more)) all[reason] = (all[reason] ?? 0) + count;
  return all;
};
