import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfiguredSink } from '../../../src/alerts/route.ts';
import { AlertListJson } from '../../../src/api/contract/alert.ts';
import { DeliveryListJson, SinkListJson, SinkTestJson } from '../../../src/api/contract/delivery.ts';
import { SilenceJson, SilenceListJson } from '../../../src/api/contract/silence.ts';
import { createAlerting, type Alerting } from '../../../src/engine/alerting.ts';
import type { Delivery } from '../../../src/alerts/sink.ts';
import { failure, success } from '../../../src/model/outcome.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { readMigrations } from '../../../src/platform/files.ts';
import type { Database } from '../../../src/store/database.ts';
import { insertDevice } from '../../../src/store/devices.ts';
import { recordFindings } from '../../../src/store/findings.ts';
import { openDatabase } from '../../../src/store/open.ts';
import { NOON, openSite, PHONE, STATUS, type OpenSite } from '../site.ts';

const HOUR = 3_600_000;
const iso = (at: number): string => new Date(at).toISOString();
const later = iso(systemClock.now() + HOUR);
const quiet = (): void => undefined;

/** Takes everything, or nothing. */
const sinkThat = (name: string, deliver: () => Delivery): ConfiguredSink => ({
  name,
  kind: 'webhook',
  language: 'en',
  tells: ['unsupported'],
  digest: false,
  deliver,
});

let db: Database;
let alerting: Alerting;
let site: OpenSite;
beforeEach(() => {
  db = openDatabase({ file: ':memory:', migrations: readMigrations('migrations') });
  alerting = createAlerting({
    db,
    clock: systemClock,
    log: { info: quiet, warn: quiet, error: quiet },
    site: STATUS.site,
    settings: {
      groups: { waitMs: 0, intervalMs: HOUR, repeatMs: 24 * HOUR },
      digest: { every: 'off', minute: 0, weekday: 1 },
      maintenance: [],
    },
    sinks: [
      sinkThat('good', () => Promise.resolve(success(undefined))),
      sinkThat('bad', () =>
        Promise.resolve(failure({ reason: 'rejected', retry: false, detail: 'status 410' })),
      ),
    ],
    link: null,
    inventory: {
      subjectOf: (device) => ({
        device,
        vendor: 'Acme',
        model: 'X1',
        firmware: null,
        mac: '020000aabbcc',
        address: '192.168.10.20',
        level: 'unsupported',
      }),
      fleet: () => ({ phones: 1, byLevel: {} }),
    },
  });
  insertDevice(db, PHONE, { evidence: [], conflicts: [] });
  site = openSite({ db, alerting });
});
afterEach(async () => {
  await alerting.stop();
  await site.close();
  db.close();
});

const raise = (kind: 'unsupported' | 'appeared' = 'unsupported'): void =>
  void recordFindings(db, [
    {
      kind,
      device: 'd1',
      about: null,
      at: NOON,
      state: 'raised',
      cause: null,
      before: null,
      after: 'Acme X1',
      sighting: null,
    },
  ]);
const send = async (method: 'POST' | 'DELETE', path: string, payload?: object) => {
  const response = await site.server.inject({ method, url: `/api/v1/${path}`, ...(payload && { payload }) });
  return { status: response.statusCode, body: response.json<unknown>() };
};
const alerts = async (query = '') =>
  Value.Parse(AlertListJson, (await site.get(`/api/v1/alerts${query}`)).body);
const silences = async () => Value.Parse(SilenceListJson, (await site.get('/api/v1/silences')).body).silences;

/** Runs alerting until it has told what there is to tell. */
async function tell(): Promise<void> {
  alerting.start();
  await expect.poll(async () => (await alerts()).unread).toBe(0);
  await expect.poll(() => alerting.deliveries(10).filter(({ state }) => state === 'waiting').length).toBe(0);
}

describe('GET /api/v1/alerts', () => {
  it('tells what fires, whom it is about and what to do, in the language asked for', async () => {
    raise();
    raise('appeared');
    expect(await alerts()).toEqual({ unread: 2, alerts: [] });
    await tell();
    expect((await alerts('?state=firing&lang=en')).alerts).toMatchObject([
      {
        key: 'unsupported d1',
        severity: 'critical',
        state: 'firing',
        since: iso(NOON),
        subject: { vendor: 'Acme', mac: '020000aabbcc' },
        because: 'The policy names Acme X1 as unsupported.',
        toDo: expect.stringContaining('Replace it') as string,
        mutedBy: null,
      },
    ]);
    expect((await alerts('?lang=nl')).alerts.map(({ state, title }) => [state, title])).toEqual([
      ['resolved', 'Nieuw toestel'],
      ['firing', 'Niet ondersteund toestel'],
    ]);
    expect((await alerts('?limit=1')).alerts).toHaveLength(1);
  });
});

