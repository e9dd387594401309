import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, stopAll, temporaryFolder, type Running } from '../app/program.ts';

const CHROMIUM = '/usr/bin/chromium';
const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser)
  console.warn(
    `SKIPPED: the dashboard in a real browser, because ${CHROMIUM} is not installed (apt-get install chromium).`,
  );

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SECONDS = 1000;

describe.skipIf(!hasBrowser)('the dashboard in chromium, on a real sweep of the simulated site', () => {
  let demo: Running;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    demo = start(['demo', '--network', '127.83.0.0/24', '--seed', '7', '--listen', '127.0.0.1:0']);
    url = (await demo.waitFor(/http:\/\/127\.0\.0\.1:\d+/))[0];
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  }, 120 * SECONDS);

  afterAll(async () => {
    await browser.close();
    demo.interrupt();
    await demo.ended;
    stopAll();
  });

  interface Seen {
    page: Page;
    context: BrowserContext;
    errors: string[];
    hosts: Set<string>;
  }

  async function open(
    look: (seen: Seen) => Promise<void>,
    options: { locale?: string; colorScheme?: 'light' | 'dark'; width?: number } = {},
  ): Promise<void> {
    const { locale = 'en', colorScheme = 'light', width = 1280 } = options;
    const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const seen: Seen = { page, context, errors: [], hosts: new Set() };
    page.on('pageerror', (error) => seen.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') seen.errors.push(message.text());
    });
    page.on('request', (request) => seen.hosts.add(new URL(request.url()).host));
    await page.goto(url);
    await page
      .locator('table tbody tr')
      .first()
      .waitFor({ timeout: 60 * SECONDS });
    await look(seen);
    await context.close();
  }

  it(
    'fills with phones while the sweep runs, without a reload, an error, or a request to another host',
    async () => {
      await open(async ({ page, errors, hosts }) => {
        await expect
          .poll(() => page.locator('table tbody tr').count(), { timeout: 60 * SECONDS })
          .toBeGreaterThan(50);
        expect(errors).toEqual([]);
        expect([...hosts]).toEqual([new URL(url).host]);
      });
    },
    150 * SECONDS,
  );

  it(
    'shows level, SLA eligibility and reason of a phone, and the evidence behind it',
    async () => {
      await open(async ({ page }) => {
        await page.getByRole('searchbox').fill('GXP2000');
        const row = page.locator('table tbody tr').first();
        await expect.poll(() => row.textContent(), { timeout: 60 * SECONDS }).toMatch(/Unsupported/);
        expect(await row.textContent()).toMatch(/Grandstream/);
        expect(page.url()).toContain('GXP2000');
        await row.getByRole('button').first().click();
        await page.getByText('grandstream.sip-ua', { exact: false }).first().waitFor();
      });
    },
    120 * SECONDS,
  );

  it.each([
    ['en', 'light', 1280],
    ['nl', 'dark', 1280],
    ['en', 'dark', 360],
    ['nl', 'light', 360],
  ] as const)(
    'has nothing that axe finds at WCAG 2.2 A and AA (%s, %s, %d px), and no sideways scrolling',
    async (locale, colorScheme, width) => {
      await open(
        async ({ page, errors }) => {
          await page.evaluate(AXE);
          const violations = await page.evaluate(async () => {
            const { axe } = globalThis as unknown as {
              axe: {
                run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
              };
            };
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
            return (await axe.run({ runOnly: { type: 'tag', values: tags } })).violations.map(
              ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
            );
          });
          expect(violations).toEqual([]);
          expect(errors).toEqual([]);
          const overflow = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect(overflow).toBeLessThanOrEqual(0);
        },
        { locale, colorScheme, width },
      );
    },
    120 * SECONDS,
  );

  it(
    'says that the connection is lost, and recovers without a reload',
    async () => {
      const folder = temporaryFolder();
      const serve = async (listen: string): Promise<{ daemon: Running; at: string }> => {
        const daemon = start([
          'serve',
          '--config',
          'test/web/serve.yaml',
          '--data-dir',
          folder.path,
          '--listen',
          listen,
        ]);
        return { daemon, at: (await daemon.waitFor(/http:\/\/127\.0\.0\.1:\d+/))[0] };
      };
      const first = await serve('127.0.0.1:0');
      const page = await browser.newPage({ locale: 'en' });
      await page.goto(first.at);
      await page.getByText('Live', { exact: true }).waitFor();
      first.daemon.interrupt();
      expect((await first.daemon.ended).code).toBe(0);
      await page
        .getByText(/Reconnecting/)
        .first()
        .waitFor();
      const second = await serve(new URL(first.at).host);
      await page.getByText('Live', { exact: true }).waitFor({ timeout: 60 * SECONDS });
      await page.close();
      second.daemon.interrupt();
      await second.daemon.ended;
      folder.remove();
    },
    150 * SECONDS,
  );

  it(
    'says, before a scope is configured, that nothing is sent, and what to write',
    async () => {
      const folder = temporaryFolder();
      const daemon = start(['serve', '--data-dir', folder.path, '--listen', '127.0.0.1:0'], {
        env: { SIPCENSUS_CONFIG: 'test/web/no-scope.yaml' },
      });
      const at = (await daemon.waitFor(/http:\/\/127\.0\.0\.1:\d+/))[0];
      const page = await browser.newPage({ locale: 'en' });
      await page.goto(at);
      await page
        .getByText(/scope:/)
        .first()
        .waitFor();
      expect(daemon.stderr()).toContain('No scope is configured');
      expect(await (await page.request.post(`${at}/api/v1/sweeps`, { data: {} })).json()).toMatchObject({
        code: 'SCOPE_REFUSED',
      });
      await page.close();
      daemon.interrupt();
      await daemon.ended;
      folder.remove();
    },
    120 * SECONDS,
  );
});
