import type { Endpoint } from '../model/endpoint.ts';
import type { DeviceKind } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import { isFragile } from './asked-at.ts';

/** What a sweep learns of whom it must spare while it is under way: a door station that answered over UDP is not asked over TCP. */
export interface Sparing {
  note(sighting: Sighting): void;
  spares(to: Pick<Endpoint, 'address' | 'transport'>): boolean;
}

/** `kindOf` is what the rules make of one sighting. */
export function createSparing(kindOf: (sighting: Sighting) => DeviceKind | undefined): Sparing {
  const fragile = new Set<string>();
  return {
    note(sighting) {
      if (isFragile(kindOf(sighting))) fragile.add(sighting.from.address);
    },
    spares: ({ address, transport }) => transport !== 'udp' && fragile.has(address),
  };
}
