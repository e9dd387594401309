import { createHash } from 'node:crypto';
import type { Targets } from '../channels/channel.ts';
import type { Place } from '../channels/sip-options/places.ts';
import type { Endpoint, SiteId } from '../model/endpoint.ts';
import type { Scope } from '../scope/scope.ts';
import { createOrder } from './order.ts';

/** Where single hosts are asked, other than most. */
export interface HostPlaces {
  /** Instead of the places that all are asked at; none at all for a host that is left alone. */
  instead?: readonly Place[];
  /** Beside them. */
  also?: readonly Place[];
}

export interface PlanRequest {
  site: SiteId;
  scope: Scope;
  /** Where every host is asked, in the order of asking. */
  places: readonly Place[];
  /** By address. Those outside the scope are passed over. */
  hosts?: ReadonlyMap<string, HostPlaces>;
  seed: number;
}

/** What a sweep asks and in which order, by number; a plan of the same request is the same plan. */
export interface SweepPlan extends Targets {
  readonly seed: number;
  /** How many endpoints are asked. */
  readonly count: number;
  /** What the plan was made of, hashed: a sweep that was stopped goes on only with the plan that it began. */
  readonly fingerprint: string;
}

/**
 * All hosts at the first place, then all at the next, so that one host's ports are far apart in time; each time in the same order, which
 * is random to whoever looks at the network.
 */
export function planSweep(request: PlanRequest): SweepPlan {
  const { site, scope, places, seed } = request;
  const hosts = new Map([...(request.hosts ?? [])].filter(([address]) => scope.includes(address)));
  const swept = scope.sweptCount;
  const inOrder = createOrder(swept, seed);
  const others = [...hosts].flatMap(([address, { instead = [], also = [] }]) =>
    [...instead, ...also].map((place): Endpoint => ({ site, address, ...place })),
  );
  const regular = swept * places.length;
  const isOwn = (address: string): boolean => hosts.get(address)?.instead !== undefined;
  return {
    seed,
    length: regular + others.length,
    count: regular - countOwn(scope, hosts) * places.length + others.length,
    fingerprint: fingerprintOf(request),
    at(index) {
      if (index >= regular) return others[index - regular];
      const place = places[Math.floor(index / swept)];
      const address = scope.addressAt(inOrder(index % swept));
      if (place === undefined || address === undefined || isOwn(address)) return undefined;
      return { site, address, transport: place.transport, port: place.port };
    },
  };
}

/** How many hosts that a sweep would meet anyway are asked elsewhere instead. */
function countOwn(scope: Scope, hosts: ReadonlyMap<string, HostPlaces>): number {
  return [...hosts].filter(([address, { instead }]) => instead !== undefined && scope.isSwept(address))
    .length;
}

/** Single hosts are left out: what is known of them changes from day to day, and the numbers of the others do not. */
const fingerprintOf = ({ scope, places }: PlanRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([scope.include, scope.exclude, places]))
    .digest('hex')
    .slice(0, 32);

/**
 * Where hosts listen that were not known to before a sweep, so that it has not asked there: ports and IPv6 addresses that were
 * announced meanwhile.
 */
export function placesLearnt({
  site,
  scope,
  before,
  after,
}: {
  site: SiteId;
  scope: Scope;
  before: ReadonlyMap<string, HostPlaces>;
  after: ReadonlyMap<string, HostPlaces>;
}): Endpoint[] {
  return [...after].flatMap(([address, { instead = [], also = [] }]) => {
    const asked = before.get(address);
    const isSwept = scope.isSwept(address);
    // A host that a person named ports for is asked nowhere else; one that turned out to be a PBX or a door station neither.
    if (!scope.includes(address) || (isSwept && asked?.instead !== undefined)) return [];
    const known = [...(asked?.instead ?? []), ...(asked?.also ?? [])];
    return (isSwept ? also : instead)
      .filter(
        (place) => !known.some(({ port, transport }) => port === place.port && transport === place.transport),
      )
      .map((place): Endpoint => ({ site, address, ...place }));
  });
}
