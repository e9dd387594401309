import type { Sighting } from '../model/sighting.ts';
import type { Clock } from '../platform/ports.ts';
import type { Intake } from './intake.ts';
import { STORAGE_PAUSE_MS, UNFORGIVING, type Storage } from './storage.ts';

/** Longest that a sighting waits for others to share its transaction. */
const WAIT_MS = 50;
const MOST_IN_ONE = 500;
/** More than this waiting means that the disk cannot keep up; further sightings are dropped and counted. */
const MOST_WAITING = 20_000;
/** A sweep that is faster than the disk is held up from here on. */
const BUSY_FROM = 4000;

/** Gathers sightings so that many share one transaction; what the disk refuses waits until it takes it. */
export interface Batches {
  add(sighting: Sighting): void;
  /** Writes all that waits, now, as far as the disk takes it. */
  flush(): void;
  readonly dropped: number;
  /** Whether so much waits that whoever asks for more should wait too. */
  readonly isBusy: boolean;
}

export function createBatches(
  intake: Pick<Intake, 'accept'>,
  clock: Clock,
  storage: Pick<Storage, 'attempt'> = UNFORGIVING,
): Batches {
  let waiting: Sighting[] = [];
  let isTimed = false;
  let dropped = 0;
  /** False where the disk refuses it. */
  const flushOne = (): boolean => {
    const ready = waiting.slice(0, MOST_IN_ONE);
    const isTaken = storage.attempt(() => intake.accept(ready));
    if (isTaken) waiting = waiting.slice(ready.length);
    return isTaken;
  };
  const flush = (): void => {
    while (waiting.length > 0 && flushOne());
  };
  /** Between two transactions whatever arrives is read: a whole network may be answering. */
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (flushOne()) await clock.turn();
      else await clock.sleep(STORAGE_PAUSE_MS);
    }
  };
  return {
    flush,
    get dropped() {
      return dropped;
    },
    get isBusy() {
      return waiting.length >= BUSY_FROM;
    },
    add(sighting) {
      if (waiting.length >= MOST_WAITING) {
        dropped += 1;
        return;
      }
      waiting.push(sighting);
      if (isTimed) return;
      isTimed = true;
      void clock
        .sleep(WAIT_MS)
        .then(drain)
        .then(() => (isTimed = false));
    },
  };
}
