import Value from 'typebox/value';
import { expect, it } from 'vitest';
import { StatusJson } from '../../../src/api/contract/status.ts';
import { openSite, STATUS } from '../site.ts';

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
      ...STATUS.scope,
      exclude: [
        { network: '192.168.10.1/32', mac: null, between: null, because: 'the PBX' },
        { network: null, mac: '00:15:65:aa:bb:cc', between: '08:00-18:00', because: 'the lift' },
      ],
    },
    channels: inLanguage('nl'),
  });
  expect((await site.get('/api/v1/status?lang=en')).body).toMatchObject({ channels: inLanguage('en') });
  expect(Value.Check(StatusJson, body)).toBe(true);
  await site.close();
});
