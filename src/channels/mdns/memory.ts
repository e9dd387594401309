const MOST_REMEMBERED = 4096;

/** Remembers the latest few thousand keys. */
export interface Memory {
  add(key: string): void;
  has(key: string): boolean;
}

export function createMemory(most = MOST_REMEMBERED): Memory {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    add(key) {
      keys.delete(key);
      keys.add(key);
      if (keys.size > most) for (const oldest of keys) if (keys.delete(oldest)) break;
    },
  };
}
