import { sql } from 'kysely';
import type { DeviceId } from '../model/device.ts';
import type { Endpoint, SiteId } from '../model/endpoint.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Database } from './database.ts';
import { toRow } from './device-id.ts';
import { readFacts, readWords } from './json.ts';
import { build, prepare } from './query.ts';
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

// The latest is the last recorded, whatever its time: a clock set back must not make every answer look like news.
const latestOf = ({ endpoint_id, channel }: Place) =>
  build
    .selectFrom('sightings')
    .where('endpoint_id', '=', endpoint_id)
    .where('channel', '=', channel)
    .orderBy('id', 'desc')
    .limit(sql.lit(1));

const repeat = prepare((heard: Place & { solicited: number; facts: string; at: number }) =>
  build
    .updateTable('sightings')
    .set({ last_at: sql`max(last_at, ${heard.at})`, times: sql`times + 1` })
    .where('id', '=', latestOf(heard).select('id'))
    .where('facts', '=', heard.facts)
    .where('solicited', '=', heard.solicited),
);
const insert = prepare((row: Omit<Row<'sightings'>, 'id'>) => build.insertInto('sightings').values(row));

const endpointsOf = prepare(({ id }: { id: number }) =>
  build
    .selectFrom('endpoints')
    .select(['id', 'site', 'transport', 'address', 'port', 'channels'])
    .where('device_id', '=', id),
);
const latest = prepare((place: Place) =>
  latestOf(place).select(['id', 'channel', 'solicited', 'facts', 'first_at', 'last_at', 'times']),
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
  build.selectFrom('sightings').select('raw').where('id', '=', id),
);

/**
 * Keeps a sighting of a device at one of its endpoints. Facts like those before, on the same endpoint and channel, are counted
 * there (`repeated`); others are a row of their own (`new` for the first, else `changed`), bytes included.
 */
export function saveSighting(
  db: Database,
  device: DeviceId,
  endpointRow: number,
  sighting: Sighting,
): 'new' | 'changed' | 'repeated' {
  const { channel, at, solicited, facts } = sighting;
  const place = { endpoint_id: endpointRow, channel };
  const heard = { ...place, solicited: Number(solicited), facts: JSON.stringify(facts) };
  if (db.run(repeat({ ...heard, at })) > 0) return 'repeated';
  const isFirst = db.first(latest(place)) === null;
  saveFirstSighting(db, device, endpointRow, sighting);
  return isFirst ? 'new' : 'changed';
}

/** Keeps the first sighting of a new device, which needs no look at what was heard before. */
export function saveFirstSighting(
  db: Database,
  device: DeviceId,
  endpointRow: number,
  { channel, at, solicited, facts, raw }: Sighting,
): void {
  db.run(
    insert({
      endpoint_id: endpointRow,
      channel,
      solicited: Number(solicited),
      facts: JSON.stringify(facts),
      device_id: toRow(device),
      raw,
      first_at: at,
      last_at: at,
      times: 1,
    }),
  );
}

/** The latest sighting of each endpoint and channel of a device, freshest first. */
export const latestSightings = (db: Database, device: DeviceId): StoredSighting[] =>
  db
    .all(endpointsOf({ id: toRow(device) }))
    .flatMap(({ id, channels, ...from }) =>
      readWords(channels).flatMap((channel) =>
        db.all(latest({ endpoint_id: id, channel })).map((row) => toStored(row, from)),
      ),
    )
    .sort((a, b) => b.lastAt - a.lastAt || b.id - a.id);

/** The bytes of a sighting as they were heard; null when there is no such sighting. */
export const rawOf = (db: Database, id: number): Uint8Array | null => db.first(bytes({ id }))?.raw ?? null;

type SightingRow = Omit<Row<'sightings'>, 'device_id' | 'endpoint_id' | 'raw'>;

const toStored = (row: SightingRow, from: Endpoint): StoredSighting => ({
  id: row.id,
  channel: row.channel,
  at: row.first_at,
  from,
  solicited: row.solicited === 1,
  facts: readFacts(row.facts),
  lastAt: row.last_at,
  times: row.times,
});

/** Which addresses of a site have answered a probe since then, and when they did last. */
export const answersSince = (db: Database, site: SiteId, since: number): { address: string; at: number }[] =>
  db.all(answered({ site, since }));
