import type { Clock } from '../../platform/ports.ts';

const WINDOW_MS = 60_000;
/** A router announces each of some 40 devices and services two or three times in one burst, and answers our search beside it. */
const MOST_FROM_ONE = 300;
/** A LAN on which everything answers at once. */
const MOST_FROM_ALL = 6000;

/** News that nobody can prove is limited per source and in all, since sources can be forged. */
export interface Flood {
  isOver(source: string): boolean;
}

export function createFlood(clock: Clock): Flood {
  let startedAt = clock.monotonic();
  let total = 0;
  let bySource = new Map<string, number>();
  return {
    isOver(source) {
      if (clock.monotonic() - startedAt >= WINDOW_MS) {
        startedAt = clock.monotonic();
        total = 0;
        bySource = new Map();
      }
      total += 1;
      if (total > MOST_FROM_ALL) return true;
      const count = (bySource.get(source) ?? 0) + 1;
      bySource.set(source, count);
      return count > MOST_FROM_ONE;
    },
  };
}

/** Runs at most so many pieces of work at a time; the others wait in the order they came. */
export function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
