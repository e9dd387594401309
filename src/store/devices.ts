import { sql } from 'kysely';
import type { Device, DeviceEndpoint, DeviceId, DeviceState } from '../model/device.ts';
import type { SiteId } from '../model/endpoint.ts';
import { parseMac } from '../model/mac.ts';
import { insertRow, type Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { buildIds, buildList, type DeviceFilter } from './device-list.ts';
import {
  DEVICE_COLUMNS,
  toDevice,
  toDeviceColumns,
  toEndpoint,
  type DeviceRow,
  type Reasons,
} from './device-rows.ts';
import { devicesKnownBy } from './identifiers.ts';
import { readEvidence } from './json.ts';
import { build, idsIn, prepare } from './query.ts';
import type { Row } from './schema.ts';
import { verdictRow } from './verdicts.ts';

export type { DeviceFilter } from './device-list.ts';
export type { Reasons } from './device-rows.ts';

type Columns = ReturnType<typeof toDeviceColumns> & { verdict_id: number };

const insert = prepare((columns: Columns) => build.insertInto('devices').values(columns).returning('id'));
const update = prepare(({ id, ...columns }: Columns & { id: number }) =>
  build.updateTable('devices').set(columns).where('id', '=', id),
);
const touch = prepare((device: { id: number; last_seen: number }) =>
  build
    .updateTable('devices')
    .set({ last_seen: sql`max(last_seen, ${device.last_seen})` })
    .where('id', '=', device.id),
);
const explain = prepare((row: Row<'reasons'>) =>
  build
    .insertInto('reasons')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('device_id').doUpdateSet({ evidence: row.evidence, conflicts: row.conflicts }),
    ),
);
const merge = prepare(({ id, into }: { id: number; into: number | null }) =>
  build.updateTable('devices').set({ merged_into: into }).where('id', '=', id),
);
const mergedInto = prepare(({ id }: { id: number }) =>
  build.selectFrom('devices').select('merged_into').where('id', '=', id),
);
const members = prepare(({ ids }: { ids: string }) =>
  build.selectFrom('devices').select(['id', 'merged_into']).where('merged_into', 'in', idsIn(ids)),
);

const rows = () =>
  build
    .selectFrom('devices')
    .innerJoin('verdicts', 'verdicts.id', 'devices.verdict_id')
    .select(DEVICE_COLUMNS);
const byIds = prepare(({ ids }: { ids: string }) => rows().where('devices.id', 'in', idsIn(ids)));
const byId = prepare(({ id }: { id: number }) => rows().where('devices.id', '=', id));
const reasons = prepare(({ id }: { id: number }) =>
  build.selectFrom('reasons').select(['evidence', 'conflicts']).where('device_id', '=', id),
);
const idsByAddress = prepare(({ site, address }: { site: SiteId; address: string }) =>
  build
    .selectFrom('endpoints')
    .innerJoin('devices', 'devices.id', 'endpoints.device_id')
    .select((eb) => eb.fn.coalesce('devices.merged_into', 'devices.id').as('id'))
    .distinct()
    .where('endpoints.site', '=', site)
    .where('endpoints.address', '=', address)
    .where('endpoints.until', 'is', null),
);
const endpointsOf = prepare(({ ids }: { ids: string }) =>
  build
    .selectFrom('endpoints')
    .selectAll()
    .where('device_id', 'in', idsIn(ids))
    .where('until', 'is', null)
    .orderBy('last_seen', 'desc')
    .orderBy('id', 'desc'),
);

/** Adds a device and returns its name. */
export function insertDevice(db: Database, state: DeviceState, why: Reasons): DeviceId {
  const row = insertRow(db, insert({ ...toDeviceColumns(state), verdict_id: verdictRow(db, state.verdict) }));
  saveReasons(db, row, why);
  return toDeviceId(row);
}

/** Replaces what is concluded of a device; what was heard of it stays where it is. */
export function updateDevice(db: Database, id: DeviceId, state: DeviceState, why: Reasons): void {
  const row = toRow(id);
  db.run(update({ ...toDeviceColumns(state), verdict_id: verdictRow(db, state.verdict), id: row }));
  saveReasons(db, row, why);
}

function saveReasons(db: Database, row: number, { evidence, conflicts }: Reasons): void {
  db.run(
    explain({
      device_id: row,
      evidence: JSON.stringify(evidence),
      conflicts: JSON.stringify(conflicts),
    }),
  );
}

/** Notes that a device was heard at `lastSeen` and nothing else has changed: cheaper than an update. */
export function touchDevice(db: Database, id: DeviceId, lastSeen: number): void {
  db.run(touch({ id: toRow(id), last_seen: lastSeen }));
}

/** Makes a device a part of another, with all that are parts of it; `null` makes it a device of its own again. */
export function setMergedInto(db: Database, id: DeviceId, into: DeviceId | null): void {
  const row = toRow(id);
  const target = into === null ? null : toRow(into);
  for (const part of target === null ? [] : db.all(members({ ids: JSON.stringify([row]) })))
    db.run(merge({ id: part.id, into: target }));
  db.run(merge({ id: row, into: target }));
}

