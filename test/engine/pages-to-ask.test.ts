import { describe, expect, it } from 'vitest';
import { createAskedHosts, pagesToAsk, type AskedHosts } from '../../src/engine/pages-to-ask.ts';
import type { Device, DeviceEndpoint } from '../../src/model/device.ts';
import { DEVICE_KINDS, type Identity } from '../../src/model/identity.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';

const endpoint = (address: string, change: Partial<DeviceEndpoint> = {}): DeviceEndpoint => ({
  address,
  port: 5060,
  transport: 'udp',
  userAgent: null,
  server: null,
  sipStatus: 200,
  solicited: true,
  channels: ['sip-options'],
  firstSeen: 1,
  lastSeen: 1,
  ...change,
});

let count = 0;
const device = (
  identity: Partial<Identity>,
  endpoints: DeviceEndpoint[],
  change: Partial<Device> = {},
): Device => ({
  id: `d${(count += 1)}`,
  site: 's',
  identity,
  confidence: 1,
  verdict: { level: 'basic', clause: null, because: { en: '', nl: '' }, caveats: [], slaEligible: false },
  status: 'present',
  solicited: true,
  firstSeen: 1,
  lastSeen: 1,
  endpoints,
  ...change,
});
/** A phone that lacks its firmware, at 10.0.0.last. */
const phone = (last: number, change: Partial<Device> = {}): Device =>
  device({ kind: 'desk-phone', model: 'P10' }, [endpoint(`10.0.0.${last}`)], change);

const IN_SCOPE = createScope({
  include: ['10.0.0.0/24'],
  exclude: [{ network: '10.0.0.9', because: 'test' }],
});
const everybody: Pick<AskedHosts, 'isDue'> = { isDue: () => true };

function addresses(devices: Device[], schemes: ('http' | 'https')[] = ['http'], asked = everybody): string[] {
  if (!IN_SCOPE.ok) throw new Error('scope');
  const config = { schemes, everyHours: 24 };
  return pagesToAsk(devices, { site: 's', scope: IN_SCOPE.value, config, asked }).map(
    ({ transport, address, port }) => `${transport} ${address}:${port}`,
  );
}

describe('pagesToAsk', () => {
  it.each<[string, Partial<Identity>, boolean]>([
    ['model', { firmware: '1.0' }, true],
    ['firmware', { model: 'P10' }, true],
    ['model and firmware', {}, true],
    ['nothing', { model: 'P10', firmware: '1.0' }, false],
    ['MAC and serial alone', { model: 'P10', firmware: '1.0', vendor: 'Acme' }, false],
  ])('asks a phone that lacks %s: %#', (_, identity, isAsked) => {
    const devices = [device({ kind: 'desk-phone', ...identity }, [endpoint('10.0.0.1')])];
    expect(addresses(devices)).toEqual(isAsked ? ['tcp 10.0.0.1:80'] : []);
  });

  it('asks desk phones, conference phones, DECT bases and adapters, and no other kind, known or not', () => {
    const asked = [...DEVICE_KINDS, undefined].filter(
      (kind) => addresses([device(kind === undefined ? {} : { kind }, [endpoint('10.0.0.1')])]).length > 0,
    );
    expect(asked).toEqual(['desk-phone', 'dect-base', 'conference-phone', 'ata']);
  });

  it.each(['door-intercom', 'pager-speaker', 'pbx', undefined] as const)(
    'asks nobody at an address where a device of kind %s was ever heard',
    (kind) => {
      const other = device(kind === undefined ? {} : { kind }, [endpoint('10.0.0.7'), endpoint('10.0.0.1')], {
        status: 'gone',
      });
      expect(addresses([phone(1), phone(2), other])).toEqual(['tcp 10.0.0.2:80']);
    },
  );

  it.each(['stale', 'gone'] as const)('asks no phone that is %s', (status) =>
    expect(addresses([phone(1, { status })])).toEqual([]),
  );

  it('asks nothing outside the scope, and no exclusion', () => {
    const elsewhere = device({ kind: 'ata' }, [endpoint('10.0.1.1')]);
    expect(addresses([phone(9), elsewhere, phone(10)])).toEqual(['tcp 10.0.0.10:80']);
  });

  it('asks a phone where it was heard last, and only there', () => {
    const moved = device({ kind: 'ata' }, [endpoint('10.0.0.1'), endpoint('10.0.0.2', { lastSeen: 2 })]);
    expect(addresses([moved])).toEqual(['tcp 10.0.0.2:80']);
  });

  it('goes nowhere on the word of an announcement, which may be forged', () => {
    const forged = { solicited: false, sipStatus: null, lastSeen: 2 };
    expect(addresses([device({ kind: 'ata' }, [endpoint('10.0.0.1', forged)])])).toEqual([]);
    expect(
      addresses([device({ kind: 'ata' }, [endpoint('10.0.0.1'), endpoint('10.0.0.2', forged)])]),
    ).toEqual([]);
    const both = [endpoint('10.0.0.1'), endpoint('10.0.0.1', { ...forged, port: 5062 })];
    expect(addresses([device({ kind: 'ata' }, both)])).toEqual(['tcp 10.0.0.1:80']);
  });

  it('names each host once, in every scheme of the settings', () => {
    expect(addresses([phone(1), phone(1)], ['http', 'https'])).toEqual([
      'tcp 10.0.0.1:80',
      'tls 10.0.0.1:443',
    ]);
    expect(addresses([phone(1)], ['https'])).toEqual(['tls 10.0.0.1:443']);
  });

  it('leaves a host alone for so many hours after it was asked, whatever came of it', async () => {
    const clock = createSimulatedClock();
    const asked = createAskedHosts(clock);
    const due = (): string[] =>
      addresses([phone(1), phone(2)], ['http'], { isDue: (address: string) => asked.isDue(address, 24) });
    expect(due()).toHaveLength(2);
    asked.mark('10.0.0.1');
    expect(due()).toEqual(['tcp 10.0.0.2:80']);
    await clock.advance(24 * 3_600_000 - 1);
    expect(due()).toEqual(['tcp 10.0.0.2:80']);
    await clock.advance(1);
    expect(due()).toHaveLength(2);
  });
});
