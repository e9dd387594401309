import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSite, type OpenSite } from './site.ts';

const GOLDEN = 'test/golden/openapi.json';

let site: OpenSite;
beforeAll(() => (site = openSite({ version: '0.0.0' })));
afterAll(() => site.close());

it('is the contract that was reviewed (UPDATE_GOLDEN=1 rewrites it, people read the difference)', async () => {
  const { status, body } = await site.get('/api/docs/json');
  expect(status).toBe(200);
  const text = `${JSON.stringify(body, null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text);
  expect(text).toBe(readFileSync(GOLDEN, 'utf8'));
});

it('documents every route of the API in a sentence, with its answer', async () => {
  const { body } = await site.get('/api/docs/json');
  const { paths } = body as {
    paths: Record<string, Record<string, { summary?: string; responses: object }>>;
  };
  expect(Object.keys(paths).sort()).toEqual(
    [
      'alerts',
      'alerts/acknowledge',
      'conditions',
      'deliveries',
      'devices',
      'devices/{id}',
      'devices/{id}/merge',
      'devices/{id}/split',
      'devices/{id}/timeline',
      'events',
      'findings',
      'identity-acts',
      'identity-acts/{id}/undo',
      'sightings/{id}/raw',
      'silences',
      'silences/{id}',
      'sinks',
      'sinks/{name}/test',
      'status',
      'sweeps',
      'sweeps/running',
    ]
      .map((path) => `/api/v1/${path}`)
      .concat('/healthz'),
  );
  for (const [path, operations] of Object.entries(paths))
    for (const { summary, responses } of Object.values(operations)) {
      expect(summary, path).toMatch(/\w+/);
      expect(
        Object.keys(responses).some((status) => status.startsWith('2')),
        path,
      ).toBe(true);
    }
});
