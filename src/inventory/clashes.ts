import type { Device, DeviceEndpoint } from '../model/device.ts';
import type { Sighting } from '../model/sighting.ts';
import { event, nameOf, type FindingDraft } from './advance.ts';

/** Who is heard here, then there, then here again within this time is in both places. */
export const AT_ONCE_MS = 2 * 3_600_000;

/** A place and when it was heard last before the sighting in question. */
export interface PlaceBefore {
  address: string;
  lastSeen: number;
}

/**
 * One device at two places at once: it speaks where it was heard before, and meanwhile it was heard elsewhere. Where only unsolicited
 * messages came from there, somebody may be pretending. Null where it is not so, or has an address of either family.
 */
export function twoPlaces(
  device: Device,
  here: PlaceBefore | null,
  { at, solicited, from }: Sighting,
): FindingDraft | null {
  if (here === null || !solicited || at - here.lastSeen > AT_ONCE_MS) return null;
  const elsewhere = device.endpoints
    .filter(({ address, lastSeen }) => isElsewhere(address, from.address) && lastSeen > here.lastSeen)
    .toSorted((a, b) => b.lastSeen - a.lastSeen);
  const [rival] = elsewhere;
  if (rival === undefined) return null;
  // All of one host's news stands under one address: a stranger there has never answered us.
  const isSolicited = device.endpoints.some(
    ({ address, solicited: yes }) => address === rival.address && yes,
  );
  const places = { before: from.address, after: rival.address };
  if (isSolicited)
    return event(at, { kind: 'duplicate-mac', about: device.identity.mac ?? device.id, ...places });
  return event(at, {
    kind: 'spoof-suspected',
    about: rival.address,
    after: `${nameOf(device.identity) ?? device.id} ${device.identity.mac ?? ''}`.trim(),
  });
}

const isElsewhere = (address: string, from: string): boolean =>
  address !== from && address.includes(':') === from.includes(':');

/** Two devices at one place at once: one speaks where it was heard before, and meanwhile another was heard at that very place. */
export function twoDevices(
  device: Device,
  here: PlaceBefore | null,
  others: readonly { device: Device; endpoint: DeviceEndpoint }[],
  { at, from }: Sighting,
): FindingDraft | null {
  if (here === null || at - here.lastSeen > AT_ONCE_MS) return null;
  const rival = others.find(({ endpoint }) => endpoint.lastSeen > here.lastSeen);
  if (rival === undefined) return null;
  const describe = ({ id, identity }: Device): string => identity.mac ?? nameOf(identity) ?? id;
  return event(at, {
    kind: 'duplicate-address',
    about: from.address,
    before: describe(rival.device),
    after: describe(device),
  });
}
