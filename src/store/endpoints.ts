import { sql } from 'kysely';
import type { DeviceEndpoint, DeviceId } from '../model/device.ts';
import type { SiteId, Transport } from '../model/endpoint.ts';
import { insertRow, type Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
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

type Heard = Omit<Tables['endpoints'], 'id' | 'channels' | 'first_seen' | 'last_seen' | 'until'> &
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
        until: null,
      }),
    )
    .returning('id'),
);

const holder = prepare((place: { id: number; address: string; port: number; transport: Transport }) =>
  build
    .selectFrom('endpoints')
    .innerJoin('devices', 'devices.id', 'endpoints.device_id')
    .select('devices.id')
    .where('devices.merged_into', '=', place.id)
    .where('address', '=', place.address)
    .where('port', '=', place.port)
    .where('transport', '=', place.transport)
    .where('until', 'is', null)
    .limit(1),
);

/** The row of a place where a device was heard, and the record of the device that holds it: a part of it where that was there first. */
export interface HeardAt {
  endpoint: number;
  device: DeviceId;
}

/** Adds an endpoint to a device, or renews it; returns its row for the sightings made there. */
export function saveEndpoint(db: Database, device: DeviceId, site: SiteId, heard: HeardEndpoint): HeardAt {
  const { address, port, transport } = heard;
  const row = toRow(device);
  const device_id = db.first(holder({ id: row, address, port, transport }))?.id ?? row;
  const endpoint = insertRow(
    db,
    upsert({
      device_id,
      site,
      address,
      port,
      transport,
      user_agent: heard.userAgent,
      server: heard.server,
      sip_status: heard.sipStatus,
      solicited: Number(heard.solicited),
      channel: heard.channel,
      at: heard.at,
    }),
  );
  return { endpoint, device: toDeviceId(device_id) };
}

const again = prepare((row: { id: number; at: number; sip_status: number | null }) =>
  build
    .updateTable('endpoints')
    .set({
      last_seen: sql`max(last_seen, ${row.at})`,
      sip_status: sql`coalesce(${row.sip_status}, sip_status)`,
    })
    .where('id', '=', row.id),
);

/** Notes that an endpoint was heard again, on the channel as before and with the same words but for the status. */
export function touchEndpoint(db: Database, row: number, at: number, sipStatus: number | null): void {
  db.run(again({ id: row, at, sip_status: sipStatus }));
}

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
