import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { DeviceId, DeviceStatus } from '../model/device.ts';
import type { Endpoint, SiteId } from '../model/endpoint.ts';
import { VOLATILE_FIELDS, type Fact, type Field } from '../model/fact.ts';
import type { Sighting } from '../model/sighting.ts';
import { insertRow, type Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import type { HeardAt } from './endpoints.ts';
import { readFacts } from './json.ts';
import { build, idsIn, prepare } from './query.ts';
import type { Row } from './schema.ts';

/** A sighting and those after it that said the same; its bytes are read by `rawOf`. */
export interface StoredSighting extends Omit<Sighting, 'raw'> {
  id: number;
  /** When it was heard last; `at` is when it was heard first. */
  lastAt: number;
  times: number;
}

interface Place {
  endpoint_id: number;
  channel: string;
}

/** The last heard; of two in the same millisecond the last recorded. */
const latestOf = ({ endpoint_id, channel }: Place) =>
  build
    .selectFrom('sightings')
    .where('endpoint_id', '=', endpoint_id)
    .where('channel', '=', channel)
    .orderBy('last_at', 'desc')
    .orderBy('id', 'desc')
    .limit(sql.lit(1));

const latest = prepare((place: Place) => latestOf(place).select(['id', 'said', 'solicited', 'is_open']));
const alike = prepare(({ said, solicited, ...place }: Place & { said: string; solicited: number }) =>
  latestOf(place)
    .select(['id', 'last_at', 'is_open'])
    .where('said', '=', said)
    .where('solicited', '=', solicited),
);
const repeat = prepare(({ id, at, sip_status }: { id: number; at: number; sip_status: number | null }) =>
  build
    .updateTable('sightings')
    .set({
      last_at: sql`max(last_at, ${at})`,
      times: sql`times + 1`,
      sip_status: sql`coalesce(${sip_status}, sip_status)`,
    })
    .where('id', '=', id),
);
const close = prepare(({ ids }: { ids: string }) =>
  build
    .updateTable('sightings')
    .set({ is_open: 0 })
    .where('device_id', 'in', idsIn(ids))
    .where('is_open', '=', 1),
);
const takeBack = prepare(({ id, last_at }: { id: number; last_at: number }) =>
  build
    .updateTable('sightings')
    .set({ last_at, times: sql`times - 1` })
    .where('id', '=', id),
);
const insert = prepare((row: Omit<Row<'sightings'>, 'id'>) =>
  build.insertInto('sightings').values(row).returning('id'),
);
const insertMessage = prepare((row: Omit<Row<'messages'>, 'id'>) =>
  build.insertInto('messages').values(row).returning('id'),
);
const messageOf = prepare(({ id }: { id: number }) =>
  build.selectFrom('sightings').select('message_id').where('id', '=', id),
);

/** Who was heard at an address, and whether it was heard elsewhere since. */
const atAddress = prepare(({ site, address }: { site: string; address: string }) =>
  build
    .selectFrom('endpoints')
    .innerJoin('devices', 'devices.id', 'endpoints.device_id')
    .select((eb) => [
      'endpoints.id',
      'endpoints.device_id',
      'port',
      'transport',
      'status',
      eb.fn.coalesce('devices.merged_into', 'devices.id').as('device'),
      sql<number>`exists (
        select 1 from endpoints as other
        where other.device_id = endpoints.device_id and other.address <> endpoints.address
          and other.last_seen > endpoints.last_seen and other.until is null
      )`.as('left'),
    ])
    .where('endpoints.site', '=', site)
    .where('endpoints.address', '=', address)
    .where('endpoints.until', 'is', null),
);

const ofDevices = prepare(({ ids }: { ids: string }) =>
  build
    .selectFrom('sightings')
    .innerJoin('endpoints', 'endpoints.id', 'sightings.endpoint_id')
    .innerJoin('devices', 'devices.id', 'endpoints.device_id')
    .innerJoin('messages', 'messages.id', 'sightings.message_id')
    .select([
      'sightings.id',
      'sightings.channel',
      'sightings.solicited',
      'facts',
      'first_at',
      'last_at',
      'times',
      'endpoints.site',
      'transport',
      'address',
      'port',
    ])
    .where('endpoints.device_id', 'in', idsIn(ids))
    .where('until', 'is', null)
    .where(
      sql<boolean>`sightings.id = (
        select id from sightings as other where other.endpoint_id = endpoints.id and other.channel = sightings.channel
        order by last_at desc, id desc limit 1
      )`,
    )
    .orderBy('last_at', 'desc')
    .orderBy('sightings.id', 'desc'),
);
const partsOf = prepare(({ id }: { id: number }) =>
  build.selectFrom('devices').select('id').where('merged_into', '=', id),
);
const answered = prepare(({ site, since }: { site: string; since: number }) =>
  build
    .selectFrom('sightings')
    .innerJoin('endpoints', 'endpoints.id', 'sightings.endpoint_id')
    .select((select) => ['endpoints.address', select.fn.max('sightings.last_at').as('at')])
    .where('endpoints.site', '=', site)
    .where('sightings.channel', '=', 'sip-options')
    .where('sightings.last_at', '>=', since)
    .groupBy('endpoints.address'),
);
const bytes = prepare(({ id }: { id: number }) =>
  build
    .selectFrom('sightings')
    .innerJoin('messages', 'messages.id', 'sightings.message_id')
    .select('raw')
    .where('sightings.id', '=', id),
);

/** What a message says, but for what is another with every answer: two of the same hash say the same. 96 bits. */
export const saidHash = (facts: readonly Fact[]): string =>
  hash('sha1', JSON.stringify(facts.filter(({ field }) => !VOLATILE_FIELDS.has(field))), 'base64url').slice(
    0,
    16,
  );

const statusOf = (facts: readonly Fact[]): number | null => {
  const status = valueOf(facts, 'sip.status');
  return status === null ? null : Number(status);
};

const valueOf = (facts: readonly Fact[], field: Field): string | null =>
  facts.find((fact) => fact.field === field)?.value ?? null;

/** Where the same was heard as last time. */
export interface SameAgain extends HeardAt {
  sighting: number;
  status: DeviceStatus;
}

/**
 * The device that said the same on the same channel at the same place the last time, where no other was heard there since and it was
 * heard nowhere else; null for everything that needs a closer look.
 */
export function findSameAgain(
  db: Database,
  place: Endpoint,
  sighting: Sighting,
  said: string,
): SameAgain | null {
  const { site, transport, address, port } = place;
  const there = db.all(atAddress({ site, address }));
  const here = there.find((one) => one.port === port && one.transport === transport);
  if (here === undefined || here.left === 1 || there.some((one) => one.device_id !== here.device_id))
    return null;
  const last = db.first(latest({ endpoint_id: here.id, channel: sighting.channel }));
  if (last?.said !== said || last.is_open === 0 || last.solicited !== Number(sighting.solicited)) return null;
  return {
    sighting: last.id,
    endpoint: here.id,
    device: toDeviceId(here.device),
    status: here.status,
  };
}

/** Counts a sighting to the one that said the same. */
export function repeatSighting(db: Database, id: number, { at, facts }: Sighting): void {
  db.run(repeat({ id, at, sip_status: statusOf(facts) }));
}

/** How a sighting was kept. */
export interface Kept {
  id: number;
  /**
   * The first of its channel at this place, other words than the last time, words that it has used before, the same as the last time, or
   * the same after a silence.
   */
  as: 'new' | 'changed' | 'recurring' | 'repeated' | 'resumed';
  /** When these words were heard last before this; null where they were not. */
  before: number | null;
}

/**
 * Keeps a sighting of a device at one of its endpoints. What says the same as one before it, on the same endpoint and channel, is
 * counted there; all else is a row of its own, bytes included.
 */
export function saveSighting(
  db: Database,
  heard: HeardAt,
  sighting: Sighting,
  said = saidHash(sighting.facts),
): Kept {
  const place = { endpoint_id: heard.endpoint, channel: sighting.channel };
  const solicited = Number(sighting.solicited);
  const last = db.first(latest(place));
  if (last === null) return { id: insertSighting(db, heard, sighting, said), as: 'new', before: null };
  const known = db.first(alike({ ...place, said, solicited }));
  if (known === null) return { id: insertSighting(db, heard, sighting, said), as: 'changed', before: null };
  if (known.is_open === 0) {
    const id = shareMessage(db, heard, sighting, said, known.id);
    return { id, as: known.id === last.id ? 'resumed' : 'changed', before: null };
  }
  repeatSighting(db, known.id, sighting);
  return { id: known.id, as: known.id === last.id ? 'repeated' : 'recurring', before: known.last_at };
}

/** Makes a row of its own of a sighting that was counted to the same words before: something has happened. They share the message. */
export function keepApart(
  db: Database,
  heard: HeardAt,
  sighting: Sighting,
  { id, before }: Kept,
  said = saidHash(sighting.facts),
): number {
  if (before !== null) db.run(takeBack({ id, last_at: before }));
  return shareMessage(db, heard, sighting, said, id);
}

/** Adds a row that says the same as another one. */
const shareMessage = (db: Database, heard: HeardAt, sighting: Sighting, said: string, like: number): number =>
  insertRowFor(db, heard, sighting, said, db.first(messageOf({ id: like }))?.message_id ?? 0);

/** Ends the rows of a device and its parts: it has fallen silent, and what it says next begins new ones. */
export function closeSightings(db: Database, device: DeviceId): void {
  db.run(close({ ids: JSON.stringify(familyOf(db, device)) }));
}

/** The rows of a device and its parts. */
function familyOf(db: Database, device: DeviceId): number[] {
  const row = toRow(device);
  return [row, ...db.all(partsOf({ id: row })).map(({ id }) => id)];
}

/** Adds the row of a sighting with its message, which nothing before it is compared with; returns its id. */
export function insertSighting(
  db: Database,
  heard: HeardAt,
  sighting: Sighting,
  said = saidHash(sighting.facts),
): number {
  const { facts, raw } = sighting;
  const message = insertRow(db, insertMessage({ facts: JSON.stringify(facts), raw }));
  return insertRowFor(db, heard, sighting, said, message);
}

const insertRowFor = (
  db: Database,
  { endpoint, device }: HeardAt,
  { channel, at, solicited, facts }: Sighting,
  said: string,
  message_id: number,
): number =>
  insertRow(
    db,
    insert({
      device_id: toRow(device),
      endpoint_id: endpoint,
      message_id,
      channel,
      solicited: Number(solicited),
      said,
      user_agent: valueOf(facts, 'sip.user_agent'),
      server: valueOf(facts, 'sip.server'),
      sip_status: statusOf(facts),
      first_at: at,
      last_at: at,
      times: 1,
      is_open: 1,
    }),
  );

/** The latest sighting of each endpoint and channel of a device and its parts, freshest first. */
export function latestSightings(db: Database, device: DeviceId): StoredSighting[] {
  return db.all(ofDevices({ ids: JSON.stringify(familyOf(db, device)) })).map((stored) => ({
    id: stored.id,
    channel: stored.channel,
    at: stored.first_at,
    from: { site: stored.site, transport: stored.transport, address: stored.address, port: stored.port },
    solicited: stored.solicited === 1,
    facts: readFacts(stored.facts),
    lastAt: stored.last_at,
    times: stored.times,
  }));
}

/** The bytes of a sighting as they were heard first; null when there is no such sighting. */
export const rawOf = (db: Database, id: number): Uint8Array | null => db.first(bytes({ id }))?.raw ?? null;

/** Which addresses of a site have answered a probe since then, and when they did last. */
export const answersSince = (db: Database, site: SiteId, since: number): { address: string; at: number }[] =>
  db.all(answered({ site, since }));
