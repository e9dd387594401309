import type { Clock, LinkSystem } from '../platform/ports.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import { isWithin, type DailyHours } from '../model/daily-hours.ts';
import type { Scope } from '../scope/scope.ts';
import { onLinkOf } from './link-window.ts';

/** What is left alone, other than whole networks for good: a device by its MAC address, or a network at some hours of the day. */
export interface Exclusion {
  /** 12 lower-case hex digits. */
  mac?: string;
  /** Addresses of a network, range or address; all of the scope where it is missing. */
  covers?: (address: string) => boolean;
  /** In the site's time zone; always where it is missing. */
  between?: DailyHours;
  because: string;
}

export interface Exclusions {
  /** Whether a device is excluded by its MAC address, so that the address behind it has to be known before anything is sent. */
  readonly byMac: boolean;
  excludes(address: string): boolean;
}

/** How often MAC addresses and the time of day are looked at anew. */
const LOOK_EVERY_MS = 1000;

export function createExclusions(parts: {
  entries: readonly Exclusion[];
  timezone: string;
  clock: Clock;
  link: Pick<LinkSystem, 'macs'>;
  networks: () => readonly LocalNetwork[];
  /** Addresses at which the inventory knows these MAC addresses. */
  addressesOf: (macs: readonly string[]) => ReadonlySet<string>;
}): Exclusions {
  const { entries, clock, link } = parts;
  const excludedMacs = entries.flatMap(({ mac }) => mac ?? []);
  const byMac = excludedMacs.length > 0;
  const minuteOf = minuteIn(parts.timezone);
  let lookedAt = -Infinity;
  let active: readonly Exclusion[] = [];
  let macs: ReadonlyMap<string, string> | null = null;
  let inventory: ReadonlySet<string> = new Set();
  let isOnLink: (address: string) => boolean = () => false;

  const look = (): void => {
    if (clock.monotonic() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = clock.monotonic();
    const minute = minuteOf(clock.now());
    active = entries.filter(({ between }) => between === undefined || isWithin(between, minute));
    if (!byMac) return;
    macs = link.macs();
    inventory = parts.addressesOf(excludedMacs);
    isOnLink = onLinkOf(parts.networks());
  };
  /** Of a link, nobody is sent anything whose MAC address is not known yet: it may be the excluded one. */
  const isMac = (address: string, mac: string): boolean =>
    inventory.has(address) ||
    macs?.get(address) === mac ||
    (macs !== null && !macs.has(address) && isOnLink(address));
  return {
    byMac,
    excludes(address) {
      if (entries.length === 0) return false;
      look();
      return active.some(
        ({ mac, covers }) => (mac === undefined || isMac(address, mac)) && covers?.(address) !== false,
      );
    },
  };
}

/** The same scope, of which nothing excluded is a part at this moment. */
export const withExclusions = (scope: Scope, exclusions: Exclusions): Scope => ({
  ...scope,
  includes: (address) => scope.includes(address) && !exclusions.excludes(address),
});

/** The minute of the day at a place, for milliseconds since the epoch. Where nobody asks, the 8 MB of calendars stay unloaded. */
function minuteIn(timezone: string): (now: number) => number {
  let format: Intl.DateTimeFormat | undefined;
  return (now) => {
    format ??= new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const [hour = 0, minute = 0] = format.format(now).split(':').map(Number);
    return hour * 60 + minute;
  };
}
