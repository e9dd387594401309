import type { SiteId } from '../model/endpoint.ts';
import type { FindingKind } from '../model/finding.ts';
import type { SupportLevel } from '../model/verdict.ts';
import type { Database } from './database.ts';
import { build, prepare } from './query.ts';
import { readRecord } from './record-json.ts';
import { saveSetting, settingOf } from './settings.ts';

/** How far the last digest reached. */
export interface DigestState {
  /** Its wall-clock day, in days since 1 January 1970. */
  day: number;
  /** When it was made, in milliseconds since the epoch. */
  at: number;
  /** Number of the last finding that it told of. */
  seq: number;
}

const KEY = 'alerts.digest';

/** The last digest; null before the first. */
export function lastDigest(db: Database): DigestState | null {
  const text = settingOf(db, KEY);
  return text === null ? null : (readRecord(text) as DigestState | null);
}

export function saveDigest(db: Database, state: DigestState): void {
  saveSetting(db, KEY, JSON.stringify(state));
}

/** As if there never was one: the next one is the first. */
export function forgetDigest(db: Database): void {
  saveSetting(db, KEY, '');
}

const raised = prepare(({ after, upTo }: { after: number; upTo: number }) =>
  build
    .selectFrom('findings')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('count')])
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .where('state', '=', 'raised')
    .groupBy('kind'),
);

/** How many findings of each kind were raised in a stretch of the journal. */
export const countRaised = (
  db: Database,
  stretch: { after: number; upTo: number },
): Partial<Record<FindingKind, number>> =>
  Object.fromEntries(db.all(raised(stretch)).map(({ kind, count }) => [kind, count]));

const phones = prepare(({ site }: { site: SiteId }) =>
  build
    .selectFrom('devices')
    .select((eb) => ['level', eb.fn.countAll<number>().as('count')])
    .where('site', '=', site)
    .where('merged_into', 'is', null)
    .where('status', '!=', 'gone')
    .where('level', '!=', 'not-applicable')
    .groupBy('level'),
);

/** How many phones of a site there are of each level, without those that are gone. */
export const countPhones = (db: Database, site: SiteId): Partial<Record<SupportLevel, number>> =>
  Object.fromEntries(db.all(phones({ site })).map(({ level, count }) => [level, count]));
