import type { Clock } from '../../src/platform/ports.ts';

/** A clock that stands still until it is moved; sleepers wake in the order of their time. */
export interface SimulatedClock extends Clock {
  /** Moves time on, waking who is due, and lets what they started run. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock by so much, forward or back, as a person or NTP does; also what is left of a machine's sleep, in Linux. */
  jump(ms: number): void;
  /** Lets time pass while the program is stopped (SIGSTOP): whoever is due meanwhile wakes when it is next moved. */
  freeze(ms: number): void;
}

export function createSimulatedClock(startAt = Date.UTC(2026, 10, 24)): SimulatedClock {
  let elapsed = 0;
  let jumped = 0;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => startAt + jumped + elapsed,
    monotonic: () => elapsed,
    turn: settle,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const end = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', end);
          resolve();
        };
        const sleeper = { at: elapsed + ms, wake };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', end);
      }),
    jump(ms) {
      jumped += ms;
    },
    freeze(ms) {
      elapsed += ms;
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter((sleeper) => sleeper.at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        elapsed = Math.max(elapsed, next.at);
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        next.wake();
        await settle();
      }
      elapsed = until;
    },
  };
}
