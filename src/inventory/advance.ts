import type { Device, DeviceState } from '../model/device.ts';
import type { Finding } from '../model/finding.ts';
import type { Evidence, Identification, Identity } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Verdict } from '../model/verdict.ts';

/** What was known of a device before a sighting. */
export interface Before {
  device: Device;
  conflicts: readonly Evidence[];
}

/** What is concluded after it. */
export interface After {
  identification: Identification;
  verdict: Verdict;
}

export type FindingDraft = Omit<Finding, 'seq' | 'device'>;

/** The device's next state and what of the change is worth telling. Pure: the same sightings give the same findings. */
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
  const changes =
    before === null
      ? firstFindings(state)
      : [...changesOf(before.device, state), ...moveOf(before.device, sighting)];
  const conflicts = newConflicts(before?.conflicts ?? [], after.identification);
  return { state, findings: [...changes, ...conflicts].map((change) => ({ at: sighting.at, ...change })) };
}

type Change = Pick<Finding, 'kind' | 'before' | 'after'>;

function firstFindings(state: DeviceState): Change[] {
  const appeared: Change = { kind: 'appeared', before: null, after: nameOf(state.identity) };
  return state.verdict.level === 'unsupported'
    ? [appeared, { kind: 'unsupported', before: null, after: nameOf(state.identity) }]
    : [appeared];
}

/** A value that was not known before and now is, is no change of the device: we learnt something. */
export function changesOf(before: DeviceState, after: DeviceState): Change[] {
  const changes: Change[] = [];
  if (
    changed(before.identity.vendor, after.identity.vendor) ||
    changed(before.identity.model, after.identity.model)
  )
    changes.push({
      kind: 'identity-changed',
      before: nameOf(before.identity),
      after: nameOf(after.identity),
    });
  else if (changed(before.identity.firmware, after.identity.firmware))
    changes.push({
      kind: 'firmware-changed',
      before: before.identity.firmware ?? null,
      after: after.identity.firmware ?? null,
    });
  if (before.verdict.level !== after.verdict.level) {
    changes.push({ kind: 'level-changed', before: before.verdict.level, after: after.verdict.level });
    if (after.verdict.level === 'unsupported')
      changes.push({ kind: 'unsupported', before: null, after: nameOf(after.identity) });
  }
  return changes;
}

const changed = (before: string | undefined, after: string | undefined): boolean =>
  before !== undefined && before !== after;

/** Where the device was heard last, when this sighting comes from elsewhere; null when it has not moved. */
export function movedFrom(before: Device, sighting: Sighting): string | null {
  // Unsolicited news may be forged: it never moves a device that an answer to our own probe has confirmed.
  if (!sighting.solicited && before.solicited) return null;
  const latest = [...before.endpoints].sort((a, b) => b.lastSeen - a.lastSeen)[0];
  return latest === undefined || latest.address === sighting.from.address ? null : latest.address;
}

function moveOf(before: Device, sighting: Sighting): Change[] {
  const from = movedFrom(before, sighting);
  return from === null ? [] : [{ kind: 'endpoint-moved', before: from, after: sighting.from.address }];
}

function newConflicts(before: readonly Evidence[], { identity, conflicts }: Identification): Change[] {
  const known = new Set(before.map(conflictKey));
  return conflicts
    .filter((evidence) => contradicts(evidence, identity) && !known.has(conflictKey(evidence)))
    .map((evidence) => ({
      kind: 'conflict',
      before: null,
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

const nameOf = (identity: Partial<Identity>): string | null => {
  const words = [identity.vendor, identity.model].filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join(' ');
};
