import Value from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeviceDetailJson, DeviceListJson } from '../../../src/api/contract/device.ts';
import { ProblemJson } from '../../../src/api/contract/problem.ts';
import { openSite, PHONE, type OpenSite } from '../site.ts';

let site: OpenSite;
beforeEach(() => (site = openSite()));
afterEach(() => site.close());

async function list(query: string, headers: Record<string, string> = {}): Promise<DeviceListJson> {
  const { status, body } = await site.get(`/api/v1/devices${query}`, headers);
  expect(status).toBe(200);
  return Value.Parse(DeviceListJson, body);
}
const ids = async (query: string): Promise<string[]> => (await list(query)).devices.map(({ id }) => id);

describe('GET /api/v1/devices', () => {
  it('is empty for an empty inventory', async () => {
    expect(await list('')).toMatchObject({ summary: { devices: 0, slaEligible: 0 }, devices: [] });
  });

  it('lists devices with endpoints and latest findings', async () => {
    const id = site.addDevice();
    site.addFindings({ device: id, kind: 'appeared' }, { device: id, kind: 'firmware-changed' });
    const { devices } = await list('');
    expect(devices).toMatchObject([
      {
        id,
        endpoints: [{ address: '192.168.10.20', status: 200, channels: ['sip-options'] }],
        findings: [{ kind: 'firmware-changed' }, { kind: 'appeared' }],
      },
    ]);
  });

  it('carries at most ten findings of each', async () => {
    const device = site.addDevice();
    for (let n = 0; n < 12; n++) site.addFindings({ device, kind: 'conflict' });
    const [listed] = (await list('')).devices;
    expect(listed?.findings.map(({ seq }) => seq)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('answers in the language asked for, else the browser’s, else the site’s', async () => {
    site.addDevice();
    const because = async (query: string, headers?: Record<string, string>) =>
      (await list(query, headers)).devices[0]?.because;
    expect(await because('?lang=en', { 'accept-language': 'nl' })).toBe('tested');
    expect(await because('', { 'accept-language': 'en-GB,en;q=0.9' })).toBe('tested');
    expect(await because('')).toBe('getest');
  });

  it('filters by every parameter', async () => {
    const full = site.addDevice();
    const basic = site.addDevice(
      {
        identity: { vendor: 'Other', kind: 'dect-base' },
        verdict: { ...PHONE.verdict, level: 'basic', slaEligible: false },
        status: 'gone',
      },
      { address: '192.168.10.21', userAgent: "Other'%_/2" },
    );
    for (const query of [
      'level=basic',
      'vendor=other',
      'kind=dect-base',
      'status=gone',
      'sla=false',
      'q=10.21',
      "q='%25_",
    ])
      expect(await ids(`?${query}`), query).toEqual([basic]);
    expect(await ids('?sla=true')).toEqual([full]);
    expect(await ids('?q=02:00:00:AA')).toEqual([full]);
    expect(await ids('?level=basic&level=full')).toEqual([basic, full]);
    expect(await ids('?level=basic&sla=true')).toEqual([]);
  });

  it('gives one page, and the summary of all that pass the filter', async () => {
    const all = Array.from({ length: 5 }, (_, n) => site.addDevice({}, { address: `192.168.10.${n + 1}` }));
    const { summary, devices } = await list('?limit=2&offset=3');
    expect(devices.map(({ id }) => id)).toEqual(all.slice(3, 5));
    expect(summary).toMatchObject({ devices: 5, phones: 5, byLevel: { full: 5 } });
    expect(await ids('?offset=9')).toEqual([]);
  });

  it('tells how much has answered, by whom the rest is known, and who is unknown to the PBX', async () => {
    site.addDevice({}, { address: '192.168.10.1' });
    site.addDevice({}, { address: '192.168.10.2', sipStatus: null, channel: 'registrations' });
    site.addDevice({}, { address: '192.168.10.3', sipStatus: null, channel: 'neighbours' });
    const alone = { site: 'head-office', until: 0, because: 'fell-silent' as const };
    site.auditor.leftAlone = () => [
      { ...alone, address: '192.168.10.1' },
      { ...alone, address: '192.168.10.9', because: 'retry-after' },
    ];
    expect((await list('')).summary.coverage).toEqual({
      known: 3,
      answered: 1,
      share: 1 / 3,
      silent: 2,
      bySource: { neighbours: 1, registrations: 1, 'sip-options': 1 },
      unknownToPbx: { unknown: 2, onTheWire: 2 },
      inScope: 253,
      possiblyBlocked: 1,
    });
    expect((await list('?q=10.3')).summary.coverage.unknownToPbx).toEqual({ unknown: 1, onTheWire: 1 });
  });

  it.each([
    ['unknown=1', 'Unknown query parameter "unknown".'],
    ['__proto__=1', 'Unknown query parameter "__proto__".'],
    ['lang=de', 'The query parameter "lang" must be one of en, nl.'],
    [
      'level=basic&level=good',
      'The query parameter "level" must be one of full, partial, basic, unsupported, not-applicable.',
    ],
    ['limit=0', 'The query parameter "limit" must be >= 1.'],
    ['limit=10001', 'The query parameter "limit" must be <= 10000.'],
    ['limit=1e9999', 'The query parameter "limit" must be'],
    ['limit=1&limit=2', 'The query parameter "limit" must be integer.'],
    ['offset=-1', 'The query parameter "offset" must be >= 0.'],
    ['sla=perhaps', 'The query parameter "sla" must be boolean.'],
    [`q=${'x'.repeat(201)}`, 'The query parameter "q" must NOT have more than 200 characters.'],
  ])('refuses ?%s', async (query, detail) => {
    const { status, headers, body } = await site.get(`/api/v1/devices?${query}`);
    expect(status).toBe(400);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = Value.Parse(ProblemJson, body);
    expect(problem.code).toBe('INPUT_INVALID');
    expect(problem.detail).toContain(detail);
  });
});

describe('GET /api/v1/devices/:id', () => {
  it('tells one device with its reasons', async () => {
    const id = site.addDevice(
      {},
      {},
      {
        evidence: [
          {
            rule: 'acme.sip-ua',
            fact: { field: 'sip.user_agent', value: 'Acme P10W/1.10' },
            asserts: { vendor: 'Acme' },
            certainty: 0.9,
            solicited: true,
          },
        ],
        conflicts: [],
      },
    );
    const { status, body } = await site.get(`/api/v1/devices/${id}?lang=en`);
    expect(status).toBe(200);
    expect(Value.Parse(DeviceDetailJson, body)).toMatchObject({
      device: { id, because: 'tested' },
      evidence: [{ rule: 'acme.sip-ua', value: 'Acme P10W/1.10' }],
      clause: 'acme-p10w',
    });
  });

  it.each(['d2', 'd0', 'nothing', '..%2f..%2fetc', "d1'--", '%00'])('knows no device %s', async (id) => {
    site.addDevice();
    const { status, body } = await site.get(`/api/v1/devices/${id}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'NOT_FOUND', title: 'Not Found' });
  });
});
