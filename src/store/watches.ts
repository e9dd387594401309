import { insertRow, type Database } from './database.ts';
import { build, prepare } from './query.ts';

const begin = prepare(({ at }: { at: number }) =>
  build
    .insertInto('watches')
    .values({ from_at: at, to_at: at, ended_because: null, noticed_at: null })
    .returning('id'),
);
const extend = prepare(({ id, to }: { id: number; to: number }) =>
  build.updateTable('watches').set({ to_at: to }).where('id', '=', id),
);
const end = prepare((row: { id: number; to: number; because: string; noticed: number }) =>
  build
    .updateTable('watches')
    .set({ to_at: row.to, ended_because: row.because, noticed_at: row.noticed })
    .where('id', '=', row.id),
);
const judge = prepare((row: { made_at: number; up_to: number }) =>
  build.insertInto('judgements').values(row),
);
const since = prepare(({ at }: { at: number }) =>
  build.selectFrom('watches').select(['from_at', 'to_at']).where('to_at', '>', at).orderBy('id'),
);

/** Notes that this auditor can hear from now on; returns the row to extend. */
export const beginWatch = (db: Database, at: number): number => insertRow(db, begin({ at }));

/** Notes that it could hear until then. */
export function extendWatch(db: Database, id: number, to: number): void {
  db.run(extend({ id, to }));
}

/** Notes that it could hear no longer from `to` on, why, and when that was noticed. */
export function endWatch(
  db: Database,
  id: number,
  { to, because, noticed }: { to: number; because: string; noticed: number },
): void {
  db.run(end({ id, to, because, noticed }));
}

/** When it was judged who has fallen silent, and up to which moment this auditor had certainly heard. */
export interface Judgement {
  madeAt: number;
  upTo: number;
}

export function recordJudgement(db: Database, { madeAt, upTo }: Judgement): void {
  db.run(judge({ made_at: madeAt, up_to: upTo }));
}

/** The spans of time since then in which this auditor could hear. */
export const watchesSince = (db: Database, at: number): { from: number; to: number }[] =>
  db.all(since({ at })).map(({ from_at, to_at }) => ({ from: from_at, to: to_at }));
