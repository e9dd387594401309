import type { Clock } from '../platform/ports.ts';

const WINDOW_MS = 60_000;

/** Most messages in a minute. */
export interface Most {
  fromOne: number;
  fromAll: number;
}

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
