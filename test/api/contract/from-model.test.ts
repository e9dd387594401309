import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { DeviceDetailJson, DeviceJson, SummaryJson } from '../../../src/api/contract/device.ts';
import {
  toDetailJson,
  toDeviceJson,
  toSummaryJson,
  toSweepJson,
} from '../../../src/api/contract/from-model.ts';
import { SweepJson } from '../../../src/api/contract/sweep.ts';
import type { Device } from '../../../src/model/device.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Evidence } from '../../../src/model/identity.ts';
import { NOON, PHONE, SWEEP } from '../site.ts';

const device: Device = {
  ...PHONE,
  id: 'd1',
  endpoints: [
    {
      address: 'fd00::7',
      port: 5062,
      transport: 'tcp',
      userAgent: 'Acme P10W/1.10',
      server: null,
      sipStatus: 401,
      solicited: true,
      channels: ['sip-options', 'sip-pnp'],
      firstSeen: NOON,
      lastSeen: NOON + 1000,
    },
  ],
};

const finding = (seq: number): Finding => ({
  seq,
  device: 'd1',
  about: null,
  at: NOON,
  kind: 'firmware-changed',
  state: 'raised',
  cause: null,
  before: '1.9',
  after: '1.10',
  sighting: 3,
});

describe('toDeviceJson', () => {
  it('gives every key of the contract, times in UTC, texts in the language asked for', () => {
    const json = toDeviceJson(device, [finding(7)], 'nl');
    expect(json).toEqual({
      id: 'd1',
      site: 'head-office',
      vendor: 'Acme',
      model: 'P10W',
      firmware: '1.10',
      kind: 'desk-phone',
      mac: '020000aabbcc',
      serial: null,
      confidence: 0.9,
      level: 'full',
      slaEligible: true,
      because: 'getest',
      caveats: ['doorverbinden is een deflect'],
      endpoints: [
        {
          address: 'fd00::7',
          port: 5062,
          transport: 'tcp',
          userAgent: 'Acme P10W/1.10',
          server: null,
          status: 401,
          solicited: true,
          channels: ['sip-options', 'sip-pnp'],
          firstSeen: '2026-11-24T12:00:00.000Z',
          lastSeen: '2026-11-24T12:00:01.000Z',
        },
      ],
      firstSeen: '2026-11-24T12:00:00.000Z',
      lastSeen: '2026-11-24T12:00:01.000Z',
      status: 'present',
      findings: [
        {
          seq: 7,
          device: 'd1',
          about: null,
          at: '2026-11-24T12:00:00.000Z',
          kind: 'firmware-changed',
          state: 'raised',
          severity: 'info',
          cause: null,
          before: '1.9',
          after: '1.10',
          sighting: 3,
          title: 'Andere firmware',
          because: 'Firmware: 1.9 → 1.10.',
          toDo: 'Niets, als de update de bedoeling was.',
        },
      ],
    });
    expect(Value.Check(DeviceJson, json)).toBe(true);
  });

  it('says null for everything that is not known', () => {
    const { vendor, model, firmware, kind, mac } = toDeviceJson({ ...device, identity: {} }, [], 'en');
    expect({ vendor, model, firmware, kind, mac }).toEqual({
      vendor: null,
      model: null,
      firmware: null,
      kind: null,
      mac: null,
    });
  });
});

describe('toDetailJson', () => {
  it('gives the reasons: evidence that won, evidence that lost, the clause', () => {
    const evidence: Evidence = {
      rule: 'acme.sip-ua',
      fact: { field: 'sip.user_agent', value: 'Acme P10W/1.10' },
      asserts: { vendor: 'Acme', model: 'P10W' },
      certainty: 0.9,
      solicited: true,
    };
    const json = toDetailJson(device, { evidence: [evidence], conflicts: [] }, [], 'en');
    expect(json).toMatchObject({
      device: { id: 'd1', because: 'tested' },
      evidence: [
        {
          rule: 'acme.sip-ua',
          field: 'sip.user_agent',
          value: 'Acme P10W/1.10',
          asserts: { vendor: 'Acme', model: 'P10W' },
          certainty: 0.9,
          solicited: true,
        },
      ],
      conflicts: [],
      clause: 'acme-p10w',
    });
    expect(Value.Check(DeviceDetailJson, json)).toBe(true);
  });
});

describe('toSummaryJson', () => {
  it('counts what is no phone in no figure of phones', () => {
    const phone = (level: 'full' | 'basic' | 'unsupported', vendor?: string) => ({
      identity: vendor === undefined ? {} : { vendor, kind: 'desk-phone' as const },
      endpoints:
        level === 'basic'
          ? device.endpoints.map((endpoint) => ({ ...endpoint, sipStatus: null }))
          : device.endpoints,
      verdict: { ...PHONE.verdict, level, slaEligible: level === 'full' },
    });
    const pbx = {
      identity: { vendor: 'Acme', kind: 'pbx' as const },
      endpoints: device.endpoints,
      verdict: { ...PHONE.verdict, level: 'not-applicable' as const, slaEligible: false },
    };
    const json = toSummaryJson([phone('full', 'Acme'), phone('basic'), phone('unsupported', 'Acme'), pbx]);
    expect(json).toEqual({
      devices: 4,
      phones: 3,
      notPhones: 1,
      notIdentified: 1,
      byLevel: { full: 1, partial: 0, basic: 1, unsupported: 1 },
      slaEligible: 1,
      coverage: {
        known: 3,
        answered: 2,
        share: 2 / 3,
        silent: 1,
        bySource: { 'sip-pnp': 3, 'sip-options': 2 },
        unknownToPbx: null,
        inScope: null,
        possiblyBlocked: null,
      },
    });
    expect(toSummaryJson([]).coverage).toMatchObject({ known: 0, answered: 0, share: null });
    expect(Value.Check(SummaryJson, json)).toBe(true);
  });
});

describe('toSweepJson', () => {
  it('estimates what is left from the pace so far', () => {
    const json = toSweepJson({ ...SWEEP, sent: 100, mostToSend: 762 });
    expect(json.secondsLeft).toBe(34);
    expect(Value.Check(SweepJson, json)).toBe(true);
  });

  it.each([
    ['has sent nothing yet', { sent: 0 }],
    ['has ended', { state: 'done' as const, endedAt: NOON + 9000 }],
    ['is paused', { state: 'paused' as const }],
  ])('estimates nothing for a sweep that %s', (_, change) => {
    expect(toSweepJson({ ...SWEEP, ...change }).secondsLeft).toBeNull();
  });

  it('never estimates less than nothing', () => {
    expect(toSweepJson({ ...SWEEP, sent: 800 }).secondsLeft).toBe(0);
  });
});
