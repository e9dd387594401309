import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { config } from '../../../src/alerts/sinks/alertmanager/config.ts';
import { alertmanager } from '../../../src/alerts/sinks/alertmanager/index.ts';
import { postableAlerts, type PostableAlert } from '../../../src/alerts/sinks/alertmanager/post-alerts.ts';
import { checkShape } from '../../../src/document/check-shape.ts';
import { readYaml } from '../../../src/document/read-yaml.ts';
import type { Message } from '../../../src/model/alert.ts';
import { httpTrap, type WebTrap } from '../../platform/web-trap.ts';
import { noAlertmanager, startAlertmanager, type Alertmanager } from './alertmanager-program.ts';
import { contextOf } from './conformance.ts';
import {
  alert,
  AT,
  digestMessage,
  HOSTILE,
  hostileMessage,
  largestMessage,
  message,
  resolvedMessage,
  subject,
  testMessage,
} from './messages.ts';

const HOUR_MS = 3_600_000;

type Settings = Parameters<typeof alertmanager.deliver>[1]['config'];
const deliver = (
  told: Message,
  change: Partial<Settings> & { url: string },
  secrets: Record<string, string> = {},
) => alertmanager.deliver(told, contextOf({ allow: ['127.0.0.1'], holdHours: 25, ...change }, { secrets }));
const first = (told: Message): PostableAlert | undefined => postableAlerts(told, 25 * HOUR_MS, AT)[0];

