import type { DeviceId } from '../model/device.ts';
import type { IdentityAct } from '../model/identity-act.ts';
import type { Language } from '../model/text.ts';
import type { Version } from '../model/version.ts';
import type { Database } from '../store/database.ts';
import { actsOf } from '../store/identity-acts.ts';
import { journalEnd } from '../store/journal.ts';
import { sightingsByIds, type SightingLine } from '../store/sightings-by-id.ts';
import { versionsOf } from '../store/versions.ts';
import { toFindingJson } from './contract/from-model.ts';
import {
  MOST_OF_TIMELINE,
  type ChangingSightingJson,
  type TimelineJson,
  type VersionJson,
} from './contract/history.ts';
import { toActJson } from './contract/identity-act.ts';
import { isoTime } from './contract/words.ts';

/** All that is kept of a device over time, its parts included, the oldest first. */
export function timelineOf(db: Database, device: DeviceId, language: Language): TimelineJson {
  const records = [device, ...partsOf(db, device)];
  const versions = latest(
    records.flatMap((record) => versionsOf(db, record)),
    (version) => version.recordedAt,
  );
  const findings = latest(
    records.flatMap((record) => journalEnd(db, { device: record }, MOST_OF_TIMELINE)),
    ({ seq }) => seq,
  );
  const acts = new Map<number, IdentityAct>(
    records.flatMap((record) => actsOf(db, record)).map((act) => [act.id, act]),
  );
  const shown = new Set(
    [...versions, ...findings].map(({ sighting }) => sighting).filter((id) => id !== null),
  );
  return {
    device,
    versions: versions.map((version) => toVersionJson(version, language)),
    findings: findings.map((finding) => toFindingJson(finding, language)),
    acts: [...acts.values()].sort((a, b) => a.id - b.id).map(toActJson),
    sightings: sightingsByIds(db, [...shown]).map(toSightingJson),
  };
}

/** Sorts by a number and keeps the greatest; those of the same number stay in their order. */
const latest = <T>(all: readonly T[], by: (one: T) => number): T[] =>
  all.toSorted((a, b) => by(a) - by(b)).slice(-MOST_OF_TIMELINE);

/** The records that are parts of a device by acts that stand, and the parts of those. */
const partsOf = (db: Database, record: DeviceId): DeviceId[] =>
  actsOf(db, record)
    .filter(({ act, device, undoneAt }) => act === 'merge' && device === record && undoneAt === null)
    .flatMap(({ other }) => [other, ...partsOf(db, other)]);

const toVersionJson = (version: Version, language: Language): VersionJson => ({
  device: version.device,
  validFrom: isoTime(version.validFrom),
  validTo: version.validTo === null ? null : isoTime(version.validTo),
  recordedAt: isoTime(version.recordedAt),
  cause: version.cause,
  sighting: version.sighting,
  vendor: version.identity.vendor ?? null,
  model: version.identity.model ?? null,
  firmware: version.identity.firmware ?? null,
  kind: version.identity.kind ?? null,
  mac: version.identity.mac ?? null,
  serial: version.identity.serial ?? null,
  confidence: version.confidence,
  level: version.verdict.level,
  slaEligible: version.verdict.slaEligible,
  because: version.verdict.because[language],
  status: version.status,
  lastSeen: isoTime(version.lastSeen),
});

const toSightingJson = ({ id, at, lastAt, ...sighting }: SightingLine): ChangingSightingJson => ({
  id,
  ...sighting,
  at: isoTime(at),
  lastAt: isoTime(lastAt),
  raw: `/api/v1/sightings/${id}/raw`,
});
