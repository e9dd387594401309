import type { Device, DeviceEndpoint, DeviceId, DeviceState, DeviceStatus } from '../model/device.ts';
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
import { readEvidence } from './json.ts';
import { build, idsIn, prepare } from './query.ts';

export type { DeviceFilter } from './device-list.ts';
export type { Reasons } from './device-rows.ts';

type Columns = ReturnType<typeof toDeviceColumns>;

const insert = prepare((columns: Columns) => build.insertInto('devices').values(columns).returning('id'));
const update = prepare(({ id, ...columns }: Columns & { id: number }) =>
  build.updateTable('devices').set(columns).where('id', '=', id),
);
const touch = prepare((device: { id: number; last_seen: number; status: DeviceStatus }) =>
  build
    .updateTable('devices')
    .set({ last_seen: device.last_seen, status: device.status })
    .where('id', '=', device.id),
);

const byId = prepare(({ id }: { id: number }) =>
  build.selectFrom('devices').select(DEVICE_COLUMNS).where('id', '=', id),
);
const byIds = prepare(({ ids }: { ids: string }) =>
  build.selectFrom('devices').select(DEVICE_COLUMNS).where('id', 'in', idsIn(ids)),
);
const reasons = prepare(({ id }: { id: number }) =>
  build.selectFrom('devices').select(['evidence', 'conflicts']).where('id', '=', id),
);
const byMac = prepare(({ site, mac }: { site: SiteId; mac: string }) =>
  build.selectFrom('devices').select(DEVICE_COLUMNS).where('site', '=', site).where('mac', '=', mac),
);
const bySerial = prepare(({ site, vendor, serial }: { site: SiteId; vendor: string; serial: string }) =>
  build
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .where('site', '=', site)
    .where('vendor', '=', vendor)
    .where('serial', '=', serial),
);
const byAddress = prepare(({ site, address }: { site: SiteId; address: string }) =>
  build
    .selectFrom('devices')
    .select(DEVICE_COLUMNS)
    .where('id', 'in', (eb) =>
      eb.selectFrom('endpoints').select('device_id').where('site', '=', site).where('address', '=', address),
    ),
);
const endpointsOf = prepare(({ ids }: { ids: string }) =>
  build
    .selectFrom('endpoints')
    .selectAll()
    .where('device_id', 'in', idsIn(ids))
    .orderBy('last_seen', 'desc')
    .orderBy('id', 'desc'),
);

/** Adds a device and returns its name. */
export const insertDevice = (db: Database, state: DeviceState, why: Reasons): DeviceId =>
  toDeviceId(insertRow(db, insert(toDeviceColumns(state, why))));

/** Replaces what is concluded of a device; what was heard of it stays where it is. */
export function updateDevice(db: Database, id: DeviceId, state: DeviceState, why: Reasons): void {
  db.run(update({ ...toDeviceColumns(state, why), id: toRow(id) }));
}

/** Notes that a device was heard at `lastSeen` and nothing else has changed: cheaper than an update. */
export function touchDevice(db: Database, id: DeviceId, lastSeen: number, status: DeviceStatus): void {
  db.run(touch({ id: toRow(id), last_seen: lastSeen, status }));
}

export const deviceById = (db: Database, id: DeviceId): Device | null =>
  withEndpoints(db, db.all(byId({ id: toRow(id) })))[0] ?? null;

/** Why a device is what it is said to be; empty lists for one that is not known. */
export function evidenceOf(db: Database, id: DeviceId): Reasons {
  const row = db.first(reasons({ id: toRow(id) }));
  return {
    evidence: readEvidence(row?.evidence ?? '[]'),
    conflicts: readEvidence(row?.conflicts ?? '[]'),
  };
}

/** Devices with this MAC (12 lower-case hex digits), freshest first. */
export const devicesByMac = (db: Database, site: SiteId, mac: string): Device[] =>
  freshestFirst(withEndpoints(db, db.all(byMac({ site, mac }))), (device) => device.lastSeen);

/** Devices with this serial number of this vendor, freshest first. */
export const devicesBySerial = (db: Database, site: SiteId, vendor: string, serial: string): Device[] =>
  freshestFirst(withEndpoints(db, db.all(bySerial({ site, vendor, serial }))), (device) => device.lastSeen);

/** Devices that are or were heard at this address, the last heard there first. */
export const devicesByAddress = (db: Database, site: SiteId, address: string): Device[] =>
  freshestFirst(withEndpoints(db, db.all(byAddress({ site, address }))), ({ endpoints }) =>
    Math.max(...endpoints.filter((endpoint) => endpoint.address === address).map(({ lastSeen }) => lastSeen)),
  );

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
  return mac === null ? devicesByAddress(db, site, wanted) : devicesByMac(db, site, mac);
}

/** Rows with their endpoints, freshest first; the order of the rows stays. */
function withEndpoints(db: Database, rows: readonly DeviceRow[]): Device[] {
  if (rows.length === 0) return [];
  const found = new Map<number, DeviceEndpoint[]>(rows.map((row) => [row.id, []]));
  for (const endpoint of db.all(endpointsOf({ ids: JSON.stringify([...found.keys()]) })))
    found.get(endpoint.device_id)?.push(toEndpoint(endpoint));
  return rows.map((row) => toDevice(row, found.get(row.id) ?? []));
}
