import type { Outage } from '../model/delivery.ts';
import type { Database } from './database.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

const read = prepare(({ sink }: { sink: string }) =>
  build.selectFrom('outages').selectAll().where('sink', '=', sink),
);
const list = prepare(() => build.selectFrom('outages').selectAll().orderBy('sink'));
const save = prepare((row: Row<'outages'>) =>
  build
    .insertInto('outages')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('sink').doUpdateSet({
        failures: row.failures,
        tried_at: row.tried_at,
        wait_ms: row.wait_ms,
        given_up: row.given_up,
        fault: row.fault,
        detail: row.detail,
      }),
    ),
);
const end = prepare(({ sink }: { sink: string }) => build.deleteFrom('outages').where('sink', '=', sink));

/** Since when a sink fails, and how long it is left alone; null while it takes messages. */
export function outageOf(db: Database, sink: string): Outage | null {
  const row = db.first(read({ sink }));
  return row === null ? null : toOutage(row);
}

export const listOutages = (db: Database): Outage[] => db.all(list({})).map(toOutage);

/** Notes an outage; when it began stays. */
export function saveOutage(db: Database, { sink, since, failures, fault, ...outage }: Outage): void {
  db.run(
    save({
      sink,
      since,
      failures,
      tried_at: outage.triedAt,
      wait_ms: outage.waitMs,
      given_up: outage.givenUp,
      fault: fault.reason,
      detail: fault.detail,
    }),
  );
}

export function endOutage(db: Database, sink: string): void {
  db.run(end({ sink }));
}

const toOutage = (row: Row<'outages'>): Outage => ({
  sink: row.sink,
  since: row.since,
  failures: row.failures,
  triedAt: row.tried_at,
  waitMs: row.wait_ms,
  givenUp: row.given_up,
  fault: { reason: row.fault, detail: row.detail },
});
