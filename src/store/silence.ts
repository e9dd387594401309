import type { DeviceId } from '../model/device.ts';
import type { Database } from './database.ts';
import { toDeviceId } from './device-id.ts';
import { build, prepare } from './query.ts';

const quiet = prepare(({ before }: { before: number }) =>
  build
    .selectFrom('devices')
    .select('id')
    .where('merged_into', 'is', null)
    .where('status', 'in', ['present', 'stale'])
    .where('last_seen', '<', before)
    .orderBy('id'),
);
const fromFuture = prepare(({ now }: { now: number }) =>
  build.updateTable('devices').set({ last_seen: now }).where('last_seen', '>', now),
);
const endpointsFromFuture = prepare(({ now }: { now: number }) =>
  build.updateTable('endpoints').set({ last_seen: now }).where('last_seen', '>', now),
);
const sightingsFromFuture = prepare(({ now }: { now: number }) =>
  build.updateTable('sightings').set({ last_at: now }).where('last_at', '>', now),
);

/** The devices, gone ones left out, that were not heard since then, in the order of their discovery. */
export const devicesQuietSince = (db: Database, before: number): DeviceId[] =>
  db.all(quiet({ before })).map(({ id }) => toDeviceId(id));

/** After the clock was set back: nothing was heard in what is the future again. */
export function forgetTheFuture(db: Database, now: number): void {
  db.transaction(() => {
    db.run(fromFuture({ now }));
    db.run(endpointsFromFuture({ now }));
    db.run(sightingsFromFuture({ now }));
  });
}