describe.skipIf(noAlertmanager !== null)(
  `a real Alertmanager${noAlertmanager === null ? '' : `, skipped: ${noAlertmanager}`}`,
  () => {
    let hook: WebTrap;
    let program: Alertmanager;
    beforeAll(async () => {
      hook = await httpTrap((response) => response.end());
      program = await startAlertmanager(`${hook.origin}/`);
    });
    afterAll(async () => {
      await program.stop();
      await hook.close();
    });

    const firing = async (name: string): Promise<PostableAlert[]> =>
      (await program.firing()).filter(({ labels }) => labels['alertname'] === name);
    /** What its receiver was told of an alert: `firing`, `resolved`. */
    const notified = (name: string): string[] =>
      hook.heard
        .map(({ body }) => JSON.parse(body) as { status: string; commonLabels: { alertname: string } })
        .filter(({ commonLabels }) => commonLabels.alertname === name)
        .map(({ status }) => status);

    it('shows an alert that fires, tells its receivers, and shows it no more once it is over', async () => {
      const since = Date.now() - 60_000;
      const told = message({ alerts: [alert({ since })] });
      expect(await deliver(told, { url: program.url })).toEqual({ ok: true, value: undefined });
      const [shown] = await firing('Unsupported');
      expect(shown).toMatchObject({
        labels: { alertname: 'Unsupported', severity: 'critical', site: 'head-office', device: 'd7' },
        annotations: {
          summary: 'Unsupported device: Acme P10',
          description: 'The policy names Acme P10 as unsupported.',
          todo: expect.stringContaining('Replace it') as string,
          site_name: 'Head office',
          vendor: 'Acme',
          model: 'P10',
          firmware: '1.2.3',
          mac: '00:15:65:aa:bb:cc',
          address: '192.168.10.20',
          level: 'unsupported',
        },
        startsAt: new Date(since).toISOString(),
        generatorURL: 'https://sipcensus.example/alerts',
      });
      expect(Date.parse(shown?.endsAt ?? '')).toBeGreaterThan(Date.now() + 24.9 * HOUR_MS);
      await vi.waitFor(() => expect(notified('Unsupported')).toEqual(['firing']), 10_000);

      // Meanwhile it has got another address, and shows another model.
      const changed = subject({ address: '192.168.10.99', model: 'P12', level: 'basic', firmware: null });
      const over = alert({ since, state: 'resolved', resolvedAt: Date.now() - 1, subject: changed, seq: 18 });
      expect((await deliver(message({ reason: 'resolved', alerts: [over] }), { url: program.url })).ok).toBe(
        true,
      );
      expect(await firing('Unsupported')).toEqual([]);
      await vi.waitFor(() => expect(notified('Unsupported')).toEqual(['firing', 'resolved']), 10_000);
    });

    it('takes a repeat for the same alert, and another device or another matter for another', async () => {
      const told = message({ alerts: [alert({ kind: 'gone', severity: 'warning' })] });
      const other = alert({ kind: 'gone', severity: 'warning', subject: subject({ device: 'd8' }) });
      const about = alert({ kind: 'duplicate-mac', severity: 'warning', about: '001565aabbcc' });
      const further = alert({ kind: 'duplicate-mac', severity: 'warning', about: '001565aabbdd' });
      for (const next of [
        told,
        { ...told, reason: 'repeat' as const },
        message({ alerts: [other, about, further] }),
      ])
        expect((await deliver(next, { url: program.url })).ok).toBe(true);
      expect((await firing('Gone')).map(({ labels }) => labels['device']).sort()).toEqual(['d7', 'd8']);
      expect((await firing('DuplicateMac')).map(({ labels }) => labels['about']).sort()).toEqual([
        '001565aabbcc',
        '001565aabbdd',
      ]);
    });

    it('takes strangers’ text of every kind, in labels and annotations', async () => {
      for (const text of HOSTILE) {
        const told = hostileMessage(text);
        expect([text, await deliver(told, { url: program.url })]).toEqual([
          text,
          { ok: true, value: undefined },
        ]);
        const shown = await firing('Scanner');
        expect(shown.map(({ labels }) => labels['about'])).toContain(
          postableAlerts(told, 1, AT)[1]?.labels['about'],
        );
        expect(JSON.stringify(shown)).not.toMatch(/\\u00(0|1|7f|9b)|\u202e/);
      }
    });

    it('takes fifty alerts with texts as long as they get', async () => {
      const told = largestMessage();
      expect((await deliver(told, { url: program.url })).ok).toBe(true);
      const devices = new Set((await program.firing()).map(({ labels }) => labels['device']));
      for (const { subject: who } of told.alerts) expect(devices).toContain(who?.device);
    });

    it('shows a test and a digest for five minutes', async () => {
      for (const told of [testMessage(), digestMessage()])
        expect((await deliver(told, { url: program.url })).ok).toBe(true);
      const [[tested], [digest]] = [await firing('SipcensusTest'), await firing('SipcensusDigest')];
      expect(tested?.annotations['summary']).toContain('Test message of sipcensus');
      expect(digest?.annotations['description']).toContain('42');
      const left = Date.parse(digest?.endsAt ?? '') - Date.now();
      expect(left).toBeGreaterThan(4 * 60_000);
      expect(left).toBeLessThanOrEqual(5 * 60_000);
    });

    it('is asked under the path that its URL has', async () => {
      expect(await deliver(message(), { url: `${program.url}/` })).toMatchObject({ ok: true });
      expect(await deliver(message(), { url: `${program.url}/prefix` })).toMatchObject({
        ok: false,
        fault: { reason: 'rejected', retry: false, detail: 'it answered with status 404' },
      });
    });
  },
);

describe('what Alertmanager is told', () => {
  it('holds an alert by nothing that may change while it fires', () => {
    const changed = subject({
      vendor: 'B',
      model: 'X',
      firmware: '2',
      mac: null,
      address: null,
      level: 'basic',
    });
    const labels = first(message())?.labels;
    expect(
      first(message({ language: 'nl', alerts: [alert({ subject: changed, seq: 99 })] }))?.labels,
    ).toEqual(labels);
    expect(first(resolvedMessage())?.labels).toEqual(labels);
  });

  it('lets an alert end when it is over, else so long after now, and never before it began', () => {
    expect(first(message())?.endsAt).toBe('2026-11-26T02:02:03.004Z');
    expect(first(resolvedMessage())?.endsAt).toBe('2026-11-25T01:02:03.004Z');
    const odd = alert({ state: 'resolved', since: AT, resolvedAt: AT - 5000 });
    expect(first(message({ alerts: [odd] }))).toMatchObject({
      startsAt: '2026-11-25T01:02:03.004Z',
      endsAt: '2026-11-25T01:02:03.004Z',
    });
  });

  it('is in the language of the message, with a link only to the web', () => {
    expect(first(message({ language: 'nl' }))?.annotations['summary']).toBe(
      'Niet ondersteund toestel: Acme P10',
    );
    for (const link of [null, 'javascript:alert(1)'])
      expect(first(message({ link }))).not.toHaveProperty('generatorURL');
  });

  it('leaves out what is not known', () => {
    const site = first(
      message({ alerts: [alert({ kind: 'discovery-impaired', subject: null, about: null })] }),
    );
    expect(Object.keys(site?.labels ?? {})).toEqual(['alertname', 'severity', 'site']);
    expect(Object.keys(site?.annotations ?? {})).toEqual(['summary', 'description', 'todo', 'site_name']);
  });

  it('gives each test and each digest an identity of its own, the same over every attempt', () => {
    const labels = (told: Message): unknown => first(told)?.labels;
    expect(labels(digestMessage())).toEqual(labels(digestMessage()));
    expect(labels({ ...digestMessage(), id: 'sipcensus.head-office.digest.2' })).not.toEqual(
      labels(digestMessage()),
    );
  });
});

