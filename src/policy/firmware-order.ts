/** A firmware version that has an order: dotted numbers, then at most one letter (`7.5.2b`). */
export interface FirmwareVersion {
  groups: readonly number[];
  letter: string;
}

// 15 digits are exact as a number; the longest group seen is a build date of 12 (snom 710, 8.7.3.201309022318).
const ORDERED = /^\d{1,15}(?:\.\d{1,15})*([a-z]?)$/;

/** Reads a firmware text, or null when it has no order we know: it is then comparable with nothing, and never compared as text. */
export function parseFirmware(text: string): FirmwareVersion | null {
  const letter = ORDERED.exec(text)?.[1];
  if (letter === undefined) return null;
  return { groups: text.split('.').map((group) => parseInt(group, 10)), letter };
}

/** Negative when `a` is older: groups as integers from left to right, a missing one is 0, then none < a < b (Cisco SPA 7.4.8 < 7.4.8a). */
export function compareFirmware(a: FirmwareVersion, b: FirmwareVersion): number {
  const length = Math.max(a.groups.length, b.groups.length);
  for (let i = 0; i < length; i++) {
    const difference = (a.groups[i] ?? 0) - (b.groups[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(a.letter > b.letter) - Number(a.letter < b.letter);
}
