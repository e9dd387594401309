import type { DeviceId } from '../model/device.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { IdentityAct } from '../model/identity-act.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Database } from './database.ts';
import { toDeviceId } from './device-id.ts';
import { toAct } from './identity-acts.ts';
import { readFacts } from './json.ts';
import { build, prepare } from './query.ts';
import type { Judgement } from './watches.ts';
import { toSweep } from './sweeps.ts';

/** One sighting and those that said the same: heard first at `at`, and again until `lastAt`. */
export interface HeardSpan extends Sighting {
  id: number;
  /** The record that it was heard of. */
  of: DeviceId;
  lastAt: number;
}

const spans = prepare(({ after, limit }: { after: number; limit: number }) =>
  build
    .selectFrom('sightings')
    .innerJoin('endpoints', 'endpoints.id', 'sightings.endpoint_id')
    .innerJoin('messages', 'messages.id', 'sightings.message_id')
    .select([
      'sightings.id',
      'sightings.device_id',
      'sightings.channel',
      'sightings.solicited',
      'facts',
      'raw',
      'first_at',
      'last_at',
    ])
    .select(['endpoints.site', 'transport', 'address', 'port'])
    .where('sightings.id', '>', after)
    .orderBy('sightings.id')
    .limit(limit),
);
const sweeps = prepare(() =>
  build.selectFrom('sweeps').selectAll().where('state', '=', 'done').orderBy('ended_at').orderBy('id'),
);
const watches = prepare(() => build.selectFrom('watches').selectAll().orderBy('id'));
const judgements = prepare(() => build.selectFrom('judgements').selectAll().orderBy('id'));
const acts = prepare(() => build.selectFrom('identity_acts').selectAll().orderBy('id'));

/** What was heard after row `after`, in the order in which it was taken in, at most `limit`. */
export const heardSpansAfter = (db: Database, after: number, limit: number): HeardSpan[] =>
  db.all(spans({ after, limit })).map((row) => {
    const from: Endpoint = { site: row.site, transport: row.transport, address: row.address, port: row.port };
    return {
      id: row.id,
      of: toDeviceId(row.device_id),
      channel: row.channel,
      at: row.first_at,
      lastAt: row.last_at,
      from,
      solicited: row.solicited === 1,
      facts: readFacts(row.facts),
      raw: row.raw,
    };
  });

/** The sweeps that are done, in the order of their end. */
export const doneSweeps = (db: Database): Sweep[] => db.all(sweeps({})).map(toSweep);

/** A span of time in which this auditor could hear; null where it was not noticed to end. */
export interface KeptWatch {
  from: number;
  to: number;
  end: { because: string; noticed: number } | null;
}

/** The spans of time in which this auditor could hear, the earliest first. */
export const allWatches = (db: Database): KeptWatch[] =>
  db.all(watches({})).map(({ from_at, to_at, ended_because, noticed_at }) => ({
    from: from_at,
    to: to_at,
    end: ended_because === null ? null : { because: ended_because, noticed: noticed_at ?? to_at },
  }));

/** When it was judged who has fallen silent, the earliest first. */
export const allJudgements = (db: Database): Judgement[] =>
  db.all(judgements({})).map(({ made_at, up_to }) => ({ madeAt: made_at, upTo: up_to }));

/** All merges and splits, the oldest first. */
export const allActs = (db: Database): IdentityAct[] => db.all(acts({})).map(toAct);
