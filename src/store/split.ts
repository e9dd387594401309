import { sql } from 'kysely';
import type { DeviceId } from '../model/device.ts';
import { insertRow, type Database } from './database.ts';
import { toRow } from './device-id.ts';
import { build, prepare } from './query.ts';

const placesAt = prepare(({ id, address }: { id: number; address: string }) =>
  build
    .selectFrom('endpoints')
    .selectAll()
    .where('device_id', '=', id)
    .where('address', '=', address)
    .where('until', 'is', null),
);
const leave = prepare(({ id, at }: { id: number; at: number }) =>
  build.updateTable('endpoints').set({ until: at }).where('id', '=', id),
);
const copyPlace = prepare(({ id, device_id }: { id: number; device_id: number }) =>
  build
    .insertInto('endpoints')
    .columns([
      ...['device_id' as const, 'site' as const, 'address' as const, 'port' as const, 'transport' as const],
      ...['user_agent' as const, 'server' as const, 'sip_status' as const, 'solicited' as const],
      ...['channels' as const, 'first_seen' as const, 'last_seen' as const],
    ])
    .expression((eb) =>
      eb
        .selectFrom('endpoints')
        .select([
          sql<number>`${device_id}`.as('device_id'),
          ...(['site', 'address', 'port', 'transport', 'user_agent', 'server', 'sip_status'] as const),
          ...(['solicited', 'channels', 'first_seen', 'last_seen'] as const),
        ])
        .where('id', '=', id),
    )
    .returning('id'),
);
const sightingsAt = prepare(({ id }: { id: number }) =>
  build.selectFrom('sightings').selectAll().where('endpoint_id', '=', id).orderBy('id'),
);
const copySighting = prepare((row: { id: number; device_id: number; endpoint_id: number }) =>
  build
    .insertInto('sightings')
    .columns([
      ...([
        'device_id',
        'endpoint_id',
        'message_id',
        'channel',
        'solicited',
        'said',
        'user_agent',
        'server',
      ] as const),
      ...(['sip_status', 'first_at', 'last_at', 'times', 'is_open'] as const),
    ])
    .expression((eb) =>
      eb
        .selectFrom('sightings')
        .select([
          sql<number>`${row.device_id}`.as('device_id'),
          sql<number>`${row.endpoint_id}`.as('endpoint_id'),
          ...(['message_id', 'channel', 'solicited', 'said', 'user_agent', 'server'] as const),
          ...(['sip_status', 'first_at', 'last_at', 'times', 'is_open'] as const),
        ])
        .where('id', '=', row.id),
    ),
);
const forget = prepare(({ id }: { id: number }) =>
  build.deleteFrom('identifiers').where('device_id', '=', id),
);

/** Whether a device itself, its parts left aside, has an endpoint at an address. */
export const hasPlaceAt = (db: Database, device: DeviceId, address: string): boolean =>
  db.first(placesAt({ id: toRow(device), address })) !== null;

/**
 * Gives what was heard of a device at an address to another one. What was known of the first until `at` stays as it was: it leaves these places
 * then, and the other has copies of all that was heard there.
 */
export function giveAway(db: Database, from: DeviceId, to: DeviceId, address: string, at: number): void {
  const device_id = toRow(to);
  for (const place of db.all(placesAt({ id: toRow(from), address }))) {
    const endpoint_id = insertRow(db, copyPlace({ id: place.id, device_id }));
    for (const { id } of db.all(sightingsAt({ id: place.id })))
      db.run(copySighting({ id, device_id, endpoint_id }));
    db.run(leave({ id: place.id, at }));
  }
}

/** Forgets by what a device was known, before it is worked out anew. */
export function forgetIdentifiers(db: Database, device: DeviceId): void {
  db.run(forget({ id: toRow(device) }));
}
