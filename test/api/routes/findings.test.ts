import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FindingListJson } from '../../../src/api/contract/finding.ts';
import { openSite, type OpenSite } from '../site.ts';

let site: OpenSite;
beforeEach(() => (site = openSite()));
afterEach(() => site.close());

describe('GET /api/v1/findings', () => {
  it('reads the journal in its order, page after page', async () => {
    const device = site.addDevice();
    for (let n = 0; n < 5; n++) site.addFindings({ device, kind: 'appeared' });
    const page = async (query: string) =>
      Value.Parse(FindingListJson, (await site.get(`/api/v1/findings${query}`)).body).findings.map(
        ({ seq }) => seq,
      );
    expect(await page('')).toEqual([1, 2, 3, 4, 5]);
    expect(await page('?limit=2')).toEqual([1, 2]);
    expect(await page('?after=2&limit=2')).toEqual([3, 4]);
    expect(await page('?after=5')).toEqual([]);
  });

  it.each(['after=-1', 'after=1e9999', 'after=x', 'limit=0', 'limit=1001', 'before=3'])(
    'refuses ?%s',
    async (query) => {
      expect(await site.get(`/api/v1/findings?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'INPUT_INVALID' },
      });
    },
  );
});
