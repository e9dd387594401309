import type { DeviceId } from '../model/device.ts';
import type { Transport } from '../model/endpoint.ts';
import type { Database } from './database.ts';
import { toDeviceId } from './device-id.ts';
import { build, idsIn, prepare } from './query.ts';

/** A sighting as a line of a history; its bytes are read by `rawOf`. Times are milliseconds since the epoch. */
export interface SightingLine {
  id: number;
  device: DeviceId;
  channel: string;
  solicited: boolean;
  address: string;
  port: number;
  transport: Transport;
  userAgent: string | null;
  /** When it was heard first, and when the same was heard last. */
  at: number;
  lastAt: number;
  times: number;
}

const byIds = prepare(({ ids }: { ids: string }) =>
  build
    .selectFrom('sightings')
    .innerJoin('endpoints', 'endpoints.id', 'sightings.endpoint_id')
    .select([
      'sightings.id',
      'sightings.device_id',
      'sightings.channel',
      'sightings.solicited',
      'sightings.user_agent',
      'address',
      'port',
      'transport',
      'first_at',
      'last_at',
      'times',
    ])
    .where('sightings.id', 'in', idsIn(ids))
    .orderBy('sightings.id'),
);

/** These sightings, oldest first; those that are kept no more are left out. */
export const sightingsByIds = (db: Database, ids: readonly number[]): SightingLine[] =>
  db.all(byIds({ ids: JSON.stringify(ids) })).map((row) => ({
    id: row.id,
    device: toDeviceId(row.device_id),
    channel: row.channel,
    solicited: row.solicited === 1,
    address: row.address,
    port: row.port,
    transport: row.transport,
    userAgent: row.user_agent,
    at: row.first_at,
    lastAt: row.last_at,
    times: row.times,
  }));
