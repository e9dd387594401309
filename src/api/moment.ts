import { AppError } from '../model/app-error.ts';
import type { Moment } from '../store/as-of.ts';
import { isoTime } from './contract/words.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * What is asked for of another day: what held at `at`, as it was known at `knownAt`, or at the same moment. Milliseconds since the epoch.
 * Throws AppError INPUT_INVALID for what lies ahead, and for what is kept no more.
 */
export function momentOf(
  { at, knownAt = at }: { at: number; knownAt?: number | undefined },
  { now, keepMs }: { now: number; keepMs: number },
): Moment {
  for (const time of [at, knownAt]) {
    if (time > now)
      throw new AppError('INPUT_INVALID', `${isoTime(time)} lies ahead: it is ${isoTime(now)}.`);
    if (time < now - keepMs)
      throw new AppError(
        'INPUT_INVALID',
        `${isoTime(time)} is too long ago: history is kept for ${Math.floor(keepMs / DAY_MS)} days (retention.historyDays).`,
      );
  }
  return { at, knownAt };
}
