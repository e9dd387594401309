import type { Compilable } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../../src/model/device.ts';
import type { Database } from '../../src/store/database.ts';
import {
  deviceById,
  eachDevice,
  devicesByAddress,
  devicesByMac,
  devicesBySerial,
  evidenceOf,
  insertDevice,
  listDevices,
  touchDevice,
  updateDevice,
} from '../../src/store/devices.ts';
import { hasHeardBy, saveEndpoint } from '../../src/store/endpoints.ts';
import {
  appendFindings,
  findingsAfter,
  findingsOf,
  findingsOfMany,
  latestFindings,
} from '../../src/store/findings.ts';
import { saveSetting, settingOf } from '../../src/store/settings.ts';
import { leaveAlone, listLeftAlone, mayBeAskedAgain } from '../../src/store/left-alone.ts';
import {
  answersSince,
  latestSightings,
  rawOf,
  saveFirstSighting,
  saveSighting,
} from '../../src/store/sightings.ts';
import {
  cancelUnfinishedSweeps,
  listSweeps,
  startSweepRow,
  unfinishedSweep,
  updateSweepRow,
} from '../../src/store/sweeps.ts';
import { expectGolden } from './golden.ts';
import { AT, device, heardAt, NO_REASONS, sighting } from './samples.ts';
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

describe('the queries', () => {
  const id: DeviceId = 'd1';
  const sweep = {
    channel: 'sip-options',
    state: 'running' as const,
    startedAt: AT,
    endedAt: null,
    targets: 1,
    sent: 0,
    mostToSend: 3,
    answered: 0,
    refused: {},
    seed: 7,
    plan: 'plan',
    position: 0,
    activeMs: 0,
  };
  const finding = { device: id, at: AT, kind: 'appeared' as const, before: null, after: null };

  // In an order in which each finds what it needs.
  const calls: Record<string, (db: Database) => unknown> = {
    insertDevice: (db) => insertDevice(db, device(), NO_REASONS),
    saveEndpoint: (db) => saveEndpoint(db, id, 'office', heardAt('192.0.2.7')),
    saveFirstSighting: (db) => saveFirstSighting(db, id, 1, sighting()),
    saveSighting: (db) => saveSighting(db, id, 1, sighting()),
    updateDevice: (db) => updateDevice(db, id, device(), NO_REASONS),
    touchDevice: (db) => touchDevice(db, id, AT, 'present'),
    deviceById: (db) => deviceById(db, id),
    devicesByMac: (db) => devicesByMac(db, 'office', '001565aabbcc'),
    devicesBySerial: (db) => devicesBySerial(db, 'office', 'Yealink', '1234'),
    devicesByAddress: (db) => devicesByAddress(db, 'office', '192.0.2.7'),
    evidenceOf: (db) => evidenceOf(db, id),
    latestSightings: (db) => latestSightings(db, id),
    rawOf: (db) => rawOf(db, 1),
    appendFindings: (db) => appendFindings(db, [finding]),
    findingsAfter: (db) => findingsAfter(db, 0, 10),
    findingsOf: (db) => findingsOf(db, id, 10),
    findingsOfMany: (db) => findingsOfMany(db, [id, 'd2'], 10),
    latestFindings: (db) => latestFindings(db, 10),
    startSweepRow: (db) => startSweepRow(db, sweep),
    updateSweepRow: (db) => updateSweepRow(db, { ...sweep, id: 1 }),
    listSweeps: (db) => listSweeps(db, 10),
    unfinishedSweep: (db) => unfinishedSweep(db),
    cancelUnfinishedSweeps: (db) => cancelUnfinishedSweeps(db, AT),
    answersSince: (db) => answersSince(db, 'office', AT),
    leaveAlone: (db) =>
      leaveAlone(db, { site: 'office', address: '192.0.2.7', until: AT, because: 'retry-after' }),
    listLeftAlone: (db) => listLeftAlone(db, 'office', AT),
    hasHeardBy: (db) => hasHeardBy(db, 'office', 'registrations'),
    mayBeAskedAgain: (db) => mayBeAskedAgain(db, { site: 'office', address: '192.0.2.7' }),
    saveSetting: (db) => saveSetting(db, 'key', 'value'),
    settingOf: (db) => settingOf(db, 'key'),
    listDevices: (db) => listDevices(db, {}),
    eachDevice: (db) => eachDevice(db, {}),
    'listDevices with every filter': (db) =>
      listDevices(db, {
        levels: ['basic', 'unsupported'],
        vendor: 'yealink',
        kind: 'desk-phone',
        status: 'present',
        slaEligible: true,
        text: 't46',
        limit: 50,
        offset: 100,
      }),
  };

  it('run by the plans of test/golden/query-plans.txt, and only the list looks at every device', () => {
    const plans = explain(openStore(), calls);
    expectGolden('query-plans.txt', plans.map(({ title, text }) => `# ${title}\n${text}`).join('\n'));
    const scanning = plans.filter(({ text }) => /SCAN (devices|endpoints|sightings)/.test(text));
    expect(scanning.map(({ title }) => title)).toEqual([
      'listDevices',
      'eachDevice',
      'listDevices with every filter',
    ]);
  });
});

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
    const queries = [...heard].map(([sql, parameters]) => {
      const plan = rows(db, `explain query plan ${sql}`, ...parameters);
      return [sql, ...plan.map(({ detail }) => `    ${String(detail)}`), ''].join('\n');
    });
    return { title, text: queries.join('') };
  });
}
