import type { Device, DeviceId } from '../model/device.ts';
import type { Identity } from '../model/identity.ts';

/** What one sighting says of who spoke. */
export interface Speaker {
  address: string;
  /** What the facts of this sighting alone assert. */
  identity: Partial<Identity>;
}

/** A device that may be the speaker, and what it last said on the channel of this sighting. */
export interface Candidate {
  device: Device;
  /** One for each endpoint that this channel knows of the device. */
  saidBefore: readonly Partial<Identity>[];
}

/**
 * Which known device a sighting belongs to, or null for a new one. A MAC decides wherever there is one; without it the address
 * does, unless the same channel heard another vendor or model there before: then the address has been given to another phone.
 */
export function resolve(
  speaker: Speaker,
  candidates: { byMac: readonly Device[]; byAddress: readonly Candidate[] },
): DeviceId | null {
  const byMac = candidates.byMac[0];
  if (speaker.identity.mac !== undefined && byMac !== undefined) return byMac.id;
  return candidates.byAddress.find((candidate) => mayBe(speaker, candidate))?.device.id ?? null;
}

function mayBe(speaker: Speaker, { device, saidBefore }: Candidate): boolean {
  const latest = device.endpoints.reduce<Device['endpoints'][number] | null>(
    (a, b) => (a === null || b.lastSeen > a.lastSeen ? b : a),
    null,
  );
  if (latest?.address !== speaker.address) return false;
  if (differ(speaker.identity.mac, device.identity.mac)) return false;
  // Two channels may disagree about one phone (a model's inner name in PnP, its marketing name in User-Agent): that is a conflict
  // to show, not a second phone.
  return saidBefore.every(
    (said) => !differ(said.vendor, speaker.identity.vendor) && !differ(said.model, speaker.identity.model),
  );
}

const differ = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;
