import { OF_THE_LINK, type Device, type DeviceEndpoint, type DeviceId } from '../model/device.ts';
import type { Identifier } from '../model/identifier.ts';
import type { Identity } from '../model/identity.ts';

/** What one sighting says of who spoke. */
export interface Speaker {
  address: string;
  /** What the facts of this sighting alone assert. */
  identity: Partial<Identity>;
}

/** A device that may be the speaker, with all by which it is known. */
export interface Candidate {
  device: Device;
  identifiers: readonly Identifier[];
}

/** One that was heard at this address. `saidBefore` is what this channel last heard of it, one for each endpoint. */
export interface Neighbour extends Candidate {
  saidBefore: readonly Partial<Identity>[];
}

export interface Candidates {
  /** Those known by an identifier of the speaker, the surest identifier first, of each the last heard first. */
  known: readonly Candidate[];
  /** Those heard at this address, the last heard there first. */
  byAddress: readonly Neighbour[];
  /** Whether a person has said that two are not one. */
  areApart(a: DeviceId, b: DeviceId): boolean;
}

export interface Resolution {
  /** Null for a device that is not known yet. */
  device: DeviceId | null;
  /** Records that turn out to be this very device. */
  parts: readonly DeviceId[];
}

/**
 * Which known device a sighting belongs to. An identifier decides wherever there is one: a phone that moves stays the same device. Without
 * one the address does, unless the same channel heard another vendor or model there before: then the address has been given to another phone.
 */
export function resolve(speaker: Speaker, candidates: Candidates): Resolution {
  const { known, byAddress } = candidates;
  const [surest] = known;
  const whole = surest ?? byAddress.find((neighbour) => mayBe(speaker, neighbour));
  if (whole === undefined) return { device: null, parts: [] };
  const mayJoin = ({ device }: Candidate): boolean =>
    device.id !== whole.device.id && !candidates.areApart(device.id, whole.device.id);
  const others = known.slice(1).filter((other) => mayJoin(other) && isOne(whole, other, speaker));
  const weak =
    surest === undefined
      ? []
      : byAddress.filter(
          (other) => mayJoin(other) && mayBe(speaker, other) && wasItWithoutName(whole, other),
        );
  return {
    device: whole.device.id,
    parts: [...new Set([...others, ...weak].map(({ device }) => device.id))],
  };
}

function mayBe(speaker: Speaker, { device, saidBefore, identifiers }: Neighbour): boolean {
  if (trustedAddress(device, speaker.address) !== speaker.address) return false;
  const { mac } = speaker.identity;
  if (mac !== undefined && hasMac(identifiers) && !isKnownBy(identifiers, mac)) return false;
  // Two channels may disagree about one phone (a model's inner name in PnP, its marketing name in User-Agent): that is a conflict
  // to show, not a second phone.
  return saidBefore.every((said) => agree(said, speaker.identity));
}

/** Two records with identifiers of one message are one device, unless each has a MAC address of its own. */
const isOne = (whole: Candidate, other: Candidate, { address }: Speaker): boolean =>
  !(hasMac(whole.identifiers) && hasMac(other.identifiers)) &&
  agree(whole.device.identity, other.device.identity) &&
  (latestAddress(other.device, address) === address || !overlap(whole.device, other.device));

/**
 * Whether a record without any identifier is the one with: it was first heard where the other is now after that was last heard elsewhere,
 * or at its address of the other family.
 */
const wasItWithoutName = (whole: Candidate, other: Candidate): boolean =>
  other.identifiers.length === 0 &&
  agree(whole.device.identity, other.device.identity) &&
  !overlap(whole.device, other.device);

/** Whether two were heard at the same time at different addresses of one family: then they are two. */
const overlap = (a: Device, b: Device): boolean =>
  a.endpoints.some((one) =>
    b.endpoints.some(
      (two) =>
        one.address !== two.address &&
        isIPv6(one.address) === isIPv6(two.address) &&
        one.firstSeen <= two.lastSeen &&
        two.firstSeen <= one.lastSeen,
    ),
  );

const isIPv6 = (address: string): boolean => address.includes(':');

const hasMac = (identifiers: readonly Identifier[]): boolean =>
  identifiers.some(({ kind }) => kind === 'mac');
const isKnownBy = (identifiers: readonly Identifier[], mac: string): boolean =>
  identifiers.some(({ kind, value }) => kind === 'mac' && value === mac);

/** Where a device is, as far as nobody can have forged it: where it answered, or where the tables of the link have it. */
const trustedAddress = (device: Device, like: string): string | undefined =>
  latestAddress(
    {
      endpoints: device.endpoints.filter(
        ({ solicited, channels }) =>
          solicited || !device.solicited || channels.some((channel) => OF_THE_LINK.has(channel)),
      ),
    },
    like,
  );

/** The address of the family of `like` where a device was heard last. */
export const latestAddress = ({ endpoints }: Pick<Device, 'endpoints'>, like: string): string | undefined =>
  latest(endpoints.filter(({ address }) => isIPv6(address) === isIPv6(like)))?.address;

const latest = (endpoints: readonly DeviceEndpoint[]): DeviceEndpoint | undefined =>
  endpoints.reduce<DeviceEndpoint | undefined>(
    (a, b) => (a === undefined || b.lastSeen > a.lastSeen ? b : a),
    undefined,
  );

const agree = (a: Partial<Identity>, b: Partial<Identity>): boolean =>
  !differ(a.vendor, b.vendor) && !differ(a.model, b.model);

const differ = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;
