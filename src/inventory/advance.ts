import type { Device, DeviceState } from '../model/device.ts';
import { isoTime } from '../model/iso-time.ts';
import type { Finding, FindingCause } from '../model/finding.ts';
import type { Evidence, Identification, Identity } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Verdict } from '../model/verdict.ts';

/** What was known of a device before a sighting. */
export interface Before {
  device: Device;
  conflicts: readonly Evidence[];
  /** Where it was heard last, of the family of this sighting's address; null where nowhere. */
  address: string | null;
}

/** What is concluded after it. */
export interface After {
  identification: Identification;
  verdict: Verdict;
}

/** A finding before the journal has given it a number; the device is known to whoever asked. */
export type FindingDraft = Omit<Finding, 'seq' | 'device' | 'sighting'>;

/** The device's next state and what of the change has happened. Pure: the same sightings give the same findings. */
export function advance(
  before: Before | null,
  after: After,
  sighting: Sighting,
): { state: DeviceState; findings: FindingDraft[] } {
  const state: DeviceState = {
    site: sighting.from.site,
    identity: after.identification.identity,
    confidence: after.identification.confidence,
    verdict: after.verdict,
    status: 'present',
    solicited: sighting.solicited || (before?.device.solicited ?? false),
    firstSeen: Math.min(before?.device.firstSeen ?? sighting.at, sighting.at),
    lastSeen: Math.max(before?.device.lastSeen ?? sighting.at, sighting.at),
  };
  const changes: Change[] =
    before === null
      ? [{ kind: 'appeared', after: nameOf(state.identity) }]
      : [...returnOf(before.device), ...changesOf(before.device, state), ...moveOf(before, sighting)];
  const conflicts = newConflicts(before?.conflicts ?? [], after.identification);
  return { state, findings: [...changes, ...conflicts].map((change) => event(sighting.at, change)) };
}

type Change = Pick<Finding, 'kind'> & Partial<Pick<Finding, 'before' | 'after' | 'cause' | 'about'>>;

/** Something that has happened. */
export const event = (at: number, change: Change): FindingDraft => ({
  at,
  state: 'raised',
  about: null,
  cause: null,
  before: null,
  after: null,
  ...change,
});

const returnOf = ({ status, lastSeen }: Device): Change[] =>
  status === 'gone' ? [{ kind: 'returned', before: isoTime(lastSeen) }] : [];

/**
 * What of a device has changed. A value that was not known before and now is, is no change of the device: we learnt something. `judgedBy`
 * is who changed their mind where it was not the device.
 */
export function changesOf(before: DeviceState, after: DeviceState, judgedBy?: FindingCause): Change[] {
  const changes: Change[] = [];
  const isOther =
    changed(before.identity.vendor, after.identity.vendor) ||
    changed(before.identity.model, after.identity.model);
  const isUpdated = changed(before.identity.firmware, after.identity.firmware);
  if (isOther)
    changes.push({
      kind: 'identity-changed',
      before: nameOf(before.identity),
      after: nameOf(after.identity),
      cause: judgedBy ?? null,
    });
  else if (isUpdated)
    changes.push({
      kind: 'firmware-changed',
      before: before.identity.firmware ?? null,
      after: after.identity.firmware ?? null,
      cause: judgedBy ?? null,
    });
  if (before.verdict.level !== after.verdict.level)
    changes.push({
      kind: 'level-changed',
      before: before.verdict.level,
      after: after.verdict.level,
      cause: judgedBy ?? (isUpdated && !isOther ? 'firmware' : 'identity'),
    });
  return changes;
}

const changed = (before: string | undefined, after: string | undefined): boolean =>
  before !== undefined && before !== after;

/** Where the device was heard last, when this sighting comes from elsewhere; null when it has not moved. */
export function movedFrom({ device, address }: Omit<Before, 'conflicts'>, sighting: Sighting): string | null {
  // Unsolicited news may be forged: it never moves a device that an answer to our own probe has confirmed.
  if (!sighting.solicited && device.solicited) return null;
  // A second address of the other family (IPv6 beside IPv4) is no move.
  return address === sighting.from.address ? null : address;
}

function moveOf(before: Before, sighting: Sighting): Change[] {
  const from = movedFrom(before, sighting);
  return from === null ? [] : [{ kind: 'endpoint-moved', before: from, after: sighting.from.address }];
}

function newConflicts(before: readonly Evidence[], { identity, conflicts }: Identification): Change[] {
  const known = new Set(before.map(conflictKey));
  return conflicts
    .filter((evidence) => contradicts(evidence, identity) && !known.has(conflictKey(evidence)))
    .map((evidence) => ({
      kind: 'conflict',
      after: `${evidence.fact.field}: ${evidence.fact.value}`,
    }));
}

// Not firmware: after an update one channel tells the new one before another has been asked again.
const contradicts = ({ asserts }: Evidence, identity: Partial<Identity>): boolean =>
  (['vendor', 'model', 'kind', 'mac'] as const).some(
    (attribute) => asserts[attribute] !== undefined && asserts[attribute] !== identity[attribute],
  );

// Not by value alone: a firmware update changes the text of an evidence that contradicts as it did before.
const conflictKey = (evidence: Evidence): string =>
  `${evidence.rule} ${evidence.asserts.vendor ?? ''} ${evidence.asserts.model ?? ''}`;

/** `Yealink T46S`; null where neither vendor nor model is known. */
export const nameOf = (identity: Partial<Identity>): string | null => {
  const words = [identity.vendor, identity.model].filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join(' ');
};
