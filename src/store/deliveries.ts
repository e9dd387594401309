import type { Message } from '../model/alert.ts';
import type { DeliveryRecord, GivenUpBecause } from '../model/delivery.ts';
import { insertRow, type Database } from './database.ts';
import { build, prepare } from './query.ts';
import { readRecord } from './record-json.ts';
import type { Row } from './schema.ts';

type Draft = Omit<Message, 'id'>;

/** A message that waits, and its place among all messages. */
export interface Waiting {
  number: number;
  at: number;
  attempts: number;
  /** Null where the record of it is damaged. */
  message: Draft | null;
}

/** How an attempt went, and what became of the message by it. */
export interface Attempt extends Pick<DeliveryRecord, 'number' | 'state' | 'because' | 'fault'> {
  at: number;
}

/** Messages of a sink that are over and still shown. */
const MOST_ENDED = 500;

const insert = prepare(
  (row: Pick<Row<'deliveries'>, 'sink' | 'message' | 'message_group' | 'reason' | 'at'>) =>
    build
      .insertInto('deliveries')
      .values({ ...row, state: 'waiting' })
      .returning('number as id'),
);
// The messages of a group stay in their order; among groups one that its receiver chokes on does not hold up the others.
const next = prepare(({ sink }: { sink: string }) =>
  build
    .selectFrom('deliveries')
    .select(['number', 'at', 'attempts', 'message'])
    .where('number', 'in', (eb) =>
      eb
        .selectFrom('deliveries as own')
        .select((own) => own.fn.min('own.number').as('number'))
        .where('own.sink', '=', sink)
        .where('own.state', '=', 'waiting')
        .groupBy('own.message_group'),
    )
    .orderBy('attempts')
    .orderBy('number')
    .limit(1),
);
const attempt = prepare(
  (
    row: Pick<
      Row<'deliveries'>,
      'number' | 'state' | 'because' | 'fault' | 'detail' | 'tried_at' | 'ended_at'
    >,
  ) =>
    build
      .updateTable('deliveries')
      .set((eb) => ({
        attempts: eb('attempts', '+', 1),
        tried_at: row.tried_at,
        ended_at: row.ended_at,
        state: row.state,
        because: row.because,
        fault: row.fault,
        detail: row.detail,
      }))
      .where('number', '=', row.number),
);
const giveUpBefore = prepare(
  ({ sink, before, ...set }: { sink: string; before: number; because: GivenUpBecause; ended_at: number }) =>
    build
      .updateTable('deliveries')
      .set({ state: 'given-up', ...set })
      .where('sink', '=', sink)
      .where('state', '=', 'waiting')
      .where('at', '<', before),
);
const giveUpBeyond = prepare(
  ({ sink, most, ...set }: { sink: string; most: number; because: GivenUpBecause; ended_at: number }) =>
    build
      .updateTable('deliveries')
      .set({ state: 'given-up', ...set })
      .where('number', 'in', (eb) =>
        eb
          .selectFrom('deliveries')
          .select('number')
          .where('sink', '=', sink)
          .where('state', '=', 'waiting')
          .orderBy('number', 'desc')
          .limit(-1)
          .offset(most),
      ),
);
const waitingSinks = prepare(() =>
  build.selectFrom('deliveries').select('sink').distinct().where('state', '=', 'waiting'),
);
const forget = prepare(({ sink, most }: { sink: string; most: number }) =>
  build
    .deleteFrom('deliveries')
    .where('number', 'in', (eb) =>
      eb
        .selectFrom('deliveries')
        .select('number')
        .where('sink', '=', sink)
        .where('state', 'in', ['delivered', 'given-up'])
        .orderBy('number', 'desc')
        .limit(-1)
        .offset(most),
    ),
);
const latest = prepare(({ limit }: { limit: number }) =>
  build.selectFrom('deliveries').selectAll().orderBy('number', 'desc').limit(limit),
);

/** Puts a message in the queue of a sink; returns its place among all messages. */
export const enqueue = (db: Database, sink: string, message: Draft): number =>
  insertRow(
    db,
    insert({
      sink,
      message: JSON.stringify(message),
      message_group: message.group,
      reason: message.reason,
      at: message.at,
    }),
  );

/** The message that a sink is to be tried with; null where none waits. Groups whose message failed come after those that did not. */
export function nextWaiting(db: Database, sink: string): Waiting | null {
  const row = db.first(next({ sink }));
  return row === null ? null : { ...row, message: readRecord(row.message) as Draft | null };
}

/** Notes how an attempt went. */
export function noteAttempt(db: Database, { number, state, because, fault, at }: Attempt): void {
  db.run(
    attempt({
      number,
      state,
      because,
      fault: fault?.reason ?? null,
      detail: fault?.detail ?? null,
      tried_at: at,
      ended_at: state === 'waiting' ? null : at,
    }),
  );
}

/** Gives up the messages of a sink that were made before a moment; returns how many. */
export const giveUpOld = (
  db: Database,
  { sink, before, now, because }: { sink: string; before: number; now: number; because: GivenUpBecause },
): number => db.run(giveUpBefore({ sink, before, because, ended_at: now }));

/** Gives up the oldest messages of a sink beyond the most that may wait; returns how many. */
export const giveUpBeyondMost = (
  db: Database,
  { sink, most, now }: { sink: string; most: number; now: number },
): number => db.run(giveUpBeyond({ sink, most, because: 'queue-full', ended_at: now }));

/** The sinks that messages wait for, whether they are configured still or not. */
export const sinksWithWaiting = (db: Database): string[] => db.all(waitingSinks({})).map(({ sink }) => sink);

/** Removes all but the latest messages of a sink that were delivered or given up. */
export function forgetEnded(db: Database, sink: string): void {
  db.run(forget({ sink, most: MOST_ENDED }));
}

/** The latest messages and what became of them, the latest first. */
export const listDeliveries = (db: Database, limit: number): DeliveryRecord[] =>
  db.all(latest({ limit })).map((row) => ({
    number: row.number,
    sink: row.sink,
    state: row.state,
    reason: row.reason,
    group: row.message_group,
    at: row.at,
    attempts: row.attempts,
    triedAt: row.tried_at,
    endedAt: row.ended_at,
    because: row.because,
    fault: row.fault === null ? null : { reason: row.fault, detail: row.detail ?? '' },
  }));
