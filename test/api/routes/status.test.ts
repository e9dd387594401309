import Value from 'typebox/value';
import { expect, it } from 'vitest';
import { MOST_LEFT_ALONE, StatusJson } from '../../../src/api/contract/status.ts';
import { NOON, openSite, STATUS } from '../site.ts';

it('tells what the daemon is and does', async () => {
  const site = openSite();
  const { status, headers, body } = await site.get('/api/v1/status');
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
  const inLanguage = (language: 'en' | 'nl') =>
    STATUS.channels.map((channel) => ({ ...channel, because: channel.because?.[language] ?? null }));
  expect(body).toEqual({
    version: '1.2.3',
    ...STATUS,
    scope: {
      include: STATUS.scope.include,
      exclude: [
        { network: '192.168.10.1/32', mac: null, between: null, because: 'the PBX' },
        { network: null, mac: '00:15:65:aa:bb:cc', between: '08:00-18:00', because: 'the lift' },
      ],
    },
    channels: inLanguage('nl'),
    leftAlone: [],
    storage: null,
  });
  expect((await site.get('/api/v1/status?lang=en')).body).toMatchObject({ channels: inLanguage('en') });
  expect(Value.Check(StatusJson, body)).toBe(true);
  await site.close();
});

it('tells who is left alone and why, the first to be asked again first, and no more than fit', async () => {
  const site = openSite();
  const host = (n: number, because: 'retry-after' | 'fell-silent') => ({
    site: 'head-office',
    address: `192.168.${n >> 8}.${n & 255}`,
    until: NOON + n,
    because,
  });
  site.auditor.leftAlone = () => [host(2, 'fell-silent'), host(1, 'retry-after')];
  const { body } = await site.get('/api/v1/status');
  expect(Value.Parse(StatusJson, body).leftAlone).toEqual([
    { address: '192.168.0.1', until: '2026-11-24T12:00:00.001Z', because: 'retry-after' },
    { address: '192.168.0.2', until: '2026-11-24T12:00:00.002Z', because: 'fell-silent' },
  ]);
  site.auditor.leftAlone = () => Array.from({ length: 5000 }, (_, n) => host(5000 - n, 'fell-silent'));
  const many = Value.Parse(StatusJson, (await site.get('/api/v1/status')).body).leftAlone;
  expect(many).toHaveLength(MOST_LEFT_ALONE);
  expect(many[0]?.address).toBe('192.168.0.1');
  await site.close();
});
