import { readdirSync, readFileSync } from 'node:fs';
import type { Compilable } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { expectGolden } from './golden.ts';
import { CALLS } from './store-calls.ts';
import { openStore, rows } from './support.ts';

describe('the schema', () => {
  it('is what test/golden/schema.sql shows, after all migrations', () => {
    const parts = rows(
      openStore(),
      "select sql from sqlite_schema where sql is not null and name not like 'sqlite\\_%' escape '\\' order by tbl_name, type desc, name",
    );
    expectGolden('schema.sql', parts.map(({ sql }) => `${String(sql)};\n`).join('\n'));
  });
});

/** Whether every row is looked at of a table that grows with the site or with time. */
const isScan = (plan: string): boolean =>
  /SCAN (?:devices|endpoints|sightings|messages|versions|identifiers|identity_acts|findings|reasons|conditions|alerts|deliveries|known|old|message|part|own|other|later)\b/.test(
    plan,
  );

/** Those for which every device, or every row that there is, counts. */
const LOOK_AT_ALL = [
  'deviceIds',
  'countPhones',
  'conditionsOfKinds',
  'forgetTheFuture',
  'allActs',
  'deviceAsOf',
  'devicesAsOf',
  'forgetBefore',
  'listDevices',
  'eachDevice',
];

/** Those that begin at one end of a table and stop where they have enough. */
const READ_FROM_THE_END = [
  'latestActs',
  'latestFindings',
  'journalEnd',
  'listAlerts',
  'listAlerts of a state',
  'listDeliveries',
];

/** Tables that are small whatever the site is: what fires, what waits, who disagrees. */
const FEW_ROWS = ['countAlertsSince', 'sinksWithWaiting'];

describe('the queries', () => {
  it('are those of every function of the store', () => {
    const called = new Set(Object.keys(CALLS).map((title) => title.split(/[ ,]/)[0]));
    expect(askingFunctions().filter((name) => !called.has(name))).toEqual([]);
  });

  it('run by the plans of test/golden/query-plans.txt, and none looks at every row of a big table but where all count', () => {
    const plans = explain(openStore(), CALLS);
    expectGolden('query-plans.txt', plans.map(({ title, text }) => `# ${title}\n${text}`).join('\n'));
    const scanning = plans.filter(({ scans }) => scans).map(({ title }) => title);
    expect(scanning.toSorted()).toEqual([...LOOK_AT_ALL, ...READ_FROM_THE_END, ...FEW_ROWS].toSorted());
  });
});

/** The exported functions of the store that take a database, but for those that only help others. */
function askingFunctions(): string[] {
  const folder = new URL('../../src/store/', import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return [...text.matchAll(/^export (?:const|function) (\w+)\b[^{]*?\(\s*db: Database/gm)]
      .map((found) => found[1] ?? '')
      .filter((name) => !HELPERS.has(name));
  });
}

const HELPERS: ReadonlySet<string> = new Set(['insertRow', 'withEndpoints']);

/** Makes each call, and has SQLite explain the queries that it makes. */
function explain(db: Database, calls: Record<string, (db: Database) => unknown>) {
  const heard = new Map<string, readonly unknown[]>();
  const note = <Q extends Compilable>(query: Q): Q => {
    const { sql, parameters } = query.compile();
    heard.set(sql, parameters);
    return query;
  };
  const noting: Database = {
    ...db,
    all: (query) => db.all(note(query)),
    first: (query) => db.first(note(query)),
    run: (query) => db.run(note(query)),
  };
  return Object.entries(calls).map(([title, call]) => {
    heard.clear();
    call(noting);
    const plans = [...heard].map(([sql, parameters]) => {
      const plan = rows(db, `explain query plan ${sql}`, ...parameters);
      return { sql, lines: plan.map(({ detail }) => `    ${String(detail)}`) };
    });
    return {
      title,
      text: plans.map(({ sql, lines }) => [sql, ...lines, ''].join('\n')).join(''),
      // What an insert lists are checks of references: SQLite skips them while none is broken.
      scans: plans.some(({ sql, lines }) => !sql.startsWith('insert') && lines.some(isScan)),
    };
  });
}
