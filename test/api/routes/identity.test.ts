import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityActJson } from '../../../src/api/contract/identity-act.ts';
import { devicesByIds, deviceIds } from '../../../src/store/devices.ts';
import { hearing, SNOM, T46S } from '../hear.ts';
import { NOON, openSite, type OpenSite } from '../site.ts';

let site: OpenSite;
beforeEach(() => {
  site = openSite();
  const hear = hearing(site);
  hear(NOON, '192.168.10.23', T46S);
  hear(NOON + 1000, '192.168.10.24', SNOM);
});
afterEach(() => site.close());

const said = { because: 'the same sticker', author: 'Ada' };
async function post(path: string, payload: object) {
  const response = await site.server.inject({ method: 'POST', url: `/api/v1/${path}`, payload });
  return { status: response.statusCode, body: response.json<unknown>() };
}
const done = async (path: string, payload: object): Promise<IdentityActJson> =>
  Value.Parse(IdentityActJson, (await post(path, payload)).body);

describe('what a person says of who is who', () => {
  it('merges two records, tells the act, and takes it back', async () => {
    expect(await done('devices/d2/merge', { other: 'd1', ...said })).toMatchObject({
      id: 1,
      act: 'merge',
      device: 'd1',
      other: 'd2',
      ...said,
      undoneAt: null,
    });
    expect(deviceIds(site.db)).toEqual(['d1']);
    expect(await done('identity-acts/1/undo', { because: 'no', author: 'Bob' })).toMatchObject({
      id: 1,
      undoneBy: 'Bob',
    });
    expect(deviceIds(site.db)).toEqual(['d1', 'd2']);
    expect((await site.get('/api/v1/identity-acts?limit=1')).body).toMatchObject({ acts: [{ id: 1 }] });
  });

  it('splits off what was heard at an address', async () => {
    await post('devices/d1/merge', { other: 'd2', ...said });
    expect(await post('devices/d1/split', { address: '192.168.10.24', ...said })).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID', detail: expect.stringContaining('undo that merge') as string },
    });
    hearing(site)(NOON + 2000, '192.168.10.77', T46S);
    expect(await done('devices/d1/split', { address: '192.168.10.77', ...said })).toMatchObject({
      act: 'split',
      device: 'd1',
      other: 'd3',
    });
    expect(devicesByIds(site.db, ['d3'])[0]?.endpoints.map(({ address }) => address)).toEqual([
      '192.168.10.77',
    ]);
  });

  it.each<[string, string, object, number]>([
    ['a device that is not there', 'devices/d9/merge', { other: 'd1', ...said }, 404],
    ['an other that is not there', 'devices/d1/merge', { other: 'd9', ...said }, 404],
    ['a device and itself', 'devices/d1/merge', { other: 'd1', ...said }, 400],
    ['no reason', 'devices/d1/merge', { other: 'd2', author: 'Ada' }, 400],
    ['an empty reason', 'devices/d1/merge', { other: 'd2', because: ' ', author: 'Ada' }, 400],
    ['nobody', 'devices/d1/merge', { other: 'd2', because: 'x', author: '' }, 400],
    ['a long name', 'devices/d1/merge', { other: 'd2', because: 'x', author: 'x'.repeat(201) }, 400],
    ['an unknown key', 'devices/d1/merge', { other: 'd2', ...said, force: true }, 400],
    ['all of a device', 'devices/d1/split', { address: '192.168.10.23', ...said }, 400],
    ['a place of another', 'devices/d1/split', { address: '192.168.10.24', ...said }, 400],
    ['an act that never was', 'identity-acts/7/undo', said, 404],
  ])('refuses %s, and changes nothing', async (_, path, payload, status) => {
    expect(await post(path, payload)).toMatchObject({ status, body: { status } });
    expect(deviceIds(site.db)).toEqual(['d1', 'd2']);
    expect((await site.get('/api/v1/identity-acts')).body).toEqual({ acts: [] });
  });
});
