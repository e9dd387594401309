import type { InjectOptions } from 'fastify';
import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SweepListJson } from '../../../src/api/contract/sweep.ts';
import { AppError } from '../../../src/model/app-error.ts';
import type { Sweep } from '../../../src/model/sweep.ts';
import { startSweepRow } from '../../../src/store/sweeps.ts';
import { NOON, openSite, SWEEP, type OpenSite } from '../site.ts';

const running: Sweep[] = [];
let site: OpenSite;
let starts: number;
beforeEach(() => {
  site = openSite({ running });
  starts = 0;
  site.auditor.startSweep = () => {
    starts += 1;
    return running;
  };
});
afterEach(async () => {
  running.length = 0;
  await site.close();
});

describe('GET /api/v1/sweeps', () => {
  it('lists the latest first, those under way with their progress of this moment', async () => {
    startSweepRow(site.db, { ...SWEEP, state: 'done', endedAt: NOON + 9000 });
    const id = startSweepRow(site.db, { ...SWEEP, sent: 0 });
    running.push({ ...SWEEP, id, sent: 500 });
    const { body } = await site.get('/api/v1/sweeps');
    expect(Value.Parse(SweepListJson, body).sweeps).toMatchObject([
      { id, state: 'running', sent: 500 },
      {
        id: 1,
        state: 'done',
        endedAt: '2026-11-24T12:00:09.000Z',
        secondsLeft: null,
        refused: { malformed: 1 },
      },
    ]);
  });
});

describe('POST /api/v1/sweeps', () => {
  const post = async (options: InjectOptions) => {
    const response = await site.server.inject({ method: 'POST', url: '/api/v1/sweeps', ...options });
    return { status: response.statusCode, body: response.json<unknown>() };
  };
  const json = { 'content-type': 'application/json' };

  it('starts a sweep and tells what runs', async () => {
    running.push(SWEEP);
    const { status, body } = await post({ payload: {} });
    expect(status).toBe(202);
    expect(Value.Parse(SweepListJson, body).sweeps).toMatchObject([{ id: 1, state: 'running' }]);
    expect(starts).toBe(1);
  });

  it('says why nothing may be sent', async () => {
    site.auditor.startSweep = () => {
      throw new AppError('SCOPE_REFUSED', 'Without a scope nothing is sent.', { hint: 'Write one.' });
    };
    expect(await post({ payload: {} })).toMatchObject({
      status: 409,
      body: { code: 'SCOPE_REFUSED', detail: 'Without a scope nothing is sent. Write one.' },
    });
  });

  it.each<[string, number, InjectOptions]>([
    ['no body', 400, {}],
    ['a form', 415, { payload: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    [
      'text, as forms of other pages can send',
      415,
      { payload: '{}', headers: { 'content-type': 'text/plain' } },
    ],
    ['JSON without its content type', 415, { payload: '{}', headers: { 'content-type': '' } }],
    ['broken JSON', 400, { payload: '{', headers: json }],
    ['a list', 400, { payload: '[]', headers: json }],
    ['an unknown key', 400, { payload: { target: '10.0.0.0/8' } }],
    ['__proto__', 400, { payload: '{"__proto__":{"a":1}}', headers: json }],
    ['constructor.prototype', 400, { payload: '{"constructor":{"prototype":{}}}', headers: json }],
    ['a large body', 413, { payload: `{"a":"${'x'.repeat(20_000)}"}`, headers: json }],
    ['another page as origin', 403, { payload: {}, headers: { origin: 'http://evil.example' } }],
    ['an unknown query parameter', 400, { payload: {}, query: { force: '1' } }],
  ])('refuses %s, and starts nothing', async (_, status, options) => {
    const answer = await post(options);
    expect(answer).toMatchObject({ status, body: { type: 'about:blank', status } });
    expect(JSON.stringify(answer)).not.toMatch(/\.ts:|node_modules/);
    expect(starts).toBe(0);
  });
});
