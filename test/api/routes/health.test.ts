import { expect, it } from 'vitest';
import { openSite } from '../site.ts';

it('says that the daemon answers, and nothing else', async () => {
  const site = openSite();
  site.addDevice();
  expect(await site.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect((await site.server.inject('/healthz')).body).toBe('{"status":"ok"}');
  await site.close();
});