describe('the login of Alertmanager', () => {
  const traps: WebTrap[] = [];
  afterEach(async () => {
    await Promise.all(traps.splice(0).map((trap) => trap.close()));
  });
  const answering = async (status: number): Promise<WebTrap> => {
    const trap = await httpTrap((response) => response.writeHead(status, { 'Retry-After': '9' }).end('{}'));
    traps.push(trap);
    return trap;
  };
  const SECRETS = { PASSWORD: 'påss:wörd', TOKEN: 'abc.def\n' };
  const basic = { user: 'sipcensus', password: { environment: 'PASSWORD' } };

  it.each([
    ['none', {}, undefined],
    ['a password', basic, `Basic ${Buffer.from('sipcensus:påss:wörd').toString('base64')}`],
    ['a token', { bearer: { environment: 'TOKEN' } }, 'Bearer abc.def'],
  ])('is %s', async (_, change, authorization) => {
    const trap = await answering(200);
    expect((await deliver(message(), { url: `${trap.origin}/am/`, ...change }, SECRETS)).ok).toBe(true);
    expect(trap.heard).toMatchObject([{ method: 'POST', url: '/am/api/v2/alerts' }]);
    expect(trap.heard[0]?.headers.authorization).toBe(authorization);
  });

  it('is not sent where half of it is missing, or a line end is in it', async () => {
    const trap = await answering(200);
    const auth = { ok: false, fault: { reason: 'auth', retry: false } };
    expect(await deliver(message(), { url: trap.origin, ...basic })).toMatchObject(auth);
    expect(await deliver(message(), { url: trap.origin, user: 'x' })).toMatchObject(auth);
    expect(await deliver(message(), { url: trap.origin, bearer: { environment: 'NONE' } })).toMatchObject(
      auth,
    );
    const split = await deliver(
      message(),
      { url: trap.origin, bearer: { environment: 'T' } },
      { T: 'hunter2\r\nX: y' },
    );
    expect(split).toMatchObject({ ok: false, fault: { reason: 'rejected', retry: false } });
    expect(JSON.stringify(split)).not.toContain('hunter2');
    expect(trap.connections).toBe(0);
  });

  it.each([
    [400, 'rejected', false],
    [401, 'auth', false],
    [429, 'rate-limited', true],
    [500, 'rejected', true],
    [503, 'rate-limited', true],
  ])('meets a status %d: %s, and tried again: %s', async (status, reason, retry) => {
    const trap = await answering(status);
    expect(await deliver(message(), { url: trap.origin, ...basic }, SECRETS)).toMatchObject({
      ok: false,
      fault: { reason, retry },
    });
  });

  it.each([
    ['a user without a password', 'url: http://am.example\nuser: x', false],
    ['a password without a user', 'url: http://am.example\npassword: { file: /x }', false],
    ['a URL with a query', 'url: http://am.example/?a=b', false],
    ['a user with a colon', 'url: http://am.example\nuser: "a:b"\npassword: { file: /x }', false],
    ['user and password', 'url: http://am.example\nuser: x\npassword: { file: /x }', true],
    ['a URL alone', 'url: http://am.example:9093/prefix/', true],
  ])('is, with %s, checked in the settings', (_, yaml, isFine) => {
    const document = readYaml(yaml, 'alerts.yaml');
    expect(document.ok && checkShape(config, document.value).ok).toBe(isFine);
  });
});
