import { sql } from 'kysely';
import type { Database } from './database.ts';
import { build, prepare } from './query.ts';

/** Rows that are removed in one transaction. */
const PORTION = 1000;

const oldVersions = prepare(({ before }: { before: number }) =>
  build
    .deleteFrom('versions')
    .where(
      'id',
      'in',
      build.selectFrom('versions').select('id').where('valid_to', '<=', before).limit(sql.lit(PORTION)),
    ),
);

/** What nothing inside the retention time stands on: not heard since, and neither the last words of its channel at its place. */
const oldSightings = prepare(({ before }: { before: number }) =>
  build.deleteFrom('sightings').where(
    'id',
    'in',
    build
      .selectFrom('sightings as old')
      .select('old.id')
      .where('old.last_at', '<', before)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('sightings as later')
            .select('later.id')
            .whereRef('later.endpoint_id', '=', 'old.endpoint_id')
            .whereRef('later.channel', '=', 'old.channel')
            .where('later.first_at', '<=', before)
            .whereRef('later.last_at', '>', 'old.last_at')
            .whereRef('later.solicited', '>=', 'old.solicited')
            .where(sql<boolean>`(later.user_agent is not null) >= (old.user_agent is not null)`),
        ),
      )
      .limit(sql.lit(PORTION)),
  ),
);
const orphans = prepare(() =>
  build.deleteFrom('messages').where(
    'id',
    'in',
    build
      .selectFrom('messages as message')
      .select('message.id')
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('sightings')
              .select('sightings.id')
              .whereRef('sightings.message_id', '=', 'message.id'),
          ),
        ),
      )
      .limit(sql.lit(PORTION)),
  ),
);
const oldSweeps = prepare(({ before }: { before: number }) =>
  build.deleteFrom('sweeps').where('ended_at', '<', before),
);
const oldWatches = prepare(({ before }: { before: number }) =>
  build.deleteFrom('watches').where('to_at', '<', before),
);
const oldJudgements = prepare(({ before }: { before: number }) =>
  build.deleteFrom('judgements').where('made_at', '<', before),
);

/**
 * Removes what is only needed to answer for times before `before`: versions that ended by then, sightings that later ones have replaced by
 * then, messages that nothing refers to, sweeps and watches. A portion at a time; returns whether more waits. The journal stays.
 */
export function forgetBefore(db: Database, before: number): boolean {
  return db.transaction(() => {
    const removed = [oldVersions, oldSightings].map((query) => db.run(query({ before })));
    const orphaned = db.run(orphans({}));
    for (const query of [oldSweeps, oldWatches, oldJudgements]) db.run(query({ before }));
    return [...removed, orphaned].some((count) => count >= PORTION);
  });
}
