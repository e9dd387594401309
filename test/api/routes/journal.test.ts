import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConditionListJson } from '../../../src/api/contract/condition.ts';
import { FindingListJson } from '../../../src/api/contract/finding.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { recordFindings } from '../../../src/store/findings.ts';
import { NOON, openSite, type OpenSite } from '../site.ts';

let site: OpenSite;
beforeEach(() => {
  site = openSite();
  const [one, other] = [site.addDevice(), site.addDevice()];
  const found = (change: Pick<Finding, 'kind' | 'device'> & Partial<Finding>): Omit<Finding, 'seq'> => ({
    at: NOON,
    about: null,
    state: 'raised',
    cause: null,
    before: null,
    after: null,
    sighting: null,
    ...change,
  });
  recordFindings(site.db, [
    found({ kind: 'appeared', device: one }),
    found({ kind: 'gone', device: one, at: NOON + 1 }),
    found({ kind: 'unsupported', device: other, at: NOON + 2 }),
    found({ kind: 'unsupported', device: one, at: NOON + 3 }),
    found({ kind: 'gone', device: one, state: 'cleared', at: NOON + 4 }),
    found({ kind: 'discovery-impaired', device: null, about: 'eth0', at: NOON + 5 }),
  ]);
});
afterEach(() => site.close());

describe('GET /api/v1/findings', () => {
  it.each([
    ['kind=gone', [2, 5]],
    ['kind=gone&kind=appeared', [1, 2, 5]],
    ['severity=critical', [3, 4]],
    ['severity=critical&severity=info', [1, 3, 4]],
    ['severity=info&kind=gone', []],
    ['device=d1', [1, 2, 4, 5]],
    ['device=d1&state=cleared', [5]],
    ['device=x', []],
    ['severity=critical&after=3', [4]],
    ['kind=gone&limit=1', [2]],
  ])('filters by %s and keeps the order of the journal', async (query, seqs) => {
    const { body } = await site.get(`/api/v1/findings?${query}`);
    expect(Value.Parse(FindingListJson, body).findings.map(({ seq }) => seq)).toEqual(seqs);
  });

  it.each(['kind=good', 'severity=bad', 'state=over', `device=${'d'.repeat(21)}`])(
    'refuses ?%s',
    async (query) => {
      expect(await site.get(`/api/v1/findings?${query}`)).toMatchObject({ status: 400 });
    },
  );
});

describe('GET /api/v1/conditions', () => {
  const conditions = async (query: string) =>
    Value.Parse(ConditionListJson, (await site.get(`/api/v1/conditions?${query}`)).body);

  it('tells what holds now, the worst and oldest first, in the language asked for', async () => {
    const { count, conditions: all } = await conditions('lang=nl');
    expect(count).toBe(3);
    expect(all.map(({ key }) => key)).toEqual([
      'unsupported d2',
      'unsupported d1',
      'discovery-impaired - eth0',
    ]);
    expect(all[0]).toMatchObject({
      kind: 'unsupported',
      severity: 'critical',
      since: '2026-11-24T12:00:00.002Z',
      title: 'Niet ondersteund toestel',
    });
  });

  it.each([
    ['severity=warning', 1, 1],
    ['kind=unsupported&limit=1', 2, 1],
    ['device=d1', 1, 1],
    ['kind=appeared', 0, 0],
  ])('filters by %s', async (query, count, length) => {
    const found = await conditions(query);
    expect([found.count, found.conditions.length]).toEqual([count, length]);
  });
});
