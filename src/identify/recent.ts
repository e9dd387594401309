/**
 * Remembers what `make` gave for the latest keys: at least `size` of them, at most twice as many. Two generations do it: what is
 * asked for moves to the young one, and when that is full the old one is dropped whole.
 */
export function rememberRecent<T>(size: number, make: (key: string) => T): (key: string) => T {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return (key) => {
    const known = young.get(key);
    if (known !== undefined) return known;
    const value = old.get(key) ?? make(key);
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  };
}
