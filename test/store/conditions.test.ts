import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { insertDevice } from '../../src/store/devices.ts';
import { conditionsOf, conditionsOfKinds, latestFindings, recordFindings } from '../../src/store/findings.ts';
import { verdictRow } from '../../src/store/verdicts.ts';
import { AT, device, finding, NO_REASONS } from './samples.ts';
import { openStore, rows } from './support.ts';

let db: Database;
beforeEach(() => {
  db = openStore();
  insertDevice(db, device(), NO_REASONS);
});
const gone = finding({ kind: 'gone' });
const back = finding({ kind: 'gone', state: 'cleared', at: AT + 1 });
const count = (): number => latestFindings(db, 99).length;

describe('a condition', () => {
  it('is raised once and cleared once, however often that is said', () => {
    expect([gone, gone, back, back].map((one) => recordFindings(db, [one]))).toEqual([1, 0, 2, 0]);
    expect(conditionsOf(db, 'd1')).toEqual([]);
    expect(recordFindings(db, [gone])).toBe(3);
    expect(conditionsOf(db, 'd1')).toEqual([{ kind: 'gone', device: 'd1', about: null, since: AT }]);
  });

  it('that never held is not cleared', () => {
    expect(recordFindings(db, [back])).toBe(0);
    expect(count()).toBe(0);
  });

  it('is one for each thing that it is about, and one of the site', () => {
    const about = (of: string) => finding({ kind: 'capability-mismatch', about: of });
    const site = finding({ kind: 'discovery-impaired', device: null, about: 'mdns' });
    recordFindings(db, [about('REFER'), about('G729'), about('REFER'), site]);
    expect(
      conditionsOf(db, 'd1')
        .map((one) => one.about)
        .toSorted(),
    ).toEqual(['G729', 'REFER']);
    expect(conditionsOf(db, null)).toMatchObject([
      { kind: 'discovery-impaired', device: null, about: 'mdns' },
    ]);
    expect(conditionsOfKinds(db, ['discovery-impaired', 'gone'])).toHaveLength(1);
  });

  it('is not what has merely happened: that is told each time', () => {
    recordFindings(db, [finding(), finding()]);
    expect([count(), conditionsOf(db, 'd1')]).toEqual([2, []]);
  });

  it('is forgotten with the findings that cannot be written', () => {
    expect(() => db.transaction(() => recordFindings(db, [gone, finding({ device: 'd9' })]))).toThrow(
      'FOREIGN KEY',
    );
    expect(conditionsOf(db, 'd1')).toEqual([]);
  });
});

it('a verdict has one row for all devices of which it says the same', () => {
  const { verdict } = device();
  const row = verdictRow(db, verdict);
  expect(verdictRow(db, { ...verdict })).toBe(row);
  const others = [
    { clause: 'x' },
    { caveats: [] },
    { firmwareFrom: '2' },
    { callDeflect: 'always' as const },
  ];
  const all = others.map((change) => verdictRow(db, { ...verdict, ...change }));
  expect(new Set([row, ...all]).size).toBe(5);
  expect(rows(db, 'select count(*) as n from verdicts')).toEqual([{ n: 5 }]);
});
