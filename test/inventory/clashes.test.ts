import { describe, expect, it } from 'vitest';
import { AT_ONCE_MS, twoDevices, twoPlaces } from '../../src/inventory/clashes.ts';
import type { Device, DeviceEndpoint } from '../../src/model/device.ts';
import type { Sighting } from '../../src/model/sighting.ts';

const NOW = 10 * AT_ONCE_MS;
const MINUTE = 60_000;

const endpoint = (
  address: string,
  lastSeen: number,
  change: Partial<DeviceEndpoint> = {},
): DeviceEndpoint => ({
  address,
  port: 5060,
  transport: 'udp',
  userAgent: null,
  server: null,
  sipStatus: 200,
  solicited: true,
  channels: ['sip-options'],
  firstSeen: 1,
  lastSeen,
  ...change,
});

const device = (endpoints: DeviceEndpoint[], change: Partial<Device> = {}): Device => ({
  id: 'd1',
  site: 's',
  identity: { vendor: 'Acme', model: 'P10', mac: '001565aabbcc' },
  confidence: 0.9,
  verdict: { level: 'basic', clause: null, because: { en: '', nl: '' }, caveats: [], slaEligible: false },
  status: 'present',
  solicited: true,
  firstSeen: 1,
  lastSeen: NOW,
  endpoints,
  ...change,
});

const heard = (address = '10.0.0.1', solicited = true): Sighting => ({
  channel: 'sip-options',
  at: NOW,
  from: { site: 's', transport: 'udp', address, port: 5060 },
  solicited,
  facts: [],
  raw: new Uint8Array(),
});

const here = (ago: number, address = '10.0.0.1') => ({ address, lastSeen: NOW - ago });
const [LONG_AGO, RECENTLY] = [20 * MINUTE, 10 * MINUTE];

describe('one device in two places', () => {
  const elsewhere = endpoint('10.0.0.2', NOW - RECENTLY);
  const both = device([endpoint('10.0.0.1', NOW - LONG_AGO), elsewhere]);

  it('answers here, then there, then here again', () => {
    expect(twoPlaces(both, here(LONG_AGO), heard())).toEqual({
      at: NOW,
      kind: 'duplicate-mac',
      state: 'raised',
      about: '001565aabbcc',
      cause: null,
      before: '10.0.0.1',
      after: '10.0.0.2',
    });
  });

  it('is named by its id where it has no MAC address', () => {
    const nameless = { ...both, identity: {} };
    expect(twoPlaces(nameless, here(LONG_AGO), heard())).toMatchObject({ about: 'd1' });
  });

  it('is suspected of being forged there where nothing there ever answered', () => {
    const overheard = device([endpoint('10.0.0.1', NOW - LONG_AGO), { ...elsewhere, solicited: false }]);
    expect(twoPlaces(overheard, here(LONG_AGO), heard())).toMatchObject({
      kind: 'spoof-suspected',
      about: '10.0.0.2',
      before: null,
      after: 'Acme P10 001565aabbcc',
    });
    const nameless = { ...overheard, identity: {} };
    expect(twoPlaces(nameless, here(LONG_AGO), heard())?.after).toBe('d1');
  });

  it('has answered there where it did so on any of the ports', () => {
    const ports = device([
      endpoint('10.0.0.1', NOW - LONG_AGO),
      endpoint('10.0.0.2', NOW - RECENTLY, { solicited: false, port: 5059 }),
      endpoint('10.0.0.2', NOW - 9 * LONG_AGO),
    ]);
    expect(twoPlaces(ports, here(LONG_AGO), heard())?.kind).toBe('duplicate-mac');
  });

  it('is told with the place where it was heard last', () => {
    const three = { ...both, endpoints: [...both.endpoints, endpoint('10.0.0.3', NOW - MINUTE)] };
    expect(twoPlaces(three, here(LONG_AGO), heard())?.after).toBe('10.0.0.3');
  });

  it.each<[string, ReturnType<typeof twoPlaces>]>([
    ['was not heard here before', twoPlaces(both, null, heard())],
    ['was heard here too long ago: it has moved back', twoPlaces(both, here(AT_ONCE_MS + 1), heard())],
    [
      'was only overheard here: anybody may say so',
      twoPlaces(both, here(LONG_AGO), heard('10.0.0.1', false)),
    ],
    ['was heard elsewhere only before that', twoPlaces(both, here(MINUTE), heard())],
    ['was heard elsewhere at that very moment', twoPlaces(both, here(RECENTLY), heard())],
    ['has an address of either family', twoPlaces(both, here(LONG_AGO, 'fd00::1'), heard('fd00::1'))],
    [
      'has another port here',
      twoPlaces(device([endpoint('10.0.0.1', NOW - MINUTE, { port: 5062 })]), here(LONG_AGO), heard()),
    ],
  ])('is none that %s', (_what, finding) => expect(finding).toBeNull());

  it('may have been silent here for as long as counts as at once', () => {
    expect(twoPlaces(both, here(AT_ONCE_MS), heard())).not.toBeNull();
  });
});

describe('two devices at one place', () => {
  const rival = device([], { id: 'd2', identity: { vendor: 'Snom', model: '300' } });
  const others = (ago: number, who = rival) => [{ device: who, endpoint: endpoint('10.0.0.1', NOW - ago) }];

  it('speak there by turns', () => {
    expect(twoDevices(device([]), here(LONG_AGO), others(RECENTLY), heard())).toEqual({
      at: NOW,
      kind: 'duplicate-address',
      state: 'raised',
      about: '10.0.0.1',
      cause: null,
      before: 'Snom 300',
      after: '001565aabbcc',
    });
    const nameless = { ...rival, identity: {} };
    expect(twoDevices(device([]), here(LONG_AGO), others(RECENTLY, nameless), heard())?.before).toBe('d2');
  });

  it.each<[string, ReturnType<typeof twoDevices>]>([
    ['none where it was not heard there before', twoDevices(device([]), null, others(RECENTLY), heard())],
    ['none where nobody else was', twoDevices(device([]), here(LONG_AGO), [], heard())],
    [
      'none where the other one was there before it',
      twoDevices(device([]), here(MINUTE), others(RECENTLY), heard()),
    ],
    [
      'none where it comes back after long: the address was lent',
      twoDevices(device([]), here(AT_ONCE_MS + 1), others(RECENTLY), heard()),
    ],
  ])('are %s', (_what, finding) => expect(finding).toBeNull());

  it('are found among others that have left', () => {
    const both = [...others(9 * LONG_AGO, { ...rival, id: 'd3' }), ...others(RECENTLY)];
    expect(twoDevices(device([]), here(LONG_AGO), both, heard())?.before).toBe('Snom 300');
  });
});
