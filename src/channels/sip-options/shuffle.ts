import { randomInt } from 'node:crypto';

/** A copy in random order (Fisher-Yates): neighbouring hosts, often behind one switch port, are not asked in one burst. */
export function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
