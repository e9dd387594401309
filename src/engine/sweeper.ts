import type { Progress } from '../channels/channel.ts';
import { AppError } from '../model/app-error.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Clock } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { startSweepRow, updateSweepRow } from '../store/sweeps.ts';
import type { Feed } from './feed.ts';
import { runSweep, targetsOf, type SweepRequest } from './sweep.ts';

/** Progress is written and told at most this often. */
const TELL_EVERY_MS = 250;

/** Runs one sweep at a time, and keeps its record. */
export interface Sweeper {
  /** Starts a sweep, or returns the one that is running. Throws AppError SCOPE_REFUSED where nothing may be sent. */
  start(): Sweep;
  readonly running: Sweep | null;
  /** Resolves when no sweep runs any more. Never rejects: what went wrong is in the record. */
  ended(): Promise<void>;
}

export interface SweeperParts {
  db: Database;
  feed: Feed;
  clock: Clock;
  /** A sweep's own parts; asked anew for each sweep. */
  request: () => Omit<SweepRequest, 'onProgress'>;
  /** Called when the last sighting of a sweep has been emitted, before the record says that it has ended. */
  onHeardAll(): void;
  onEnd(sweep: Sweep, error: AppError | null): void;
}

export function createSweeper(parts: SweeperParts): Sweeper {
  let running: Sweep | null = null;
  let work: Promise<void> = Promise.resolve();

  return {
    get running() {
      return running;
    },
    ended: () => work,
    start() {
      if (running !== null) return running;
      const request = parts.request();
      if (request.scope.isEmpty)
        throw new AppError('SCOPE_REFUSED', 'Without a scope nothing is sent.', {
          hint: 'Say what may be audited: scope.include in the configuration.',
        });
      const targets = targetsOf(request);
      const record = keepRecord(parts, targets.length, (sweep) => (running = sweep));
      work = sweep(request, targets, record, parts).finally(() => (running = null));
      return record.sweep;
    },
  };
}

async function sweep(
  request: Omit<SweepRequest, 'onProgress'>,
  targets: ReturnType<typeof targetsOf>,
  record: SweepRecord,
  parts: SweeperParts,
): Promise<void> {
  try {
    const report = await runSweep(
      { ...request, onProgress: (progress) => record.progress(progress) },
      targets,
    );
    parts.onHeardAll();
    record.end({
      state: request.signal.aborted ? 'cancelled' : 'done',
      sent: report.sent,
      refused: report.refused,
    });
    parts.onEnd(record.sweep, null);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    record.end({ state: 'failed' });
    parts.onEnd(record.sweep, error);
  }
}

interface SweepRecord {
  readonly sweep: Sweep;
  progress(progress: Progress): void;
  end(change: Pick<Sweep, 'state'> & Partial<Sweep>): void;
}

/** The row of one sweep in the store, and the feed's news of it. */
function keepRecord(
  { db, feed, clock }: SweeperParts,
  targets: number,
  onChange: (sweep: Sweep) => void,
): SweepRecord {
  const first = {
    channel: 'sip-options',
    state: 'running' as const,
    startedAt: clock.now(),
    endedAt: null,
    targets,
    sent: 0,
    mostToSend: 0,
    answered: 0,
    refused: {},
  };
  let sweep: Sweep = { ...first, id: startSweepRow(db, first) };
  let toldAt = -Infinity;
  const tell = (): void => {
    toldAt = clock.monotonic();
    updateSweepRow(db, sweep);
    feed.publish({ type: 'sweep', sweep });
  };
  onChange(sweep);
  return {
    get sweep() {
      return sweep;
    },
    progress(progress) {
      sweep = { ...sweep, ...progress };
      onChange(sweep);
      if (clock.monotonic() - toldAt >= TELL_EVERY_MS) tell();
    },
    end(change) {
      sweep = { ...sweep, ...change, endedAt: clock.now() };
      onChange(sweep);
      tell();
    },
  };
}
