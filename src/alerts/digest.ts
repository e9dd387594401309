import { weekdayOf, type WallTime } from './wall-clock.ts';

/** When digests are made, in the site's time zone. */
export interface DigestTimes {
  every: 'off' | 'daily' | 'weekly';
  /** Minutes since midnight. */
  minute: number;
  /** 0 is Sunday; of a weekly one. */
  weekday: number;
}

/** Days from one digest to the next. */
const PERIODS = { daily: 1, weekly: 7 } as const;

export interface DigestStep {
  /** The wall-clock day of the latest digest, to be remembered. */
  day: number;
  isDue: boolean;
}

/**
 * Whether a digest is due now, `told` being the wall-clock day of the last one; null where there never was one, and then the next is the
 * first. A day has one digest whatever its clock shows twice or never, and after any downtime there is one.
 */
export function digestStep(times: DigestTimes, now: WallTime, told: number | null): DigestStep {
  if (times.every === 'off') return { day: told ?? now.day, isDue: false };
  const day = latestDay(times, now);
  if (told === null) return { day, isDue: false };
  if (day > told) return { day, isDue: true };
  // The clock may be set back by a day, and what was told is not told again. A last digest beyond the next one was told by a clock that was wrong.
  return { day: told > day + PERIODS[times.every] ? day : told, isDue: false };
}

/** The day of the latest digest that should have been made by now. In the hour that spring leaves out it is made right after it. */
function latestDay({ every, minute, weekday }: DigestTimes, now: WallTime): number {
  const day = now.minute >= minute ? now.day : now.day - 1;
  return every === 'weekly' ? day - ((weekdayOf(day) - weekday + 7) % 7) : day;
}
