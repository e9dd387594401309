import type { DeliveryFault } from './sink.ts';

const FIRST_MS = 10_000;
const LONGEST_MS = 30 * 60_000;
/** The waits of many sites that lost the same receiver are spread by so much of their length. */
const JITTER = 0.2;

/** A message is given up after a day of attempts; after a sleep of days or a jump of the clock there must have been as many as this. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;
export const LEAST_FAILURES = 10;

/** Most messages that wait for a sink. */
export const MOST_WAITING = 1000;

/** A receiver that asks for more is asked again after a day. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** How long a sink is left alone after so many failures in a row: 10 s doubling to 30 min, and what the receiver asks for. */
export function waitAfter(failures: number, { retryAfterMs = 0 }: DeliveryFault, random: number): number {
  const backOff = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (1 + JITTER * random);
  return Math.round(Math.max(backOff, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS)));
}

/** Milliseconds until a sink may be tried again; 0 also where its last attempt lies ahead, for then the clock was set back. */
export const msUntilRetry = (
  { triedAt, waitMs }: { triedAt: number; waitMs: number },
  now: number,
): number => (triedAt > now ? 0 : Math.max(0, triedAt + waitMs - now));
