import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deviceById, evidenceOf, listDevices } from '../../src/store/devices.ts';
import { latestFindings } from '../../src/store/findings.ts';
import { devicesKnownBy } from '../../src/store/identifiers.ts';
import { openDatabase } from '../../src/store/open.ts';
import { latestSightings, rawOf } from '../../src/store/sightings.ts';
import { listSweeps } from '../../src/store/sweeps.ts';
import { versionsOf } from '../../src/store/versions.ts';
import { evidence, MIGRATIONS } from './samples.ts';
import { openStore, rows, tempFolder } from './support.ts';

const FACTS = [
  { field: 'sip.status', value: '200' },
  { field: 'sip.user_agent', value: 'Acme P10/1.9' },
];

/** A file as the version before this one left it, with rows in each table. */
function oldFile(): string {
  const file = join(tempFolder(), 'old.db');
  const db = openDatabase({ file, migrations: MIGRATIONS.slice(0, 2) });
  const put = (table: string, ...values: unknown[]): void => {
    rows(db, `insert into ${table} values (${values.map(() => '?').join(', ')}) returning 1`, ...values);
  };
  const why = JSON.stringify([evidence()]);
  const caveats = '[{"en":"mind","nl":"let op"}]';
  const told = ['full', 1, 'c1', 'tested', 'getest', caveats, why, '[]', 'present', 1, 100, 900];
  const named = ['Acme', null, 'P10', '1.9', 'desk-phone'];
  put('devices', 1, 'office', ...named, '001565aabbcc', 'A-1', 0.9, ...told);
  put('devices', 2, 'office', ...named, '001565aabbdd', null, 0.9, ...told);
  const nobody = ['basic', 0, null, 'default', 'standaard', '[]', '[]', why, 'gone', 0, 300, 400];
  put('devices', 3, 'office', null, null, null, null, null, null, null, 0, ...nobody);
  put(
    'endpoints',
    1,
    1,
    'office',
    '10.0.0.1',
    5060,
    'udp',
    'Acme P10/1.9',
    null,
    200,
    1,
    '["sip-options"]',
    100,
    900,
  );
  put('sightings', 1, 1, 1, 'sip-options', 1, JSON.stringify(FACTS), Buffer.from('raw'), 100, 900, 7);
  put('findings', 1, 1, 100, 'appeared', null, 'Acme P10');
  put('findings', 4, 3, 300, 'appeared', null, null);
  put('sweeps', 1, 'sip-options', 'done', 1, 2, 3, 4, 5, 6, '{"malformed":1}', 7, 'plan', 8, 9);
  put('settings', 'key', 'value');
  put('left_alone', 'office', '10.0.0.9', 1000, 'retry-after');
  db.close();
  return file;
}

it('a file of the version before keeps all that it knows', () => {
  const db = openStore(oldFile());
  expect(listDevices(db, {}).map(({ id }) => id)).toEqual(['d3', 'd2', 'd1']);
  expect(deviceById(db, 'd1')).toEqual({
    id: 'd1',
    site: 'office',
    identity: {
      vendor: 'Acme',
      model: 'P10',
      firmware: '1.9',
      kind: 'desk-phone',
      mac: '001565aabbcc',
      serial: 'A-1',
    },
    confidence: 0.9,
    verdict: {
      level: 'full',
      clause: 'c1',
      because: { en: 'tested', nl: 'getest' },
      caveats: [{ en: 'mind', nl: 'let op' }],
      slaEligible: true,
    },
    status: 'present',
    solicited: true,
    firstSeen: 100,
    lastSeen: 900,
    endpoints: [
      {
        address: '10.0.0.1',
        port: 5060,
        transport: 'udp',
        userAgent: 'Acme P10/1.9',
        server: null,
        sipStatus: 200,
        solicited: true,
        channels: ['sip-options'],
        firstSeen: 100,
        lastSeen: 900,
      },
    ],
  });
  expect(evidenceOf(db, 'd1')).toEqual({ evidence: [evidence()], conflicts: [] });
  expect(evidenceOf(db, 'd3')).toEqual({ evidence: [], conflicts: [evidence()] });
  expect(latestSightings(db, 'd1')).toMatchObject([{ id: 1, facts: FACTS, at: 100, lastAt: 900, times: 7 }]);
  expect(Buffer.from(rawOf(db, 1) ?? []).toString()).toBe('raw');
  expect(rows(db, 'select user_agent, server, sip_status from sightings')).toEqual([
    { user_agent: 'Acme P10/1.9', server: null, sip_status: 200 },
  ]);
  expect(latestFindings(db, 9)).toMatchObject([
    { seq: 4, device: 'd3', state: 'raised', about: null },
    { seq: 1, device: 'd1', after: 'Acme P10' },
  ]);
  expect(listSweeps(db, 9)).toMatchObject([
    { seed: 7, position: 8, refused: { malformed: 1 }, unsound: null },
  ]);
  expect(rows(db, 'select * from settings')).toEqual([{ key: 'key', value: 'value' }]);
  expect(rows(db, 'select * from left_alone')).toHaveLength(1);
});

it('a file of the version before gains what devices are known by, their verdicts shared, and a first version of each', () => {
  const db = openStore(oldFile());
  expect(devicesKnownBy(db, 'office', { kind: 'mac', value: '001565aabbdd' })).toEqual(['d2']);
  expect(devicesKnownBy(db, 'office', { kind: 'serial', value: 'Acme A-1' })).toEqual(['d1']);
  expect(rows(db, 'select count(*) as n from verdicts')).toEqual([{ n: 2 }]);
  expect(versionsOf(db, 'd1')).toMatchObject([
    { validFrom: 100, validTo: null, recordedAt: 100, cause: 'sighting', firstSeen: 100, lastSeen: 900 },
  ]);
  expect(versionsOf(db, 'd3')).toMatchObject([{ status: 'gone', identity: {} }]);
});

it('the journal of a file of the version before goes on after its last number, and stays closed', () => {
  const db = openStore(oldFile());
  rows(db, "insert into findings (device_id, at, kind) values (1, 5, 'gone') returning seq");
  expect(latestFindings(db, 1)).toMatchObject([{ seq: 5 }]);
  expect(() => rows(db, 'delete from findings returning seq')).toThrow('append-only');
});
