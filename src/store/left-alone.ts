import type { SiteId } from '../model/endpoint.ts';
import type { Database } from './database.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';

/** Why a host is sent nothing for a while. */
export type LeftAloneReason =
  | 'retry-after' // its answer asked for it
  | 'fell-silent'; // it answered before, and no longer after a probe: blocked perhaps, or in trouble

export interface LeftAlone {
  site: SiteId;
  address: string;
  /** Milliseconds since the epoch. */
  until: number;
  because: LeftAloneReason;
}

const upsert = prepare((row: Row<'left_alone'>) =>
  build
    .insertInto('left_alone')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['site', 'address']).doUpdateSet({ until: row.until, because: row.because }),
    ),
);
const list = prepare(({ site, now }: { site: string; now: number }) =>
  build.selectFrom('left_alone').selectAll().where('site', '=', site).where('until', '>', now),
);
const forget = prepare(({ site, address }: { site: string; address: string }) =>
  build.deleteFrom('left_alone').where('site', '=', site).where('address', '=', address),
);

/** Notes until when a host is sent nothing; what was noted of it before is replaced. */
export function leaveAlone(db: Database, host: LeftAlone): void {
  db.run(upsert(host));
}

/** The hosts of a site that are sent nothing at `now`. */
export const listLeftAlone = (db: Database, site: SiteId, now: number): LeftAlone[] =>
  db.all(list({ site, now })).map((row) => ({ ...row, because: row.because as LeftAloneReason }));

/** A sign of life: the host may be asked again. */
export function mayBeAskedAgain(db: Database, { site, address }: Pick<LeftAlone, 'site' | 'address'>): void {
  db.run(forget({ site, address }));
}
