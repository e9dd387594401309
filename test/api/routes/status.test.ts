import Value from 'typebox/value';
import { expect, it } from 'vitest';
import { StatusJson } from '../../../src/api/contract/status.ts';
import { openSite, STATUS } from '../site.ts';

it('tells what the daemon is and does', async () => {
  const site = openSite();
  const { status, headers, body } = await site.get('/api/v1/status');
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(body).toEqual({ version: '1.2.3', ...STATUS });
  expect(Value.Check(StatusJson, body)).toBe(true);
  await site.close();
});
