import { sql } from 'kysely';
import type { DeviceEndpoint, DeviceId } from '../model/device.ts';
import type { SiteId } from '../model/endpoint.ts';
import { insertRow, type Database } from './database.ts';
import { toRow } from './device-id.ts';
import { build, prepare } from './query.ts';
import type { Tables } from './schema.ts';

/** What one sighting says of where its device is reached. */
export interface HeardEndpoint extends Pick<
  DeviceEndpoint,
  'address' | 'port' | 'transport' | 'userAgent' | 'server' | 'sipStatus' | 'solicited'
> {
  channel: string;
  at: number;
}

/** What is not said erases nothing; and once our own probe has been answered, overheard news only fills what is not known. */
const better = (column: 'user_agent' | 'server' | 'sip_status') => {
  const [now, before] = [sql.ref(`excluded.${column}`), sql.ref(`endpoints.${column}`)];
  return sql<never>`iif(excluded.solicited < endpoints.solicited, coalesce(${before}, ${now}), coalesce(${now}, ${before}))`;
};

const withChannel = (channel: string) => sql<string>`iif(
  exists (select 1 from json_each(endpoints.channels) where value = ${channel}),
  endpoints.channels,
  json_insert(endpoints.channels, '$[#]', ${channel})
)`;

type Heard = Omit<Tables['endpoints'], 'id' | 'channels' | 'first_seen' | 'last_seen'> &
  Pick<HeardEndpoint, 'channel' | 'at'>;

const upsert = prepare(({ channel, at, ...columns }: Heard) =>
  build
    .insertInto('endpoints')
    .values({ ...columns, channels: sql`json_array(${channel})`, first_seen: at, last_seen: at })
    .onConflict((conflict) =>
      conflict.columns(['device_id', 'address', 'port', 'transport']).doUpdateSet({
        user_agent: better('user_agent'),
        server: better('server'),
        sip_status: better('sip_status'),
        solicited: sql`max(endpoints.solicited, excluded.solicited)`,
        channels: withChannel(channel),
        first_seen: sql`min(endpoints.first_seen, excluded.first_seen)`,
        last_seen: sql`max(endpoints.last_seen, excluded.last_seen)`,
      }),
    )
    .returning('id'),
);

/** Adds an endpoint to a device, or renews it; returns its row for the sightings made there. */
export const saveEndpoint = (db: Database, device: DeviceId, site: SiteId, heard: HeardEndpoint): number =>
  insertRow(
    db,
    upsert({
      device_id: toRow(device),
      site,
      address: heard.address,
      port: heard.port,
      transport: heard.transport,
      user_agent: heard.userAgent,
      server: heard.server,
      sip_status: heard.sipStatus,
      solicited: Number(heard.solicited),
      channel: heard.channel,
      at: heard.at,
    }),
  );

const heardBy = prepare(({ site, channel }: { site: SiteId; channel: string }) =>
  build
    .selectFrom('endpoints')
    .select('id')
    .where('site', '=', site)
    .where(sql<boolean>`instr(channels, json_quote(${channel})) > 0`)
    .limit(1),
);

/** Whether a channel has ever told of a device of this site. */
export const hasHeardBy = (db: Database, site: SiteId, channel: string): boolean =>
  db.first(heardBy({ site, channel })) !== null;
