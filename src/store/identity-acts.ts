import type { DeviceId } from '../model/device.ts';
import type { IdentityAct } from '../model/identity-act.ts';
import { insertRow, type Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

const insert = prepare((row: Omit<Row<'identity_acts'>, 'id'>) =>
  build.insertInto('identity_acts').values(row).returning('id'),
);
const undo = prepare((row: { id: number; undone_at: number; undone_by: string }) =>
  build
    .updateTable('identity_acts')
    .set({ undone_at: row.undone_at, undone_by: row.undone_by })
    .where('id', '=', row.id)
    .where('undone_at', 'is', null),
);
const byId = prepare(({ id }: { id: number }) =>
  build.selectFrom('identity_acts').selectAll().where('id', '=', id),
);
const latest = prepare(({ limit }: { limit: number }) =>
  build.selectFrom('identity_acts').selectAll().orderBy('id', 'desc').limit(limit),
);
const ofDevice = prepare(({ id }: { id: number }) =>
  build
    .selectFrom('identity_acts')
    .selectAll()
    .where((eb) => eb.or([eb('device_id', '=', id), eb('other_id', '=', id)]))
    .orderBy('id', 'desc'),
);
const tellApart = prepare((row: Row<'told_apart'>) =>
  build
    .insertInto('told_apart')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);
const apart = prepare(({ low_id, high_id }: Row<'told_apart'>) =>
  build.selectFrom('told_apart').select('low_id').where('low_id', '=', low_id).where('high_id', '=', high_id),
);
const mayBeOne = prepare(({ low_id, high_id }: Row<'told_apart'>) =>
  build.deleteFrom('told_apart').where('low_id', '=', low_id).where('high_id', '=', high_id),
);

/** Notes a merge or a split; returns its number, by which it is undone. */
export const recordAct = (db: Database, act: Omit<IdentityAct, 'id' | 'undoneAt' | 'undoneBy'>): number =>
  insertRow(
    db,
    insert({
      act: act.act,
      device_id: toRow(act.device),
      other_id: toRow(act.other),
      at: act.at,
      because: act.because,
      author: act.author,
      undone_at: null,
      undone_by: null,
    }),
  );

/** Notes that an act was undone; false where there is none, or it was before. */
export const recordUndo = (db: Database, id: number, at: number, author: string): boolean =>
  db.run(undo({ id, undone_at: at, undone_by: author })) > 0;

export const actById = (db: Database, id: number): IdentityAct | null => {
  const row = db.first(byId({ id }));
  return row === null ? null : toAct(row);
};

/** The latest acts, newest first. */
export const latestActs = (db: Database, limit: number): IdentityAct[] =>
  db.all(latest({ limit })).map(toAct);

/** The acts that a device took part in, newest first. */
export const actsOf = (db: Database, device: DeviceId): IdentityAct[] =>
  db.all(ofDevice({ id: toRow(device) })).map(toAct);

/** Notes that a person has said that two devices are not one. */
export function setApart(db: Database, a: DeviceId, b: DeviceId): void {
  db.run(tellApart(pair(a, b)));
}

/** Forgets that a person said so. */
export function setMaybeOne(db: Database, a: DeviceId, b: DeviceId): void {
  db.run(mayBeOne(pair(a, b)));
}

export const areApart = (db: Database, a: DeviceId, b: DeviceId): boolean =>
  db.first(apart(pair(a, b))) !== null;

const pair = (a: DeviceId, b: DeviceId): Row<'told_apart'> => ({
  low_id: Math.min(toRow(a), toRow(b)),
  high_id: Math.max(toRow(a), toRow(b)),
});

export const toAct = (row: Row<'identity_acts'>): IdentityAct => ({
  id: row.id,
  act: row.act,
  device: toDeviceId(row.device_id),
  other: toDeviceId(row.other_id),
  at: row.at,
  because: row.because,
  author: row.author,
  undoneAt: row.undone_at,
  undoneBy: row.undone_by,
});
