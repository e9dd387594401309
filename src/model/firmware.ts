/** A firmware version as a value that can be compared. */
export interface OrderedFirmware {
  /** The part that names the hardware (Yealink 66 in 66.86.0.15), or null. There is no order across platforms. */
  platform: string | null;
  /** Numbers, and words in small letters, from left to right. */
  parts: readonly (number | string)[];
}

/** Reads the firmware texts of one vendor's devices; null for a text without an order, which is comparable with nothing. */
export interface FirmwareReader {
  read(
    of: { vendor?: string | undefined; family?: string | undefined },
    text: string,
  ): OrderedFirmware | null;
}

const PART = /\d+|[a-z]+/g;
const MOST_PARTS = 32;
// 15 digits are exact as a number; the longest group seen is a build date of 12 (Snom 710, 8.7.3.201309022318).
const MOST_DIGITS = 15;

/**
 * The parts of a version: `8.7.5.35` is 8, 7, 5, 35; `1.4.1(SR5)` is 1, 4, 1, sr, 5; `2_8_1` and `11-1-0MSR3` likewise. A leading v
 * means nothing. Null where there is no number, or one too long to be exact.
 */
export function firmwareParts(text: string): OrderedFirmware['parts'] | null {
  const parts =
    text
      .toLowerCase()
      .replace(/^v(?=\d)/, '')
      .match(PART) ?? [];
  if (!parts.some((part) => /^\d/.test(part)) || parts.length > MOST_PARTS) return null;
  if (parts.some((part) => /^\d/.test(part) && part.length > MOST_DIGITS)) return null;
  return parts.map((part) => (/^\d/.test(part) ? Number(part) : part));
}

/** Where nothing is known of how a vendor counts: no platform, all parts from left to right. */
export const plainFirmware: FirmwareReader = {
  read(_, text) {
    const parts = firmwareParts(text);
    return parts === null ? null : { platform: null, parts };
  },
};

/**
 * Negative when `a` is older, null when the two have no order: they are of different platforms, or one begins with a word where the
 * other begins with a number. Numbers are compared as numbers, a missing one is 0; a word comes after none (7.4.8 before 7.4.8a), but rc,
 * beta and their like before the version that they lead to.
 */
export function compareFirmware(a: OrderedFirmware, b: OrderedFirmware): number | null {
  if (a.platform !== null && b.platform !== null && a.platform !== b.platform) return null;
  if (typeof a.parts[0] !== typeof b.parts[0]) return null;
  const length = Math.max(a.parts.length, b.parts.length);
  for (let at = 0; at < length; at++) {
    const difference = compareParts(a.parts[at], b.parts[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Part = number | string | undefined;

const compareParts = (a: Part, b: Part): number =>
  rankOf(a) - rankOf(b) ||
  (typeof a === 'string' && typeof b === 'string' ? Number(a > b) - Number(a < b) : 0);

/** Words lie next to 0, which is also what a missing part counts: so the order has no circle. */
function rankOf(part: Part): number {
  if (typeof part !== 'string') return part ?? 0;
  return LEAD_TO_A_RELEASE.has(part) ? -0.5 : 0.5;
}

const LEAD_TO_A_RELEASE: ReadonlySet<string> = new Set(['dev', 'pre', 'alpha', 'beta', 'rc', 'preview']);
