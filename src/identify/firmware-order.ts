import {
  firmwareParts,
  plainFirmware,
  type FirmwareReader,
  type OrderedFirmware,
} from '../model/firmware.ts';
import { bounded } from '../model/text.ts';
import { rememberRecent } from './recent.ts';
import type { FirmwareScheme } from './rule.ts';

/** Versions of one vendor that are remembered: a fleet has some dozens. */
const REMEMBERED_VERSIONS = 128;

/**
 * Reads firmware as the schemes of its vendor say. The first scheme that fits decides (the self-test lets no two of them read their
 * examples differently). Where a vendor has schemes for a family and none fits, the version has no order; where it has none at all,
 * its parts are compared from left to right.
 */
export function createFirmwareReader(schemes: readonly FirmwareScheme[]): FirmwareReader {
  const byVendor = Map.groupBy(schemes, ({ vendor }) => vendor);
  const readers = new Map(
    [...byVendor].map(([vendor, theirs]) => [vendor, rememberRecent(REMEMBERED_VERSIONS, readWith(theirs))]),
  );
  return {
    read(of, text) {
      const reader = readers.get(of.vendor ?? '');
      return reader === undefined ? plainFirmware.read(of, text) : reader(`${of.family ?? ''}\n${text}`);
    },
  };
}

/** The key is the family (or nothing) and the text, with a line break between. */
const readWith =
  (schemes: readonly FirmwareScheme[]) =>
  (key: string): OrderedFirmware | null => {
    const end = key.indexOf('\n');
    const [family, text] = [key.slice(0, end), bounded(key.slice(end + 1))];
    const theirs = schemes.filter(({ families }) => families === null || families.includes(family));
    if (theirs.length === 0) return plainFirmware.read({}, text);
    for (const scheme of theirs) {
      const matcher = scheme.pattern.matcher(text);
      if (!matcher.matches()) continue;
      const parts = firmwareParts(matcher.group('version') ?? '');
      const platform = scheme.hasPlatform ? matcher.group('platform') : null;
      return parts === null ? null : { platform: platform ?? null, parts };
    }
    return null;
  };
