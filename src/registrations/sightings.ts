import type { SiteId } from '../model/endpoint.ts';
import type { Fact, Field } from '../model/fact.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Registration } from './registration.ts';

/** The name that endpoints show as the way in which they were heard. */
export const CHANNEL = 'registrations';

/** Where and when registrations are taken in, and the network arithmetic that this room has not. */
export interface Place {
  site: SiteId;
  /** Milliseconds since the epoch, UTC. */
  at: number;
  /** Canonical text of an address; null for a host name, which is never looked up. */
  readAddress(text: string): string | null;
  isInScope(address: string): boolean;
}

/** Why a registration becomes no sighting. */
export type Refusal = 'unreadable' | 'out-of-scope' | 'duplicate';

/**
 * Registrations as sightings, and what became none, by reason. They count as answers (`solicited`): nobody on the LAN can forge
 * what the PBX tells us over a connection that we opened and logged in on (docs/decisions/0007). The account, the contact and the
 * PBX's own bytes name people, so nothing of them goes further than this function.
 */
export function toSightings(
  registrations: readonly Registration[],
  place: Place,
): { sightings: Sighting[]; refused: Partial<Record<Refusal, number>> } {
  const sightings = new Map<string, Sighting>();
  const refused: Partial<Record<Refusal, number>> = {};
  const refuse = (reason: Refusal): void => void (refused[reason] = (refused[reason] ?? 0) + 1);
  for (const registration of registrations) {
    const address = place.readAddress(registration.address);
    if (address === null) refuse('unreadable');
    else if (!place.isInScope(address)) refuse('out-of-scope');
    else {
      const { transport, port } = registration;
      const facts = factsOf(registration);
      // The lines of one phone are accounts of their own to the PBX, and the same phone to us.
      const key = JSON.stringify([address, port, transport, facts]);
      if (sightings.has(key)) refuse('duplicate');
      sightings.set(key, {
        channel: CHANNEL,
        at: place.at,
        from: { site: place.site, transport, address, port },
        solicited: true,
        facts,
        raw: new Uint8Array(0),
      });
    }
  }
  return { sightings: [...sightings.values()], refused };
}

function factsOf({ userAgent, instance, mac }: Registration): Fact[] {
  const facts: (readonly [Field, string | null])[] = [
    ['sip.user_agent', userAgent],
    ['sip.instance', instance],
    ['registration.mac', mac],
  ];
  return facts.flatMap(([field, value]) => (value === null ? [] : [{ field, value }]));
}
