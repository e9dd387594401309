import { sql } from 'kysely';
import type { DeviceId } from '../model/device.ts';
import type { Finding } from '../model/finding.ts';
import { insertRow, type Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

const append = prepare((row: Omit<Row<'findings'>, 'seq'>) =>
  build.insertInto('findings').values(row).returning('seq as id'),
);
const after = prepare(({ seq, limit }: { seq: number; limit: number }) =>
  build.selectFrom('findings').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit),
);
const latest = prepare(({ limit }: { limit: number }) =>
  build.selectFrom('findings').selectAll().orderBy('seq', 'desc').limit(limit),
);
const latestOfEach = prepare(({ devices, limit }: { devices: string; limit: number }) =>
  build
    .selectFrom(sql<{ value: number }>`json_each(${devices})`.as('device'))
    .innerJoin('findings', (join) =>
      join.on('findings.seq', 'in', (eb) =>
        eb
          .selectFrom('findings as own')
          .select('own.seq')
          .whereRef('own.device_id', '=', 'device.value')
          .orderBy('own.seq', 'desc')
          .limit(limit),
      ),
    )
    .selectAll('findings')
    .orderBy('findings.seq', 'desc'),
);

/** Writes findings to the end of the journal, all or none; returns the number of the last, or 0 for an empty list. */
export const appendFindings = (db: Database, findings: readonly Omit<Finding, 'seq'>[]): number =>
  db.transaction(
    () =>
      findings
        .map(({ device, at, kind, before, after }) =>
          insertRow(db, append({ device_id: toRow(device), at, kind, before, after })),
        )
        .at(-1) ?? 0,
  );

/** At most `limit` findings that follow number `seq`, in the order of the journal. */
export const findingsAfter = (db: Database, seq: number, limit: number): Finding[] =>
  db.all(after({ seq, limit })).map(toFinding);

/** The latest findings of all devices, newest first. */
export const latestFindings = (db: Database, limit: number): Finding[] =>
  db.all(latest({ limit })).map(toFinding);

/** The latest findings of one device, newest first. */
export const findingsOf = (db: Database, device: DeviceId, limit: number): Finding[] =>
  findingsOfMany(db, [device], limit).get(device) ?? [];

/** The latest findings of each of these devices, newest first; a device without any has an empty list. */
export function findingsOfMany(
  db: Database,
  devices: readonly DeviceId[],
  limitEach: number,
): ReadonlyMap<DeviceId, Finding[]> {
  const found = new Map<DeviceId, Finding[]>(devices.map((device) => [device, []]));
  const rows = JSON.stringify([...found.keys()].map(toRow));
  for (const row of db.all(latestOfEach({ devices: rows, limit: limitEach })))
    found.get(toDeviceId(row.device_id))?.push(toFinding(row));
  return found;
}

const toFinding = ({ device_id, ...row }: Row<'findings'>): Finding => ({
  device: toDeviceId(device_id),
  ...row,
});
