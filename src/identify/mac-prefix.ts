import type { Identity } from '../model/identity.ts';
import type { MacPrefix } from './rule.ts';

/** What a prefix asserts, in the form of a rule that fired. */
export interface PrefixHit {
  /** `mac-prefix.001565`. */
  rule: string;
  asserts: Partial<Identity>;
  certainty: number;
}

/** Finds who makes the device of a MAC address. */
export interface MacPrefixes {
  /** The longest prefix of 12 lower-case hex digits, or null. A block of 28 or 36 bits is not its 24-bit parent's (IEEE MA-M, MA-S). */
  find(mac: string): PrefixHit | null;
}

export function createMacPrefixes(prefixes: readonly MacPrefix[]): MacPrefixes {
  const hits = new Map(
    prefixes.map(({ prefix, vendor, certainty }): [string, PrefixHit] => [
      prefix,
      { rule: `mac-prefix.${prefix}`, asserts: { vendor }, certainty },
    ]),
  );
  const lengths = [...new Set(prefixes.map(({ prefix }) => prefix.length))].sort((a, b) => b - a);
  return {
    find(mac) {
      for (const length of lengths) {
        const hit = hits.get(mac.slice(0, length));
        if (hit !== undefined) return hit;
      }
      return null;
    },
  };
}
