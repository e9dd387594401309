import type { Alert } from '../model/alert.ts';
import type { FindingKind } from '../model/finding.ts';
import { toAlert } from './alerts.ts';
import type { Database } from './database.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

/** The alerts of one kind, as one sink is told of them. Times are milliseconds since the epoch. */
export interface AlertGroup {
  sink: string;
  kind: FindingKind;
  /** What is up to this number in the journal has been looked at. */
  seq: number;
  /** When it is looked at next; null while nothing fires and nothing is new. */
  dueAt: number | null;
  /** When its last message was made. */
  sentAt: number | null;
}

/** An alert of a group, and when its sink was last told that it fires; null where it was not. */
export interface TellingState {
  alert: Alert;
  toldAt: number | null;
}

type Place = Pick<AlertGroup, 'sink' | 'kind'>;

const list = prepare(() => build.selectFrom('alert_groups').selectAll());
const save = prepare((row: Row<'alert_groups'>) =>
  build
    .insertInto('alert_groups')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['sink', 'kind'])
        .doUpdateSet({ seq: row.seq, due_at: row.due_at, sent_at: row.sent_at }),
    ),
);
const forget = prepare(({ sink, kind }: Place) =>
  build.deleteFrom('alert_groups').where('sink', '=', sink).where('kind', '=', kind),
);
const forgetTellings = prepare(({ sink, kind }: Place) =>
  build.deleteFrom('tellings').where('sink', '=', sink).where('kind', '=', kind),
);

type TellingFilter = AlertGroup & {
  /** Of those that fire and were told, only what was told by then. */
  toldBefore: number;
};

// Two queries: what fires or is new, and what is over and was told.
const current = prepare(({ sink, kind, seq, toldBefore }: Omit<TellingFilter, 'dueAt' | 'sentAt'>) =>
  build
    .selectFrom('alerts')
    .leftJoin('tellings', (join) =>
      join
        .on('tellings.sink', '=', sink)
        .on('tellings.kind', '=', kind)
        .onRef('tellings.key', '=', 'alerts.key'),
    )
    .selectAll('alerts')
    .select('tellings.at as told_at')
    .where('alerts.kind', '=', kind)
    .where((eb) =>
      eb.or([
        eb('alerts.seq', '>', seq),
        eb.and([
          eb('alerts.state', '=', 'firing'),
          eb.or([eb('tellings.at', 'is', null), eb('tellings.at', '<=', toldBefore)]),
        ]),
      ]),
    )
    .orderBy('alerts.seq'),
);
const over = prepare(({ sink, kind, seq }: Pick<AlertGroup, 'sink' | 'kind' | 'seq'>) =>
  build
    .selectFrom('tellings')
    .innerJoin('alerts', 'alerts.key', 'tellings.key')
    .selectAll('alerts')
    .select('tellings.at as told_at')
    .where('tellings.sink', '=', sink)
    .where('tellings.kind', '=', kind)
    .where('alerts.state', '=', 'resolved')
    .where('alerts.seq', '<=', seq)
    .orderBy('alerts.seq'),
);
const any = prepare(({ sink, kind }: Place) =>
  build.selectFrom('tellings').select('key').where('sink', '=', sink).where('kind', '=', kind).limit(1),
);
const tell = prepare((row: Row<'tellings'>) =>
  build
    .insertInto('tellings')
    .values(row)
    .onConflict((conflict) => conflict.columns(['sink', 'kind', 'key']).doUpdateSet({ at: row.at })),
);
const untell = prepare(({ sink, kind, key }: Omit<Row<'tellings'>, 'at'>) =>
  build.deleteFrom('tellings').where('sink', '=', sink).where('kind', '=', kind).where('key', '=', key),
);
const cap = prepare(({ sink, kind, now }: Place & { now: number }) =>
  build
    .updateTable('tellings')
    .set({ at: now })
    .where('sink', '=', sink)
    .where('kind', '=', kind)
    .where('at', '>', now),
);

export const listGroups = (db: Database): AlertGroup[] =>
  db.all(list({})).map(({ due_at, sent_at, ...row }) => ({ ...row, dueAt: due_at, sentAt: sent_at }));

export function saveGroup(db: Database, { sink, kind, seq, dueAt, sentAt }: AlertGroup): void {
  db.run(save({ sink, kind, seq, due_at: dueAt, sent_at: sentAt }));
}

/** Forgets a group, and what its sink has been told of it. */
export function forgetGroup(db: Database, { sink, kind }: Place): void {
  db.run(forget({ sink, kind }));
  db.run(forgetTellings({ sink, kind }));
}

/** What may have to be told of a group: what fires, what has changed since it was looked at, and what is over and was told as firing. */
export const tellingsOf = (db: Database, { sink, kind, seq, toldBefore }: TellingFilter): TellingState[] =>
  [...db.all(current({ sink, kind, seq, toldBefore })), ...db.all(over({ sink, kind, seq }))].map(
    ({ told_at, ...row }) => ({ alert: toAlert(row), toldAt: told_at }),
  );

/** Whether a sink has been told of an alert that fires, and not that it is over. */
export const hasTold = (db: Database, { sink, kind }: Place): boolean =>
  db.first(any({ sink, kind })) !== null;

/** Notes that a sink has been told that these alerts fire. */
export function noteTold(db: Database, { sink, kind }: Place, alerts: readonly Alert[], at: number): void {
  for (const { key } of alerts) db.run(tell({ sink, kind, key, at }));
}

/** Notes that a sink has been told that these alerts are over. */
export function noteOver(db: Database, { sink, kind }: Place, alerts: readonly Alert[]): void {
  for (const { key } of alerts) db.run(untell({ sink, kind, key }));
}

/** A telling that lies ahead was noted by a clock that has been set back: its interval begins anew. */
export function noteClock(db: Database, { sink, kind }: Place, now: number): void {
  db.run(cap({ sink, kind, now }));
}
