import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceDetailJson, DeviceListJson } from '../../../src/api/contract/device.ts';
import { MOST_RAW, RawJson, TimelineJson } from '../../../src/api/contract/history.ts';
import { insertSighting } from '../../../src/store/sightings.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { hearing, SNOM, T46S, T46S_NEWER } from '../hear.ts';
import { openSite, type OpenSite } from '../site.ts';

const DAY = 86_400_000;
const START = systemClock.now() - 6 * DAY;
const iso = (at: number): string => new Date(at).toISOString();

let site: OpenSite;
let hear: ReturnType<typeof hearing>;
beforeEach(() => {
  site = openSite({ keepMs: 10 * DAY });
  hear = hearing(site);
  hear(START, '192.168.10.23', T46S);
  hear(START + 2 * DAY, '192.168.10.23', T46S_NEWER);
  hear(START + 3 * DAY, '192.168.10.24', SNOM);
});
afterEach(() => site.close());

const list = async (query: string): Promise<DeviceListJson> =>
  Value.Parse(DeviceListJson, (await site.get(`/api/v1/devices?${query}`)).body);

describe('GET /api/v1/devices?asOf', () => {
  it('answers with the fleet as it was known then, summary and findings included', async () => {
    expect(await list(`asOf=${iso(START + DAY)}`)).toMatchObject({
      summary: { devices: 1, coverage: { known: 1, answered: 1, inScope: null, possiblyBlocked: null } },
      devices: [{ id: 'd1', firmware: '66.84.0.15', findings: [{ kind: 'appeared' }] }],
    });
    const { summary, devices } = await list(`asOf=${iso(START + 2 * DAY)}`);
    expect(summary.devices).toBe(1);
    expect(devices[0]).toMatchObject({
      firmware: '66.86.0.15',
      findings: [{ kind: 'firmware-changed' }, { kind: 'appeared' }],
    });
    expect((await list('')).summary.devices).toBe(2);
    expect((await list(`asOf=${iso(START - DAY)}`)).devices).toEqual([]);
  });

  it('filters and pages that fleet as it does the present one', async () => {
    const at = `asOf=${iso(START + 4 * DAY)}`;
    expect((await list(`${at}&vendor=snom`)).devices.map(({ id }) => id)).toEqual(['d2']);
    expect(await list(`${at}&limit=1&offset=1`)).toMatchObject({
      summary: { devices: 2 },
      devices: [{ vendor: 'Yealink' }],
    });
  });

  it('tells what held then as it is known at another moment', async () => {
    const early = START + DAY;
    expect((await list(`asOf=${iso(early)}&knownAt=${iso(START + 4 * DAY)}`)).devices).toMatchObject([
      { firmware: '66.84.0.15' },
    ]);
    expect((await list(`knownAt=${iso(early)}`)).devices).toMatchObject([{ firmware: '66.84.0.15' }]);
  });

  it.each([
    ['what lies ahead', `asOf=${iso(START + 60 * DAY)}`, 'lies ahead'],
    ['what is kept no more', `asOf=${iso(START - 60 * DAY)}`, 'history is kept for 10 days'],
    ['a word kept no more', `knownAt=${iso(START - 60 * DAY)}`, 'history is kept for 10 days'],
    ['a date alone', 'asOf=2026-11-24', '"asOf" must match format "date-time"'],
    ['a day that there is not', 'asOf=2026-02-30T00:00:00Z', 'must match format "date-time"'],
  ])('refuses %s', async (_, query, detail) => {
    for (const path of ['devices', 'devices/d1']) {
      const { status, body } = await site.get(`/api/v1/${path}?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'INPUT_INVALID',
        detail: expect.stringContaining(detail) as string,
      });
    }
  });

  it('tells of one device, and of none that was not known yet', async () => {
    const { body } = await site.get(`/api/v1/devices/d1?asOf=${iso(START + DAY)}`);
    expect(Value.Parse(DeviceDetailJson, body)).toMatchObject({
      device: { firmware: '66.84.0.15' },
      evidence: [],
    });
    expect(await site.get(`/api/v1/devices/d2?asOf=${iso(START + DAY)}`)).toMatchObject({ status: 404 });
  });
});

describe('GET /api/v1/devices/:id/timeline', () => {
  const timeline = async (id: string, query = ''): Promise<TimelineJson> =>
    Value.Parse(TimelineJson, (await site.get(`/api/v1/devices/${id}/timeline${query}`)).body);

  it('tells versions, findings and what was heard, the oldest first', async () => {
    const { device, versions, findings, acts, sightings } = await timeline('d1', '?lang=en');
    expect(device).toBe('d1');
    expect(versions).toMatchObject([
      {
        firmware: '66.84.0.15',
        cause: 'sighting',
        validFrom: iso(START),
        validTo: iso(START + 2 * DAY),
        recordedAt: iso(START),
        status: 'present',
      },
      { firmware: '66.86.0.15', validFrom: iso(START + 2 * DAY), validTo: null },
    ]);
    expect(findings.map(({ title }) => title)).toEqual(['New device', 'Firmware changed']);
    expect(acts).toEqual([]);
    expect(sightings).toMatchObject([
      { userAgent: T46S, address: '192.168.10.23', raw: `/api/v1/sightings/${versions[0]!.sighting}/raw` },
      { userAgent: T46S_NEWER },
    ]);
  });

  it('holds the history of a record that became a part of another, also where the part is asked for', async () => {
    await site.server.inject({
      method: 'POST',
      url: '/api/v1/devices/d1/merge',
      payload: { other: 'd2', because: 'one box', author: 'Ada' },
    });
    const { device, versions, findings, acts } = await timeline('d2');
    expect(device).toBe('d1');
    expect(new Set(versions.map((version) => version.device))).toEqual(new Set(['d1', 'd2']));
    expect(findings.filter(({ kind }) => kind === 'appeared')).toHaveLength(2);
    expect(acts).toMatchObject([{ act: 'merge', device: 'd1', other: 'd2', because: 'one box' }]);
  });

  it('knows no device that is not there', async () => {
    expect(await site.get('/api/v1/devices/d9/timeline')).toMatchObject({ status: 404 });
  });
});

describe('GET /api/v1/sightings/:id/raw', () => {
  it('gives the bytes in JSON, so that nothing takes a stranger’s page for one of ours', async () => {
    const bytes = Buffer.from('SIP/2.0 200 OK\r\nUser-Agent: <script>\0\xff\r\n\r\n', 'latin1');
    const id = insertSighting(
      site.db,
      { endpoint: 1, device: 'd1' },
      {
        channel: 'sip-options',
        at: START,
        from: { site: 'head-office', transport: 'udp', address: '192.168.10.23', port: 5060 },
        solicited: true,
        facts: [],
        raw: bytes,
      },
    );
    const { status, headers, body } = await site.get(`/api/v1/sightings/${id}/raw`);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    const { length, base64 } = Value.Parse(RawJson, body);
    expect(length).toBe(bytes.length);
    expect(Buffer.from(base64, 'base64')).toEqual(bytes);
  });

  it('bounds what it gives, and says how long it was', async () => {
    const id = insertSighting(
      site.db,
      { endpoint: 1, device: 'd1' },
      {
        channel: 'http',
        at: START,
        from: { site: 'head-office', transport: 'tcp', address: '192.168.10.23', port: 80 },
        solicited: true,
        facts: [],
        raw: Buffer.alloc(MOST_RAW + 1),
      },
    );
    const { length, base64 } = Value.Parse(RawJson, (await site.get(`/api/v1/sightings/${id}/raw`)).body);
    expect([length, Buffer.from(base64, 'base64').length]).toEqual([MOST_RAW + 1, MOST_RAW]);
  });

  it.each([
    ['999', 404],
    ['0', 400],
    ['x', 400],
  ])('refuses the number %s', async (id, status) => {
    expect(await site.get(`/api/v1/sightings/${id}/raw`)).toMatchObject({ status });
  });
});
