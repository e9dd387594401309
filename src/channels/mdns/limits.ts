import type { Clock } from '../../platform/ports.ts';

const WINDOW_MS = 60_000;

/** Most messages in a minute. */
export interface Most {
  fromOne: number;
  fromAll: number;
}

/** Everything that is read: the chatter of a big LAN fits, and reading this many of the worst takes half of one processor. */
export const MOST_READ: Most = { fromOne: 3000, fromAll: 30_000 };
/** What tells of a device: a host announces each service three times, and answers each of our questions on every interface. */
export const MOST_TAKEN: Most = { fromOne: 60, fromAll: 6000 };

/** News that nobody can prove is limited per source and in all, since sources can be forged. */
export interface Flood {
  isOver(source: string): boolean;
}

export function createFlood(clock: Clock, most: Most): Flood {
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
      if (total > most.fromAll) return true;
      const count = (bySource.get(source) ?? 0) + 1;
      bySource.set(source, count);
      return count > most.fromOne;
    },
  };
}
