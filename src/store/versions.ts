import { sql } from 'kysely';
import type { DeviceId, DeviceState } from '../model/device.ts';
import type { Version, VersionCause } from '../model/version.ts';
import { insertRow, type Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { toIdentity, toStateColumns } from './device-rows.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';
import { toVerdict, VERDICT_COLUMNS, verdictRow } from './verdicts.ts';

const close = prepare((row: { device_id: number; at: number; seen_until: number }) =>
  build
    .updateTable('versions')
    .set({ valid_to: row.at, seen_until: sql`iif(status = 'present', ${row.seen_until}, last_seen)` })
    .where('device_id', '=', row.device_id)
    .where('valid_to', 'is', null),
);
const insert = prepare((row: Omit<Row<'versions'>, 'id'>) =>
  build.insertInto('versions').values(row).returning('id'),
);
const ofDevice = prepare(({ id }: { id: number }) =>
  build
    .selectFrom('versions')
    .innerJoin('verdicts', 'verdicts.id', 'versions.verdict_id')
    .innerJoin('devices', 'devices.id', 'versions.device_id')
    .selectAll('versions')
    .select(['devices.site', 'devices.last_seen as device_last_seen', ...VERDICT_COLUMNS])
    .where('device_id', '=', id)
    .orderBy('versions.id'),
);

/** What a version is besides the state of its device. */
export interface NewVersion {
  /** When the state became true. */
  validFrom: number;
  /** When we knew; it ends the version before. */
  recordedAt: number;
  cause: VersionCause;
  sighting: number | null;
  /** The device that it has become a part of. */
  mergedInto?: DeviceId | null;
}

/** Begins a version of a device and ends the one before. */
export function recordVersion(
  db: Database,
  device: DeviceId,
  state: DeviceState,
  { validFrom, recordedAt, cause, sighting, mergedInto = null }: NewVersion,
): void {
  const device_id = toRow(device);
  // While a device is present it is heard again and again, and when exactly is not kept: its span reaches to the next version.
  const isSilent = cause === 'silence';
  db.run(close({ device_id, at: validFrom, seen_until: isSilent ? state.lastSeen : validFrom }));
  insertRow(
    db,
    insert({
      ...toStateColumns(state),
      verdict_id: verdictRow(db, state.verdict),
      device_id,
      valid_from: validFrom,
      valid_to: null,
      recorded_at: recordedAt,
      last_seen: state.status === 'present' ? recordedAt : state.lastSeen,
      seen_until: null,
      cause,
      sighting_id: sighting,
      merged_into: mergedInto === null ? null : toRow(mergedInto),
    }),
  );
}

/** The versions of a device, the oldest first; those of its parts are not among them. */
export const versionsOf = (db: Database, device: DeviceId): Version[] =>
  db.all(ofDevice({ id: toRow(device) })).map((row) => ({
    device: toDeviceId(row.device_id),
    site: row.site,
    identity: toIdentity(row),
    confidence: row.confidence,
    verdict: toVerdict(row),
    status: row.status,
    solicited: row.solicited === 1,
    firstSeen: row.first_seen,
    lastSeen: row.seen_until ?? row.device_last_seen,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    recordedAt: row.recorded_at,
    cause: row.cause,
    sighting: row.sighting_id,
  }));
