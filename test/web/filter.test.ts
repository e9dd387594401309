import { describe, expect, it } from 'vitest';
import type { DeviceJson } from '../../src/api/contract/device.ts';
import { applyFilter, isFiltering, NO_FILTER, UNKNOWN } from '../../web/src/lib/filter.ts';

const device = (
  change: Partial<DeviceJson>,
  address = '192.168.10.7',
  userAgent = 'Yealink SIP-T46S 66.84.0.15',
): DeviceJson => ({
  id: 'd1',
  site: 'site',
  vendor: 'Yealink',
  model: 'T46S',
  firmware: '66.84.0.15',
  kind: 'desk-phone',
  mac: '001565aabbcc',
  serial: null,
  confidence: 0.9,
  level: 'full',
  slaEligible: true,
  because: 'tested',
  caveats: [],
  endpoints: [
    {
      address,
      port: 5060,
      transport: 'udp',
      userAgent,
      server: null,
      status: 200,
      solicited: true,
      channels: ['sip-options'],
      firstSeen: '2026-11-24T10:00:00.000Z',
      lastSeen: '2026-11-24T10:00:00.000Z',
    },
  ],
  firstSeen: '2026-11-24T10:00:00.000Z',
  lastSeen: '2026-11-24T10:00:00.000Z',
  status: 'present',
  findings: [],
  ...change,
});

const phone = device({});
const stranger = device(
  { id: 'd2', vendor: null, model: null, kind: null, mac: null, level: 'basic', slaEligible: false },
  'fd00::9',
  'Ünknown <b>',
);
const pbx = device(
  { id: 'd3', vendor: 'Asterisk', kind: 'pbx', mac: null, level: 'not-applicable', slaEligible: false },
  '192.168.10.1',
  'Asterisk',
);
const all = [phone, stranger, pbx];
const found = (text: string): string[] => applyFilter(all, { ...NO_FILTER, text }).map(({ id }) => id);

describe('filter of the device list', () => {
  it.each([
    '00:15:65:aa:bb:cc',
    '00-15-65-AA-BB-CC',
    '0015.65aa.bbcc',
    '001565AABBCC',
    '00:15:65:a',
    '15:65:aa',
  ])('finds a MAC address written as %s', (text) => {
    expect(found(text)).toEqual(['d1']);
  });

  it('finds words anywhere, in any case, and needs each of them', () => {
    expect(found('YEALINK t46')).toEqual(['d1']);
    expect(found('yealink asterisk')).toEqual([]);
    expect(found('ünknown <B>')).toEqual(['d2']);
    expect(found('192.168.10.1')).toEqual(['d3']);
  });

  it('does not take an address for a MAC address', () => {
    expect(found('56.5')).toEqual([]);
  });

  it('names what is not known', () => {
    expect(applyFilter(all, { ...NO_FILTER, vendor: UNKNOWN })).toEqual([stranger]);
    expect(applyFilter(all, { ...NO_FILTER, kind: UNKNOWN })).toEqual([stranger]);
  });

  it('counts what is no phone neither as eligible nor as not eligible', () => {
    expect(applyFilter(all, { ...NO_FILTER, sla: 'yes' })).toEqual([phone]);
    expect(applyFilter(all, { ...NO_FILTER, sla: 'no' })).toEqual([stranger]);
  });

  it('passes everything when nothing is asked', () => {
    expect(isFiltering(NO_FILTER)).toBe(false);
    expect(applyFilter(all, NO_FILTER)).toEqual(all);
  });
});
