import type { Alert, AlertState, AlertSubject } from '../model/alert.ts';
import { FINDINGS, type FindingKind } from '../model/finding.ts';
import type { Database } from './database.ts';
import { readRecord } from './record-json.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

const byKey = prepare(({ key }: { key: string }) =>
  build.selectFrom('alerts').selectAll().where('key', '=', key),
);
const save = prepare((row: Row<'alerts'>) =>
  build
    .insertInto('alerts')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        since: eb.ref('excluded.since'),
        resolved_at: eb.ref('excluded.resolved_at'),
        seq: eb.ref('excluded.seq'),
        because_en: eb.ref('excluded.because_en'),
        because_nl: eb.ref('excluded.because_nl'),
        subject: eb.ref('excluded.subject'),
      })),
    ),
);
const latest = prepare(({ limit }: { limit: number }) =>
  build.selectFrom('alerts').selectAll().orderBy('seq', 'desc').limit(limit),
);
const latestOfState = prepare(({ state, limit }: { state: AlertState; limit: number }) =>
  build.selectFrom('alerts').selectAll().where('state', '=', state).orderBy('seq', 'desc').limit(limit),
);
const changedOf = prepare(({ kind, seq, limit }: { kind: FindingKind; seq: number; limit: number }) =>
  build
    .selectFrom('alerts')
    .selectAll()
    .where('kind', '=', kind)
    .where('seq', '>', seq)
    .orderBy('seq', 'desc')
    .limit(limit),
);
const changes = prepare(({ seq }: { seq: number }) =>
  build
    .selectFrom('alerts')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('count')])
    .where('seq', '>', seq)
    .groupBy('kind'),
);
const forget = prepare(({ before }: { before: number }) =>
  build.deleteFrom('alerts').where('resolved_at', '<', before),
);

const forgetTellings = prepare(() =>
  build.deleteFrom('tellings').where('key', 'not in', (eb) => eb.selectFrom('alerts').select('alerts.key')),
);

/** The alert of a key; null where there never was one, or it is over long since. */
export function alertOf(db: Database, key: string): Alert | null {
  const row = db.first(byKey({ key }));
  return row === null ? null : toAlert(row);
}

/** Writes an alert in the place of what was known of its key. */
export function saveAlert(db: Database, { key, kind, about, ...alert }: Alert): void {
  const { state, since, resolvedAt, seq, because, subject } = alert;
  db.run(
    save({
      key,
      kind,
      about,
      state,
      since,
      resolved_at: resolvedAt,
      seq,
      because_en: because.en,
      because_nl: because.nl,
      subject: subject === null ? null : JSON.stringify(subject),
    }),
  );
}

/** The alerts that changed last, of one state where it is given, the latest first. */
export const listAlerts = (db: Database, { state, limit }: { state?: AlertState; limit: number }): Alert[] =>
  db.all(state === undefined ? latest({ limit }) : latestOfState({ state, limit })).map(toAlert);

/** How many alerts of each kind changed after a number of the journal. */
export const countAlertsSince = (db: Database, seq: number): Map<FindingKind, number> =>
  new Map(db.all(changes({ seq })).map(({ kind, count }) => [kind, count]));

/** The alerts of a kind that changed after a number of the journal, the latest first. */
export const alertsSince = (
  db: Database,
  { kind, seq, limit }: { kind: FindingKind; seq: number; limit: number },
): Alert[] => db.all(changedOf({ kind, seq, limit })).map(toAlert);

/** Removes the alerts that were over before a moment; returns how many. */
export const forgetResolved = (db: Database, before: number): number =>
  db.transaction(() => {
    const count = db.run(forget({ before }));
    if (count > 0) db.run(forgetTellings({}));
    return count;
  });

export const toAlert = (row: Row<'alerts'>): Alert => ({
  key: row.key,
  kind: row.kind,
  severity: FINDINGS[row.kind].severity,
  subject: row.subject === null ? null : (readRecord(row.subject) as AlertSubject | null),
  about: row.about,
  state: row.state,
  since: row.since,
  resolvedAt: row.resolved_at,
  seq: row.seq,
  because: { en: row.because_en, nl: row.because_nl },
});
