import type { Place } from '../channels/sip-options/places.ts';
import type { Device, DeviceEndpoint } from '../model/device.ts';
import type { DeviceKind } from '../model/identity.ts';
import type { Scope } from '../scope/scope.ts';
import { mayAskSip } from '../scope/sip-ports.ts';
import type { HostPlaces } from './plan.ts';

/** They watch who connects, and ban: one transport and one port (the promise not to do harm). */
const WATCHFUL: ReadonlySet<DeviceKind | undefined> = new Set(['pbx', 'proxy']);
/** A door, a lift or an alarm depends on them: they are asked over UDP alone. */
const FRAGILE: ReadonlySet<DeviceKind | undefined> = new Set(['door-intercom', 'pager-speaker']);

export const isFragile = (kind: DeviceKind | undefined): boolean => FRAGILE.has(kind);

/** Most ports of one host that are asked because something told of them: whoever forges announcements makes us send no more. */
const MOST_LEARNT = 4;

export interface AskedAtParts {
  devices: readonly Device[];
  /** IPv6 addresses that devices have given as their own. */
  announced: readonly string[];
  /** Addresses that are sent nothing now. */
  leftAlone: ReadonlySet<string>;
  scope: Scope;
  /** Where every host is asked. */
  places: readonly Place[];
}

/**
 * Which hosts are asked elsewhere than most: known ports and IPv6 addresses as well, PBXs at one place, fragile devices over UDP, and
 * who is left alone nowhere. What a message told of itself counts only for the address that it came from.
 */
export function askedAt({
  devices,
  announced,
  leftAlone,
  scope,
  places,
}: AskedAtParts): Map<string, HostPlaces> {
  const hosts = new Map<string, HostPlaces>(announced.map((address) => [address, { instead: places }]));
  for (const { identity, endpoints } of devices)
    for (const [address, own] of Map.groupBy(endpoints, ({ address: of }) => of)) {
      const where = placesOf(identity.kind, own, places, scope.isSwept(address));
      if (where !== null) hosts.set(address, where);
    }
  for (const address of leftAlone) hosts.set(address, { instead: [] });
  return hosts;
}

/** Null where the host is asked like most. */
function placesOf(
  kind: DeviceKind | undefined,
  endpoints: readonly DeviceEndpoint[],
  places: readonly Place[],
  isSwept: boolean,
): HostPlaces | null {
  const known = learnt(endpoints);
  if (WATCHFUL.has(kind)) return { instead: [...known, ...places].slice(0, 1) };
  if (isFragile(kind)) return { instead: distinct([...places, ...known]).filter(isUdp) };
  if (!isSwept) return { instead: distinct([...places, ...known]) };
  const also = known.filter((one) => !places.some((place) => isSame(one, place)));
  return also.length === 0 ? null : { also };
}

/** Where a host was heard, what answered us first, then the latest. */
const learnt = (endpoints: readonly DeviceEndpoint[]): Place[] =>
  [...endpoints]
    .sort((a, b) => Number(b.solicited) - Number(a.solicited) || b.lastSeen - a.lastSeen)
    .filter(({ solicited, port }) => solicited || mayAskSip(port))
    .slice(0, MOST_LEARNT)
    .map(({ transport, port }) => ({ transport, port }));

const isUdp = ({ transport }: Place): boolean => transport === 'udp';
const isSame = (a: Place, b: Place): boolean => a.port === b.port && a.transport === b.transport;
const distinct = (places: readonly Place[]): Place[] =>
  places.filter((place, index) => places.findIndex((other) => isSame(place, other)) === index);
