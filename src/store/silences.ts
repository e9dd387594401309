import { sql } from 'kysely';
import type { Matchers, NewSilence, Silence } from '../model/silence.ts';
import { insertRow, type Database } from './database.ts';
import { build, prepare } from './query.ts';
import { readRecord } from './record-json.ts';
import type { Row } from './schema.ts';

const insert = prepare((row: Omit<Row<'silences'>, 'id' | 'ended_at' | 'ended_by'>) =>
  build.insertInto('silences').values(row).returning('id'),
);
const unexpired = prepare(({ now }: { now: number }) =>
  build
    .selectFrom('silences')
    .selectAll()
    .where('expires_at', '>', now)
    .where('ended_at', 'is', null)
    .orderBy('id'),
);
const latest = prepare(({ limit }: { limit: number }) =>
  build.selectFrom('silences').selectAll().orderBy('id', 'desc').limit(limit),
);
const end = prepare(({ id, at, by, now }: { id: number; at: number; by: string; now: number }) =>
  build
    .updateTable('silences')
    .set({ ended_at: at, ended_by: by })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now),
);

const endOfAlert = prepare(({ alert, at, by }: { alert: string; at: number; by: string }) =>
  build
    .updateTable('silences')
    .set({ ended_at: at, ended_by: by })
    .where(sql`matchers ->> '$.alert'`, '=', alert)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at),
);

/** Adds a silence and returns its id. */
export const addSilence = (db: Database, silence: NewSilence, createdAt: number): number =>
  insertRow(
    db,
    insert({
      matchers: JSON.stringify(silence.matchers),
      author: silence.author,
      reason: silence.reason,
      created_at: createdAt,
      starts_at: silence.startsAt,
      expires_at: silence.expiresAt,
    }),
  );

/** The silences that hold now or will. */
export const silencesFrom = (db: Database, now: number): Silence[] =>
  db.all(unexpired({ now })).map(toSilence);

/** The silences that were made last, also those that are over, the latest first. */
export const listSilences = (db: Database, limit: number): Silence[] =>
  db.all(latest({ limit })).map(toSilence);

/** Ends a silence before its time; false where there is none, or it is over already. */
export const endSilence = (db: Database, { id, by, now }: { id: number; by: string; now: number }): boolean =>
  db.run(end({ id, at: now, by, now })) > 0;

/** Ends the acknowledgements of an alert that is over. */
export function endAcknowledgements(
  db: Database,
  alert: string,
  { by, now }: { by: string; now: number },
): void {
  db.run(endOfAlert({ alert, at: now, by }));
}

const toSilence = (row: Row<'silences'>): Silence => ({
  id: row.id,
  // What is damaged silences nothing.
  matchers: (readRecord(row.matchers) as Matchers | null) ?? {},
  author: row.author,
  reason: row.reason,
  createdAt: row.created_at,
  startsAt: row.starts_at,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
});
