import type { Clock } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { forgetBefore } from '../store/retention.ts';
import type { Storage } from './storage.ts';

const EVERY_MS = 3_600_000;

/** Only a clock that has run evenly for so long is believed to say what is old: one that was set a year ahead would take the history along. */
const EVEN_FOR_MS = 24 * 3_600_000;
const TOLERANCE_MS = 60_000;

/** Removes what is older than the retention time, once an hour and a portion at a time, until the signal aborts. */
export async function keepTidy(parts: {
  db: Database;
  storage: Pick<Storage, 'attempt'>;
  keepMs: number;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { db, storage, keepMs, clock, signal } = parts;
  const offset = (): number => clock.now() - clock.monotonic();
  const isEnding = (): boolean => signal.aborted;
  const forgetSome = (): boolean => {
    let isMore = false;
    storage.attempt(() => void (isMore = forgetBefore(db, clock.now() - keepMs)));
    return isMore;
  };
  let even = { since: clock.monotonic(), offset: offset() };
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, signal);
    if (Math.abs(offset() - even.offset) > TOLERANCE_MS)
      even = { since: clock.monotonic(), offset: offset() };
    const isBelieved = clock.monotonic() - even.since >= EVEN_FOR_MS;
    while (isBelieved && !isEnding() && forgetSome()) await clock.turn();
  }
}
