import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Database } from '../../src/store/database.ts';
import { insertDevice } from '../../src/store/devices.ts';
import {
  appendFindings,
  findingsAfter,
  findingsOf,
  findingsOfMany,
  latestFindings,
} from '../../src/store/findings.ts';
import { device, finding as newFinding, NO_REASONS } from './samples.ts';
import { openStore, rows } from './support.ts';

describe('the journal', () => {
  let db: Database;
  beforeEach(() => {
    db = openStore();
    for (let n = 0; n < 3; n++) insertDevice(db, device(), NO_REASONS);
  });

  const finding = (of: string, change: Partial<Finding> = {}) =>
    newFinding({ device: of, after: 'Yealink T46S', ...change });
  const seqs = (findings: readonly Finding[] | undefined) => findings?.map(({ seq }) => seq);

  it('numbers findings in the order they are written, and gives them back', () => {
    const changed = finding('d2', { kind: 'firmware-changed', before: '1', after: '2' });
    expect(appendFindings(db, [finding('d1'), changed])).toBe(2);
    expect(findingsAfter(db, 0, 10)).toEqual([
      { seq: 1, ...finding('d1') },
      { seq: 2, ...changed },
    ]);
    expect(appendFindings(db, [])).toBe(0);
  });

  it('writes all of a list or none', () => {
    expect(() => appendFindings(db, [finding('d1'), finding('d99')])).toThrow('FOREIGN KEY');
    expect(findingsAfter(db, 0, 10)).toEqual([]);
  });

  it('is read on from a number, a page at a time', () => {
    appendFindings(db, [finding('d1'), finding('d2'), finding('d3'), finding('d1')]);
    expect(seqs(findingsAfter(db, 0, 2))).toEqual([1, 2]);
    expect(seqs(findingsAfter(db, 2, 2))).toEqual([3, 4]);
    expect(findingsAfter(db, 4, 2)).toEqual([]);
  });

  it('tells the latest of all, of one device, and of several, newest first', () => {
    appendFindings(db, [finding('d1'), finding('d2'), finding('d1'), finding('d1')]);
    expect(seqs(latestFindings(db, 2))).toEqual([4, 3]);
    expect(seqs(findingsOf(db, 'd1', 2))).toEqual([4, 3]);
    expect(findingsOf(db, 'd9', 2)).toEqual([]);
    const many = findingsOfMany(db, ['d1', 'd2', 'd3', 'nobody'], 2);
    expect(['d1', 'd2', 'd3', 'nobody'].map((id) => seqs(many.get(id)))).toEqual([[4, 3], [2], [], []]);
  });

  it('refuses to be changed or shortened, by any way of SQL', () => {
    appendFindings(db, [finding('d1')]);
    const attacks = [
      "update findings set kind = 'conflict' returning seq",
      'delete from findings returning seq',
      "insert or replace into findings (seq, device_id, at, kind) values (1, 1, 0, 'conflict') returning seq",
    ];
    for (const attack of attacks) expect(() => rows(db, attack)).toThrow('append-only');
    expect(findingsAfter(db, 0, 10)).toEqual([{ seq: 1, ...finding('d1') }]);
  });
});
