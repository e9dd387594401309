import type { Static } from 'typebox';
import type { config as httpConfig } from '../channels/http/config.ts';
import type { Device } from '../model/device.ts';
import type { SiteId } from '../model/endpoint.ts';
import { mayAskPage } from '../model/page-safety.ts';
import type { Clock, StreamEndpoint } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';

type Settings = Pick<Static<typeof httpConfig>, 'schemes' | 'everyHours'>;

/** Which hosts were asked for their page, and when. It lives as long as the program: after a restart a host may be asked anew. */
export interface AskedHosts {
  /** Whether this host was not asked within the last `everyHours`. */
  isDue(address: string, everyHours: number): boolean;
  mark(address: string): void;
}

export function createAskedHosts(clock: Clock): AskedHosts {
  const askedAt = new Map<string, number>();
  return {
    isDue: (address, everyHours) =>
      clock.monotonic() - (askedAt.get(address) ?? -Infinity) >= everyHours * 3_600_000,
    mark: (address) => void askedAt.set(address, clock.monotonic()),
  };
}

export interface PagesToAsk {
  site: SiteId;
  scope: Scope;
  config: Settings;
  asked: Pick<AskedHosts, 'isDue'>;
}

const PLACES = {
  http: { transport: 'tcp', port: 80 },
  https: { transport: 'tls', port: 443 },
} as const;

/**
 * Where a page may fill a gap: at phones that are there, of a kind that bears it, whose model or firmware is not known. `devices` are
 * all of the site, as an address at which anything else was heard is left alone: one that was a door station's yesterday may be again.
 */
export function pagesToAsk(devices: readonly Device[], request: PagesToAsk): StreamEndpoint[] {
  const { site, scope, config, asked } = request;
  const forbidden = new Set(
    devices
      .filter(({ identity }) => !mayAskPage(identity.kind))
      .flatMap(({ endpoints }) => endpoints.map(({ address }) => address)),
  );
  const wanted = devices.filter(hasGap).flatMap((device) => confirmedAddress(device) ?? []);
  return [...new Set(wanted)]
    .filter((address) => !forbidden.has(address) && scope.includes(address))
    .filter((address) => asked.isDue(address, config.everyHours))
    .flatMap((address) => config.schemes.map((scheme) => ({ site, address, ...PLACES[scheme] })));
}

const hasGap = ({ status, identity }: Device): boolean =>
  status === 'present' && (identity.model === undefined || identity.firmware === undefined);

/**
 * Where the device was heard last; null where it has not itself answered there, or its PBX told so: a forged announcement sends us
 * nowhere. Besides, only an answer makes a device confirmed, and a page that says nothing should not.
 */
function confirmedAddress({ endpoints }: Device): string | null {
  const [latest] = [...endpoints].sort((a, b) => b.lastSeen - a.lastSeen);
  const isConfirmed = endpoints.some(({ address, solicited }) => solicited && address === latest?.address);
  return latest !== undefined && isConfirmed ? latest.address : null;
}
