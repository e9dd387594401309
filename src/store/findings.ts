import { sql } from 'kysely';
import type { DeviceId } from '../model/device.ts';
import { FINDINGS, findingKey, type Finding, type FindingKind } from '../model/finding.ts';
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
        .map(({ device, sighting, ...finding }) =>
          insertRow(
            db,
            append({ device_id: device === null ? null : toRow(device), sighting_id: sighting, ...finding }),
          ),
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
    found.get(toDeviceId(row.device_id ?? 0))?.push(toFinding(row));
  return found;
}

export const toFinding = ({ device_id, sighting_id, ...row }: Row<'findings'>): Finding => ({
  device: device_id === null ? null : toDeviceId(device_id),
  sighting: sighting_id,
  ...row,
});

const begin = prepare((row: Row<'conditions'>) =>
  build
    .insertInto('conditions')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing()),
);
const end = prepare(({ key }: { key: string }) => build.deleteFrom('conditions').where('key', '=', key));
const ofDevice = prepare(({ device_id }: { device_id: number }) =>
  build.selectFrom('conditions').selectAll().where('device_id', '=', device_id),
);
const ofSite = prepare(() => build.selectFrom('conditions').selectAll().where('device_id', 'is', null));

const ofKinds = prepare(({ kinds }: { kinds: string }) =>
  build
    .selectFrom('conditions')
    .selectAll()
    .where('kind', 'in', sql<FindingKind>`(select value from json_each(${kinds}))`)
    .orderBy('key'),
);

/** What has been raised of a matter that lasts, and not been cleared. */
export type Condition = Pick<Finding, 'kind' | 'device' | 'about'> & { since: number };

/** The conditions that hold of a device; of the site itself for null. */
export const conditionsOf = (db: Database, device: DeviceId | null): Condition[] =>
  db.all(device === null ? ofSite({}) : ofDevice({ device_id: toRow(device) })).map(toCondition);

/** The conditions of these kinds that hold, of whatever device. */
export const conditionsOfKinds = (db: Database, kinds: readonly FindingKind[]): Condition[] =>
  db.all(ofKinds({ kinds: JSON.stringify(kinds) })).map(toCondition);

const toCondition = (row: Row<'conditions'>): Condition => ({
  kind: row.kind,
  device: row.device_id === null ? null : toDeviceId(row.device_id),
  about: row.about,
  since: row.since,
});

/**
 * Writes findings to the end of the journal, all or none. A condition that holds already is not raised again, and one that does not hold
 * is not cleared. Returns the number of the last one written; 0 for none.
 */
export function recordFindings(db: Database, findings: readonly Omit<Finding, 'seq'>[]): number {
  const news = findings.filter((finding) => !FINDINGS[finding.kind].lasts || changesCondition(db, finding));
  return appendFindings(db, news);
}

function changesCondition(db: Database, finding: Omit<Finding, 'seq'>): boolean {
  const { kind, about, device, at, state } = finding;
  const key = findingKey(finding);
  const query =
    state === 'cleared'
      ? end({ key })
      : begin({ key, device_id: device === null ? null : toRow(device), kind, about, since: at });
  return db.run(query) > 0;
}
