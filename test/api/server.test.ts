import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/platform/ports.ts';
import { openSite, type OpenSite } from './site.ts';

const STREAM = '/api/v1/events';

interface Route {
  method: string;
  url: string;
}

let folder: string;
let site: OpenSite;
let routes: Route[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sipcensus-api-'));
  mkdirSync(join(folder, 'web/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'web/.hidden'), 'outside');
  writeFileSync(join(folder, 'web/index.html'), '<!doctype html><title>dashboard</title>');
  writeFileSync(join(folder, 'web/assets/app-1a2b.js'), 'export {};');
  site = openSite({ webRoot: join(folder, 'web') });
  site.addDevice();
  routes = [];
  site.server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat())
      routes.push({ method: one, url: url.replace(':id', 'd1').replace('*', 'index.html') });
  });
  await site.server.ready();
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

const ask = ({ method, url }: Route, headers: Record<string, string>) =>
  site.server.inject({ method: method as 'GET', url, headers });

describe('every route', () => {
  it('is known to these tests from the router itself', () => {
    expect(routes.map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining([
        'GET /healthz',
        `GET ${STREAM}`,
        'GET /api/v1/devices/d1',
        'POST /api/v1/sweeps',
        'GET /index.html',
      ]),
    );
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:8560',
    'localhost@evil.example',
    '127.0.0.2',
    ':8560',
  ])('answers to no foreign name: Host %j', async (host) => {
    for (const route of [...routes, { method: 'GET', url: '/nothing' }]) {
      const answer = await ask(route, { host });
      expect(answer.statusCode, route.url).toBe(421);
      if (route.method !== 'HEAD') expect(answer.json()).toMatchObject({ code: 'HOST_REFUSED' });
    }
  });

  it.each([
    'http://evil.example',
    'https://localhost.evil.example',
    'null',
    'file://',
    'http://localhost:8560@evil.example',
  ])('serves no foreign page: Origin %j', async (origin) => {
    for (const route of [...routes, { method: 'GET', url: '/nothing' }]) {
      const answer = await ask(route, { origin });
      expect(answer.statusCode, route.url).toBe(403);
      if (route.method !== 'HEAD') expect(answer.json()).toMatchObject({ code: 'ORIGIN_REFUSED' });
    }
  });

  it.each([
    { host: 'localhost:8560' },
    { host: '127.0.0.1:1' },
    { host: '[::1]:8560', origin: 'http://[::1]:8560' },
    { host: 'Census.Example', origin: 'https://census.example' },
  ])('answers to a name of its own: %j', async (headers) => {
    // The stream has no end to wait for: its own test reads it.
    for (const route of routes.filter(({ url }) => url !== STREAM))
      expect([421, 403], route.url).not.toContain(
        (await ask(route, headers as Record<string, string>)).statusCode,
      );
  });

  it('carries the strict headers, also when it refuses', async () => {
    const answers = await Promise.all([
      ...routes.filter(({ url }) => url !== STREAM).map((route) => ask(route, {})),
      ask({ method: 'GET', url: STREAM }, { host: 'evil.example' }),
      ask({ method: 'GET', url: '/nothing' }, {}),
      ask({ method: 'GET', url: '/api/v1/devices?nothing=1' }, {}),
    ]);
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy']).split(/; ?/);
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'self'",
          "object-src 'none'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
          "form-action 'self'",
        ]),
      );
      expect(policy.join()).not.toMatch(/unsafe|https?:|upgrade-insecure/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
      // Plain HTTP on a LAN: this would lock browsers out for a year.
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });
});

describe('requests that are none', () => {
  it('get a problem, never a stack', async () => {
    for (const [url, status] of [
      ['/nothing', 404],
      ['/api/v1/nothing', 404],
      ['/api/v1/%zz', 400],
    ] as const) {
      const answer = await site.server.inject(url);
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ type: 'about:blank', status });
    }
  });

  it('are a client’s fault with ten thousand parameters or text of any kind, never ours', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `p${n}=1`).join('&');
    expect((await site.server.inject(`/api/v1/devices?${many}`)).statusCode).toBe(400);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const query = new URLSearchParams({ q: text, vendor: text }).toString();
        expect((await site.server.inject(`/api/v1/devices?${query}`)).statusCode).toBe(200);
      }),
      { numRuns: 50 },
    );
  });
});

it('hides what went wrong inside, and logs it', async () => {
  const logged: unknown[] = [];
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (event, values) => logged.push(event, values),
  };
  const broken = openSite({ log });
  broken.auditor.status = () => {
    throw new Error('the secret reason');
  };
  const { status, body } = await broken.get('/api/v1/status');
  expect({ status, body }).toEqual({
    status: 500,
    body: { type: 'about:blank', status: 500, title: 'Internal Server Error', code: 'INTERNAL' },
  });
  expect(logged).toMatchObject([
    'api.failed',
    { route: '/api/v1/status', error: { message: 'the secret reason' } },
  ]);
  await broken.close();
});

describe('the dashboard', () => {
  it('is served from its folder; the page is asked for anew, its assets are kept', async () => {
    const page = await site.server.inject('/');
    expect(page.body).toContain('<title>dashboard</title>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    const asset = await site.server.inject('/assets/app-1a2b.js');
    expect(asset.body).toBe('export {};');
    expect(asset.headers['cache-control']).toContain('immutable');
  });

  it('lets no path out of its folder, nor to a hidden file', async () => {
    expect((await site.server.inject('/.hidden')).body).not.toContain('outside');
    const step = fc.constantFrom(
      '..',
      '%2e%2e',
      '.%2e',
      '%252e%252e',
      '..%2f',
      '..%5c',
      '..\\',
      '/',
      '//',
      '%00',
      '%c0%ae%c0%ae',
      'assets',
      '.',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 6 }),
        fc.constantFrom('secret.txt', '.hidden', 'etc/passwd'),
        async (steps, file) => {
          const { statusCode, body } = await site.server.inject({
            url: `http://localhost/${[...steps, file].join('/')}`,
          });
          expect(statusCode).toBeGreaterThanOrEqual(400);
          expect(body).not.toMatch(/outside|root:/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('says how to build it where it is not built', async () => {
    for (const webRoot of [null, join(folder, 'nothing')]) {
      const bare = openSite({ webRoot });
      const answer = await bare.server.inject('/?level=basic');
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['content-type']).toContain('text/plain');
      expect(answer.body).toContain('npm run build');
      await bare.close();
    }
  });
});

describe('the documentation', () => {
  it('is a page of our own files', async () => {
    const page = await site.server.inject('/api/docs');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.body).not.toMatch(/<script>|<style>/);
  });

  it('asks no validator on the internet', async () => {
    expect((await site.server.inject('/api/docs/static/swagger-initializer.js')).body).toContain(
      '"validatorUrl":null',
    );
  });
});