/** The device that a record is a part of by now, or is itself. */
export function wholeOf(db: Database, id: DeviceId): DeviceId {
  const into = db.first(mergedInto({ id: toRow(id) }))?.merged_into ?? null;
  return into === null ? id : toDeviceId(into);
}

/** A device with all that was merged into it; asked for a part, the whole. Null where there is none. */
export const deviceById = (db: Database, id: DeviceId): Device | null =>
  withEndpoints(db, db.all(byId({ id: toRow(wholeOf(db, id)) })))[0] ?? null;

/** Why a device is what it is said to be; empty lists for one that is not known. */
export function evidenceOf(db: Database, id: DeviceId): Reasons {
  const row = db.first(reasons({ id: toRow(wholeOf(db, id)) }));
  return {
    evidence: readEvidence(row?.evidence ?? '[]'),
    conflicts: readEvidence(row?.conflicts ?? '[]'),
  };
}

const wholes = prepare(() =>
  build.selectFrom('devices').select('id').where('merged_into', 'is', null).orderBy('id'),
);

/** The names of all devices, in the order of their discovery. */
export const deviceIds = (db: Database): DeviceId[] => db.all(wholes({})).map(({ id }) => toDeviceId(id));

/** Devices by name, in no order; parts of others are not among them. */
export const devicesByIds = (db: Database, ids: readonly DeviceId[]): Device[] =>
  withEndpoints(db, db.all(byIds({ ids: JSON.stringify(ids.map(toRow)) })));

/** Devices that are or were heard at this address, the last heard there first. */
export const devicesByAddress = (db: Database, site: SiteId, address: string): Device[] =>
  freshestFirst(devicesByRows(db, db.all(idsByAddress({ site, address }))), ({ endpoints }) =>
    Math.max(...endpoints.filter((endpoint) => endpoint.address === address).map(({ lastSeen }) => lastSeen)),
  );

const devicesByRows = (db: Database, found: readonly { id: number }[]): Device[] =>
  found.length === 0
    ? []
    : withEndpoints(db, db.all(byIds({ ids: JSON.stringify(found.map(({ id }) => id)) })));

// Not in SQL: these are single rows nearly always, and setting up a sort costs SQLite more than finding them does.
const freshestFirst = (devices: Device[], heardAt: (device: Device) => number): Device[] =>
  devices.sort((a, b) => heardAt(b) - heardAt(a));

/** The devices that pass the filter, worst level first, then by vendor, model and address. */
export const listDevices = (db: Database, filter: DeviceFilter): Device[] =>
  withEndpoints(db, db.all(buildList(filter)));

/** Devices read in one go, and how many are kept rather than read again. */
const PORTION = 100;
const MOST_KEPT = 1000;

/**
 * The devices of `listDevices` for whoever walks through them, once or more: beyond some thousands they are read anew each time, a portion
 * at a time, for a hundred thousand of them fill half a gigabyte.
 */
export function eachDevice(db: Database, filter: DeviceFilter): Iterable<Device> {
  const ids = db.all(buildIds(filter)).map(({ id }) => id);
  function* read(): Generator<Device> {
    for (let from = 0; from < ids.length; from += PORTION) {
      const portion = ids.slice(from, from + PORTION);
      const rows = new Map(db.all(byIds({ ids: JSON.stringify(portion) })).map((row) => [row.id, row]));
      yield* withEndpoints(
        db,
        portion.flatMap((id) => rows.get(id) ?? []),
      );
    }
  }
  return ids.length <= MOST_KEPT ? [...read()] : { [Symbol.iterator]: read };
}

/** What a person means by `d12`, a MAC in any notation, or an address; more than one device where an address has been reused. */
export function findDevices(db: Database, site: SiteId, text: string): Device[] {
  const wanted = text.trim();
  const named = deviceById(db, wanted);
  if (named?.site === site) return [named];
  const mac = parseMac(wanted);
  return mac === null
    ? devicesByAddress(db, site, wanted)
    : devicesByIds(db, devicesKnownBy(db, site, { kind: 'mac', value: mac }));
}

/** Rows with their endpoints and those of their parts, freshest first; the order of the rows stays. */
export function withEndpoints(db: Database, found: readonly DeviceRow[]): Device[] {
  if (found.length === 0) return [];
  const whole = new Map<number, number>(found.map(({ id }) => [id, id]));
  const ids = JSON.stringify([...whole.keys()]);
  for (const part of db.all(members({ ids }))) whole.set(part.id, part.merged_into ?? part.id);
  const heard = new Map<number, DeviceEndpoint[]>(found.map(({ id }) => [id, []]));
  for (const endpoint of db.all(endpointsOf({ ids: JSON.stringify([...whole.keys()]) })))
    heard.get(whole.get(endpoint.device_id) ?? 0)?.push(toEndpoint(endpoint));
  return found.map((row) => toDevice(row, heard.get(row.id) ?? []));
}
