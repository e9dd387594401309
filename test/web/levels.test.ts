import { expect, it } from 'vitest';
import { toDeviceJson, toSummaryJson } from '../../src/api/contract/from-model.ts';
import type { Device } from '../../src/model/device.ts';
import { summarise } from '../../web/src/lib/levels.ts';
import { PHONE } from '../api/site.ts';

const device = (id: string, channels: string[], sipStatus: number | null): Device => ({
  ...PHONE,
  id,
  endpoints: [
    {
      address: '192.168.10.20',
      port: 5060,
      transport: 'udp',
      userAgent: null,
      server: null,
      sipStatus,
      solicited: true,
      channels,
      firstSeen: 0,
      lastSeen: 0,
    },
  ],
});

const pbx: Device = {
  ...device('d9', ['neighbours'], 200),
  verdict: { ...PHONE.verdict, level: 'not-applicable', slaEligible: false },
};

const answering = device('d1', ['sip-options', 'neighbours'], 200);
const overheard = device('d2', ['mdns'], null);

it.each([
  ['where a PBX has told of phones', [answering, overheard, device('d3', ['registrations'], null), pbx]],
  ['where none has', [answering, overheard, pbx]],
  ['of no devices', []],
])('counts on the page what the API counts, %s', (_, devices) => {
  const { coverage, ...counts } = toSummaryJson(devices);
  const { answered, unknownToPbx } = coverage;
  expect(summarise(devices.map((one) => toDeviceJson(one, [], 'en')))).toEqual({
    ...counts,
    answered,
    unknownToPbx,
  });
});
