import type { Most } from '../flood.ts';

/**
 * From one: a router announces each of some 40 devices and services two or three times in one burst, and answers our search beside it.
 * From all: a LAN on which everything answers at once.
 */
export const MOST_TAKEN: Most = { fromOne: 300, fromAll: 6000 };

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
