import { sql } from 'kysely';
import type { DeviceId } from '../model/device.ts';
import type { Finding, FindingKind, FindingState } from '../model/finding.ts';
import type { Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { toFinding } from './findings.ts';
import { build, prepare } from './query.ts';

/** Which findings to read; what is left out restricts nothing. */
export interface JournalFilter {
  kinds?: readonly FindingKind[] | undefined;
  device?: DeviceId | undefined;
  state?: FindingState | undefined;
}

/** Always the same few texts of SQL: a list of kinds is one parameter. */
function matching({ kinds, device, state }: JournalFilter) {
  let query = build.selectFrom('findings').selectAll();
  if (kinds !== undefined)
    query = query.where(
      'kind',
      'in',
      sql<FindingKind>`(select value from json_each(${JSON.stringify(kinds)}))`,
    );
  if (device !== undefined) query = query.where('device_id', '=', toRow(device));
  return state === undefined ? query : query.where('state', '=', state);
}

/** At most `limit` findings that pass the filter and follow number `after`, in the order of the journal. */
export const journalAfter = (
  db: Database,
  filter: JournalFilter,
  { after, limit }: { after: number; limit: number },
): Finding[] => db.all(matching(filter).where('seq', '>', after).orderBy('seq').limit(limit)).map(toFinding);

/** The latest findings that pass the filter, in the order of the journal. */
export const journalEnd = (db: Database, filter: JournalFilter, limit: number): Finding[] =>
  db.all(matching(filter).orderBy('seq', 'desc').limit(limit)).map(toFinding).reverse();

const untilOfEach = prepare(({ devices, until, limit }: { devices: string; until: number; limit: number }) =>
  build
    .selectFrom(sql<{ value: number }>`json_each(${devices})`.as('device'))
    .innerJoin('findings', (join) =>
      join.on('findings.seq', 'in', (eb) =>
        eb
          .selectFrom('findings as own')
          .select('own.seq')
          .whereRef('own.device_id', '=', 'device.value')
          .where('own.at', '<=', until)
          .orderBy('own.seq', 'desc')
          .limit(limit),
      ),
    )
    .selectAll('findings')
    .orderBy('findings.seq', 'desc'),
);

/** The latest findings of each of these devices that were made by a moment, newest first. */
export function findingsUntil(
  db: Database,
  devices: readonly DeviceId[],
  { until, limitEach }: { until: number; limitEach: number },
): ReadonlyMap<DeviceId, Finding[]> {
  const found = new Map<DeviceId, Finding[]>(devices.map((device) => [device, []]));
  const rows = JSON.stringify([...found.keys()].map(toRow));
  for (const row of db.all(untilOfEach({ devices: rows, until, limit: limitEach })))
    found.get(toDeviceId(row.device_id ?? 0))?.push(toFinding(row));
  return found;
}
