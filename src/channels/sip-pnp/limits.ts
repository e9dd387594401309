import type { Most } from '../flood.ts';

/**
 * From one: a phone that boots sends five SUBSCRIBEs, and one that boots in a loop stays under this too. From all: a building that
 * boots after a power cut, a few hundred phones at once.
 */
export const MOST_TAKEN: Most = { fromOne: 30, fromAll: 6000 };

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
