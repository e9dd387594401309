import type { Sweep } from '../model/sweep.ts';
import { insertRow, type Database } from './database.ts';
import { readCounts } from './json.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

type Columns = Omit<Row<'sweeps'>, 'id'>;

const insert = prepare((columns: Columns) => build.insertInto('sweeps').values(columns).returning('id'));
const update = prepare(({ id, ...columns }: Row<'sweeps'>) =>
  build.updateTable('sweeps').set(columns).where('id', '=', id),
);
const list = prepare(({ limit }: { limit: number }) =>
  build.selectFrom('sweeps').selectAll().orderBy('id', 'desc').limit(limit),
);
const unfinished = prepare(() =>
  build
    .selectFrom('sweeps')
    .selectAll()
    .where('state', 'in', ['running', 'paused'])
    .orderBy('id', 'desc')
    .limit(1),
);
const sound = prepare(({ since }: { since: number }) =>
  build
    .selectFrom('sweeps')
    .select('started_at')
    .where('state', '=', 'done')
    .where('unsound', 'is', null)
    .where('started_at', '>', since)
    .orderBy('started_at'),
);
const soundBefore = prepare(({ id }: { id: number }) =>
  build
    .selectFrom('sweeps')
    .selectAll()
    .where('id', '<', id)
    .where('state', '=', 'done')
    .where('unsound', 'is', null)
    .orderBy('id', 'desc')
    .limit(1),
);
const unsoundBefore = prepare(({ id, after }: { id: number; after: number }) =>
  build
    .selectFrom('sweeps')
    .selectAll()
    .where('id', '<', id)
    .where('id', '>', after)
    .where('state', '=', 'done')
    .where('unsound', 'is not', null)
    .orderBy('id', 'desc'),
);
const markAs = prepare(({ id, unsound }: { id: number; unsound: string }) =>
  build.updateTable('sweeps').set({ unsound }).where('id', '=', id),
);
const interrupt = prepare(({ at, but }: { at: number; but: number }) =>
  build
    .updateTable('sweeps')
    .set({ state: 'cancelled', ended_at: at })
    .where('state', 'in', ['running', 'paused'])
    .where('id', '!=', but),
);

/** Adds the record of a sweep and returns its id. */
export const startSweepRow = (db: Database, sweep: Omit<Sweep, 'id'>): number =>
  insertRow(db, insert(toColumns(sweep)));

export function updateSweepRow(db: Database, sweep: Sweep): void {
  db.run(update({ ...toColumns(sweep), id: sweep.id }));
}

/** The latest sweeps, newest first. */
export const listSweeps = (db: Database, limit: number): Sweep[] => db.all(list({ limit })).map(toSweep);

/** When each sweep began since then that is done and says something of absence, the earliest first. */
export const soundSweepsSince = (db: Database, since: number): number[] =>
  db.all(sound({ since })).map(({ started_at }) => started_at);

/** The last sweep before this one that is done and says something of absence; null where there is none. */
export const soundSweepBefore = (db: Database, id: number): Sweep | null =>
  db.all(soundBefore({ id })).map(toSweep)[0] ?? null;

/** The sweeps since the last sound one that are done and say nothing of absence, newest first. */
export function unsoundSweepsBefore(db: Database, id: number): Sweep[] {
  const after = soundSweepBefore(db, id)?.id ?? 0;
  return db.all(unsoundBefore({ id, after })).map(toSweep);
}

/** Notes that a sweep says nothing of absence, and how many of how many hosts were silent: it met a fault of our own. */
export function markUnsound(db: Database, id: number, unsound: string): void {
  db.run(markAs({ id, unsound }));
}

/** The sweep that was under way when the program last stopped; null for none. */
export const unfinishedSweep = (db: Database): Sweep | null => db.all(unfinished({})).map(toSweep)[0] ?? null;

/** Ends, as cancelled at `at`, whatever was under way when the program last stopped, but the one that goes on; returns how many. */
export const cancelUnfinishedSweeps = (db: Database, at: number, but: Sweep | null = null): number =>
  db.run(interrupt({ at, but: but?.id ?? -1 }));

const toColumns = (sweep: Omit<Sweep, 'id'>): Columns => ({
  channel: sweep.channel,
  state: sweep.state,
  started_at: sweep.startedAt,
  ended_at: sweep.endedAt,
  targets: sweep.targets,
  sent: sweep.sent,
  most_to_send: sweep.mostToSend,
  answered: sweep.answered,
  refused: JSON.stringify(sweep.refused),
  seed: sweep.seed,
  plan: sweep.plan,
  position: sweep.position,
  active_ms: Math.round(sweep.activeMs),
  unsound: sweep.unsound,
});

export const toSweep = (row: Row<'sweeps'>): Sweep => ({
  id: row.id,
  channel: row.channel,
  state: row.state,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  targets: row.targets,
  sent: row.sent,
  mostToSend: row.most_to_send,
  answered: row.answered,
  refused: readCounts(row.refused),
  seed: row.seed,
  plan: row.plan,
  position: row.position,
  activeMs: row.active_ms,
  unsound: row.unsound,
});
