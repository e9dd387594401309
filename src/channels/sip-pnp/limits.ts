import type { Clock } from '../../platform/ports.ts';

const MOST_REMEMBERED = 4096;

/** Remembers the latest few thousand keys. */
export interface Memory {
  /** False when the key was there already. */
  add(key: string): boolean;
}

export function createMemory(most = MOST_REMEMBERED): Memory {
  const keys = new Set<string>();
  return {
    add(key) {
      const isNew = !keys.delete(key);
      keys.add(key);
      if (keys.size > most) for (const oldest of keys) if (keys.delete(oldest)) break;
      return isNew;
    },
  };
}

const WINDOW_MS = 60_000;
/** A phone that boots sends five SUBSCRIBEs; one that boots in a loop stays under this too. */
const MOST_FROM_ONE = 30;
/** A building that boots after a power cut: a few hundred phones at once. */
const MOST_FROM_ALL = 6000;

/** Unsolicited news is limited per source and in all, since sources can be forged. */
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
