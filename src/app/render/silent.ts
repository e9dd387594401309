import type { Matcher } from '../../identify/match.ts';
import { hasAnswered, isPhone } from '../../model/coverage.ts';
import type { Device } from '../../model/device.ts';
import { printable, type Language } from '../../model/text.ts';
import { say } from '../locale.ts';
import { someAddresses } from './some-addresses.ts';

/** A phone that is known to be there and answered no probe of ours: the shape in `summary.silent` (docs/json.md). */
export interface SilentPhone {
  device: string;
  address: string;
  vendor: string | null;
  /** How to let us be heard, in the language asked for; null where the rules do not say. */
  allow: string | null;
}

/** The phones that other channels know of, and that trust only their PBX, it seems. */
export const silentPhones = (
  devices: readonly Device[],
  matcher: Pick<Matcher, 'howToBeHeard'>,
  language: Language,
): SilentPhone[] =>
  devices
    .filter((device) => isPhone(device) && !hasAnswered(device))
    .map(({ id, endpoints, identity: { vendor } }) => ({
      device: id,
      address: endpoints[0]?.address ?? '',
      vendor: vendor ?? null,
      allow: matcher.howToBeHeard(vendor)?.[language] ?? null,
    }));

/** A terminal shows so many vendors, those with the most silent phones; the rest is counted. */
const MOST_SHOWN = 20;

/** A line for each vendor: who is silent, and what to do about it. */
export function silentLines(silent: readonly SilentPhone[], language: Language): string[] {
  const byVendor = [...Map.groupBy(silent, ({ vendor }) => vendor)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const rest = byVendor.slice(MOST_SHOWN).reduce((sum, [, phones]) => sum + phones.length, 0);
  return [
    ...byVendor.slice(0, MOST_SHOWN).map(([vendor, phones]) => {
      const name = vendor === null ? say('not identified', language) : printable(vendor);
      const allow = phones[0]?.allow ?? null;
      const advice = allow === null ? '' : ` ${printable(allow)}`;
      return `${say('silent', language)}: ${phones.length} ${name} (${someAddresses(phones)}).${advice}`;
    }),
    ...(rest > 0 ? [`${say('silent', language)}: +${rest}`] : []),
  ];
}
