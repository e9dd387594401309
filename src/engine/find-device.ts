import type { Matcher } from '../identify/match.ts';
import { OF_THE_LINK, type Device } from '../model/device.ts';
import type { Identifier } from '../model/identifier.ts';
import type { Identity } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import { resolve, type Candidate, type Resolution } from '../resolve/resolve.ts';
import type { Database } from '../store/database.ts';
import { devicesByAddress, devicesByIds } from '../store/devices.ts';
import { devicesKnownBy, identifiersOf } from '../store/identifiers.ts';
import { areApart } from '../store/identity-acts.ts';
import { latestSightings } from '../store/sightings.ts';

/** What is known of the world that one sighting comes from. */
export interface Found extends Resolution {
  /** The device that spoke, and all others that were heard at its address. */
  whole: Device | null;
  atAddress: readonly Device[];
}

/** Reads who may have spoken, and asks which of them it was. */
export function findDevice(
  db: Database,
  matcher: Matcher,
  sighting: Sighting,
  speaker: { identity: Partial<Identity>; identifiers: readonly Identifier[] },
): Found {
  const { site, address } = sighting.from;
  const toCandidate = (device: Device): Candidate => ({ device, identifiers: identifiersOf(db, device.id) });
  const names = [...new Set(speaker.identifiers.flatMap((one) => devicesKnownBy(db, site, one)))];
  const byName = new Map(devicesByIds(db, names).map((device) => [device.id, device]));
  const atAddress = devicesByAddress(db, site, address);
  const resolution = resolve(
    { address, identity: speaker.identity },
    {
      known: names.flatMap((id) => byName.get(id) ?? []).map(toCandidate),
      byAddress: atAddress.map((device) => ({
        ...toCandidate(device),
        saidBefore: latestSightings(db, device.id)
          .filter((heard) => heard.channel === sighting.channel)
          .map((heard) => matcher.combine(matcher.match(heard.facts, heard.solicited)).identity),
      })),
      areApart: (a, b) => areApart(db, a, b),
    },
  );
  const whole =
    byName.get(resolution.device ?? '') ?? atAddress.find(({ id }) => id === resolution.device) ?? null;
  // What anybody may have sent joins no two devices that have answered.
  const mayJoin = sighting.solicited || OF_THE_LINK.has(sighting.channel);
  const parts = resolution.parts.filter(
    (id) => mayJoin || !isConfirmed(whole, atAddress, byName.get(id), id),
  );
  return { device: resolution.device, parts, whole, atAddress };
}

const isConfirmed = (
  whole: Device | null,
  atAddress: readonly Device[],
  named: Device | undefined,
  id: string,
): boolean =>
  whole?.solicited === true || (named ?? atAddress.find((device) => device.id === id))?.solicited === true;