describe('POST /api/v1/alerts/acknowledge', () => {
  const said = { key: 'unsupported d1', author: 'Ada', reason: 'a new one comes', until: later };

  it('mutes the one alert until the time has come', async () => {
    raise();
    await tell();
    const { status, body } = await send('POST', 'alerts/acknowledge', said);
    expect(status).toBe(201);
    expect(Value.Parse(SilenceJson, body)).toMatchObject({
      state: 'active',
      matchers: { alert: 'unsupported d1' },
      reason: 'a new one comes',
      until: later,
    });
    expect((await alerts()).alerts[0]?.mutedBy).toMatchObject({
      silence: { author: 'Ada' },
      maintenance: null,
    });
  });

  it('refuses a time that is over', async () => {
    raise();
    await tell();
    expect(await send('POST', 'alerts/acknowledge', { ...said, until: iso(NOON) })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('ends after it begins') as string },
    });
  });

  it.each([
    ['an alert that does not fire', {}, 404, 'No alert with this key fires.'],
    ['a time that is none', { until: 'tomorrow' }, 400, '"until" must match format'],
    ['nobody', { author: ' ' }, 400, '"author" must match pattern'],
  ])('refuses %s', async (_, change, status, detail) => {
    const answer = await send('POST', 'alerts/acknowledge', { ...said, ...change });
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(detail) as string } });
    expect(await silences()).toEqual([]);
  });
});

describe('/api/v1/silences', () => {
  const said = { matchers: { vendor: 'acme' }, author: 'Ada', reason: 'replaced today', until: later };

  it('makes one, lists it, and ends it without removing it', async () => {
    raise();
    await tell();
    const { status, body } = await send('POST', 'silences', said);
    expect(status).toBe(201);
    expect(Value.Parse(SilenceJson, body)).toMatchObject({
      id: 1,
      state: 'active',
      matchers: { vendor: 'acme' },
    });
    expect((await alerts()).alerts[0]?.mutedBy).toMatchObject({ silence: { id: 1 } });
    expect(await send('DELETE', 'silences/1?author=Bob')).toMatchObject({
      status: 200,
      body: { id: 1, state: 'over', endedBy: 'Bob' },
    });
    expect((await alerts()).alerts[0]?.mutedBy).toBeNull();
    expect(await silences()).toMatchObject([{ id: 1, state: 'over', author: 'Ada' }]);
    expect(await send('DELETE', 'silences/1?author=Bob')).toMatchObject({ status: 404 });
  });

  it('makes one that is to come', async () => {
    const soon = iso(systemClock.now() + HOUR / 2);
    expect(await send('POST', 'silences', { ...said, startsAt: soon })).toMatchObject({
      status: 201,
      body: { state: 'to-come', startsAt: soon },
    });
  });

  it.each([
    ['one about nothing', { matchers: {} }, 'must NOT have fewer than 1 properties'],
    ['one about a word that is none', { matchers: { colour: 'red' } }, 'Unknown key "colour"'],
    ['a MAC that is none', { matchers: { mac: '00:15' } }, 'must match pattern'],
    ['one that is over before it begins', { until: iso(NOON) }, 'ends after it begins'],
    ['one without a reason', { reason: '' }, '"reason" must match pattern'],
  ])('refuses %s', async (_, change, detail) => {
    expect(await send('POST', 'silences', { ...said, ...change })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(detail) as string },
    });
    expect(await silences()).toEqual([]);
  });

  it('refuses to end one for nobody', async () => {
    await send('POST', 'silences', said);
    expect(await send('DELETE', 'silences/1')).toMatchObject({ status: 400 });
    expect(await silences()).toMatchObject([{ state: 'active' }]);
  });
});

describe('where it is told', () => {
  it('tells what became of each message, and which sink takes none', async () => {
    raise();
    await tell();
    const { body } = await site.get('/api/v1/deliveries');
    expect(
      Value.Parse(DeliveryListJson, body).deliveries.map(({ sink, state, because, group }) => [
        sink,
        state,
        because,
        group,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['good', 'delivered', null, 'head-office/unsupported'],
        ['bad', 'given-up', 'refused', 'head-office/unsupported'],
      ]),
    );
    const sinks = Value.Parse(SinkListJson, (await site.get('/api/v1/sinks')).body).sinks;
    expect(sinks.map(({ name, kind }) => [name, kind])).toEqual([
      ['good', 'webhook'],
      ['bad', 'webhook'],
    ]);
    expect(sinks[0]?.outage).toBeNull();
    expect(sinks[1]?.outage).toMatchObject({ failures: 1, givenUp: 1, fault: { detail: 'status 410' } });
  });

  it('tries a sink now, and says how it went', async () => {
    expect(Value.Parse(SinkTestJson, (await send('POST', 'sinks/good/test', {})).body)).toEqual({
      sink: 'good',
      delivered: true,
      fault: null,
    });
    expect((await send('POST', 'sinks/bad/test', {})).body).toEqual({
      sink: 'bad',
      delivered: false,
      fault: { reason: 'rejected', retry: false, detail: 'status 410' },
    });
    expect(await send('POST', 'sinks/none/test', {})).toMatchObject({ status: 404 });
    expect(await send('POST', 'sinks/good/test')).toMatchObject({ status: 400 });
  });
});

it('tells in the status what the disk refuses', async () => {
  const full = openSite({ storage: { trouble: 'The disk is full.' } });
  expect((await full.get('/api/v1/status')).body).toMatchObject({ storage: 'The disk is full.' });
  expect((await site.get('/api/v1/status')).body).toMatchObject({ storage: null });
  await full.close();
});
