import type { Clock } from '../../platform/ports.ts';

/** Nobody sleeps longer; a timer cannot be set for more than some weeks. */
const LONGEST_MS = 3_600_000;

/** A sleep that can be ended. */
export interface Alarm {
  /** Ends the sleep under way, or the next one before it begins. */
  ring(): void;
  /** Resolves after so much time, at most an hour; true where it was rung. */
  sleep(ms: number): Promise<boolean>;
}

export function createAlarm(clock: Clock): Alarm {
  let isRung = false;
  let sleeping = new AbortController();
  return {
    ring() {
      isRung = true;
      sleeping.abort();
    },
    async sleep(ms) {
      if (!isRung) {
        sleeping = new AbortController();
        await clock.sleep(Math.min(ms, LONGEST_MS), sleeping.signal);
      }
      const wasRung = isRung;
      isRung = false;
      return wasRung;
    },
  };
}
