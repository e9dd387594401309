import { sql } from 'kysely';
import type { DeviceId } from '../model/device.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Identifier } from '../model/identifier.ts';
import type { Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

const upsert = prepare((row: Row<'identifiers'>) =>
  build
    .insertInto('identifiers')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['site', 'kind', 'value', 'device_id'])
        .doUpdateSet({ last_at: sql`max(last_at, ${row.last_at})` }),
    ),
);
const knownBy = prepare(({ site, kind, value }: Identifier & { site: SiteId }) =>
  build
    .selectFrom('identifiers')
    .innerJoin('devices', 'devices.id', 'identifiers.device_id')
    .select((eb) => eb.fn.coalesce('devices.merged_into', 'devices.id').as('id'))
    .where('identifiers.site', '=', site)
    .where('identifiers.kind', '=', kind)
    .where('value', '=', value)
    .orderBy('last_at', 'desc')
    .orderBy('devices.id', 'desc'),
);
const of = prepare(({ id }: { id: number }) =>
  build
    .selectFrom('identifiers')
    .innerJoin('devices', 'devices.id', 'identifiers.device_id')
    .select(['identifiers.kind', 'value'])
    .where((eb) => eb.or([eb('devices.id', '=', id), eb('devices.merged_into', '=', id)])),
);

/** Notes that a device was heard with an identifier. */
export function saveIdentifier(
  db: Database,
  device: DeviceId,
  { site, kind, value, at }: Identifier & { site: SiteId; at: number },
): void {
  db.run(upsert({ site, kind, value, device_id: toRow(device), first_at: at, last_at: at }));
}

/** The devices that were heard with an identifier, the last heard with it first; wholes, never parts. */
export const devicesKnownBy = (db: Database, site: SiteId, { kind, value }: Identifier): DeviceId[] => [
  ...new Set(db.all(knownBy({ site, kind, value })).map(({ id }) => toDeviceId(id))),
];

/** By what a device is known, parts included. */
export const identifiersOf = (db: Database, device: DeviceId): Identifier[] =>
  db.all(of({ id: toRow(device) })).map(({ kind, value }) => ({ kind, value }));
