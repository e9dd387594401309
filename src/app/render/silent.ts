import type { Matcher } from '../../identify/match.ts';
import { hasAnswered } from '../../model/coverage.ts';
import type { Device } from '../../model/device.ts';
import { printable, type Language } from '../../model/text.ts';
import { say } from '../locale.ts';

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
    .filter((device) => !hasAnswered(device) && device.verdict.level !== 'not-applicable')
    .map(({ id, endpoints, identity: { vendor } }) => ({
      device: id,
      address: endpoints[0]?.address ?? '',
      vendor: vendor ?? null,
      allow: matcher.howToBeHeard(vendor)?.[language] ?? null,
    }));

/** A terminal shows so many; the rest is counted. */
const MOST_SHOWN = 20;

/** A line each: who is silent, and what to do about it. */
export function silentLines(silent: readonly SilentPhone[], language: Language): string[] {
  const rest = silent.length - MOST_SHOWN;
  return [
    ...silent.slice(0, MOST_SHOWN).map(({ address, vendor, allow }) => {
      const name = vendor === null ? say('not identified', language) : printable(vendor);
      return `${say('silent', language)}: ${name}, ${address}.${allow === null ? '' : ` ${printable(allow)}`}`;
    }),
    ...(rest > 0 ? [`${say('silent', language)}: +${rest}`] : []),
  ];
}
