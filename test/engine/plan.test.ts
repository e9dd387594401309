import { describe, expect, it } from 'vitest';
import { askedAt } from '../../src/engine/asked-at.ts';
import { planSweep, type HostPlaces, type SweepPlan } from '../../src/engine/plan.ts';
import type { Device, DeviceEndpoint } from '../../src/model/device.ts';
import type { DeviceKind } from '../../src/model/identity.ts';
import { createScope } from '../../src/scope/scope.ts';

const udp = { transport: 'udp' as const, port: 5060 };
const tls = { transport: 'tls' as const, port: 5061 };

function scopeOf(...include: string[]) {
  const scope = createScope({ include, exclude: [{ network: '10.0.0.3', because: 'the lift' }] });
  if (!scope.ok) throw new Error('scope');
  return scope.value;
}

const plan = (hosts: [string, HostPlaces][] = [], seed = 7, scope = scopeOf('10.0.0.0/29', 'fd00::/64')) =>
  planSweep({ site: 's', scope, places: [udp, tls], hosts: new Map(hosts), seed });

const shown = (of: SweepPlan): string[] =>
  Array.from({ length: of.length }, (_, index) => of.at(index) ?? [])
    .flat()
    .map(({ transport, address, port }) => `${transport} ${address} ${port}`);

describe('the plan of a sweep', () => {
  it('asks every host of the scope at each place once, exclusions left out, the first place of all before the second', () => {
    const asked = shown(plan());
    expect(asked.slice(0, 5).sort()).toEqual([1, 2, 4, 5, 6].map((last) => `udp 10.0.0.${last} 5060`));
    expect(asked.slice(5).sort()).toEqual([1, 2, 4, 5, 6].map((last) => `tls 10.0.0.${last} 5061`));
    expect(plan().count).toBe(10);
  });

  it('is the same plan for the same seed', () => {
    expect(shown(plan())).toEqual(shown(plan()));
    expect(shown(plan([], 7))).not.toEqual(shown(plan([], 12)));
  });

  it('asks single hosts elsewhere, or nowhere, and nobody outside the scope', () => {
    const own = plan([
      ['10.0.0.1', { instead: [{ transport: 'udp', port: 5062 }] }],
      ['10.0.0.2', { instead: [] }],
      ['10.0.0.4', { also: [{ transport: 'tcp', port: 5070 }] }],
      ['10.0.0.3', { also: [udp] }],
      ['fd00::7', { instead: [udp] }],
      ['fd01::7', { instead: [udp] }],
    ]);
    const asked = shown(own);
    const of = (address: string): string[] => asked.filter((text) => text.split(' ')[1] === address);
    expect(of('10.0.0.1')).toEqual(['udp 10.0.0.1 5062']);
    expect(of('10.0.0.2')).toEqual([]);
    expect(of('10.0.0.4').sort()).toEqual(['tcp 10.0.0.4 5070', 'tls 10.0.0.4 5061', 'udp 10.0.0.4 5060']);
    expect([of('10.0.0.3'), of('fd01::7')]).toEqual([[], []]);
    expect(of('fd00::7')).toEqual(['udp fd00::7 5060']);
    expect(own.count).toBe(asked.length);
  });

  it('is known again by scope and places, not by what is known of single hosts', () => {
    expect(plan([['10.0.0.1', { instead: [] }]], 9).fingerprint).toBe(plan().fingerprint);
    expect(plan([], 7, scopeOf('10.0.0.0/28')).fingerprint).not.toBe(plan().fingerprint);
  });
});

function device(kind: DeviceKind | undefined, ...endpoints: Partial<DeviceEndpoint>[]): Device {
  return {
    id: 'd1',
    site: 's',
    identity: kind === undefined ? {} : { kind },
    confidence: 1,
    verdict: { level: 'basic', clause: null, because: { en: '', nl: '' }, caveats: [], slaEligible: false },
    status: 'present',
    solicited: true,
    firstSeen: 1,
    lastSeen: 1,
    endpoints: endpoints.map((endpoint) => ({
      address: '10.0.0.1',
      port: 5060,
      transport: 'udp',
      userAgent: null,
      server: null,
      sipStatus: null,
      solicited: false,
      channels: ['sip-pnp'],
      firstSeen: 1,
      lastSeen: 1,
      ...endpoint,
    })),
  };
}

describe('where known hosts are asked', () => {
  const ask = (devices: Device[], leftAlone: string[] = []) =>
    Object.fromEntries(
      [
        ...askedAt({
          devices,
          announced: ['fd00::9'],
          leftAlone: new Set(leftAlone),
          scope: scopeOf('10.0.0.0/29', 'fd00::/64'),
          places: [udp, tls],
        }),
      ].filter(([address]) => address !== 'fd00::9'),
    );

  it('is also where they told that they listen, whatever told it', () => {
    expect(ask([device('desk-phone', {}, { port: 5062 })])).toEqual({
      '10.0.0.1': { also: [{ transport: 'udp', port: 5062 }] },
    });
    expect(ask([device('desk-phone', {})])).toEqual({});
  });

  it('is no port that a stranger may have named to do harm: printers print what they are sent', () => {
    expect(ask([device('desk-phone', { port: 9100 }, { port: 80 }, { port: 5038 })])).toEqual({});
  });

  it('is no more than four ports that announcements named', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ port: 6000 + index }));
    expect(ask([device(undefined, ...many)])['10.0.0.1']?.also).toHaveLength(4);
  });

  it('is the IPv6 address that something told of', () => {
    expect(ask([device('desk-phone', { address: 'fd00::7' })])).toEqual({
      'fd00::7': { instead: [udp, tls] },
    });
  });

  it('is every place for an IPv6 address that a device gave as its own', () => {
    const hosts = askedAt({
      devices: [],
      announced: ['fd00::9'],
      leftAlone: new Set(),
      scope: scopeOf('fd00::/64'),
      places: [udp, tls],
    });
    expect([...hosts]).toEqual([['fd00::9', { instead: [udp, tls] }]]);
  });

  it.each(['pbx', 'proxy'] as const)('is one place for a %s, the one that answered', (kind) => {
    const answered = { port: 5070, transport: 'tcp' as const, solicited: true };
    expect(ask([device(kind, { lastSeen: 9 }, answered)])).toEqual({
      '10.0.0.1': { instead: [{ transport: 'tcp', port: 5070 }] },
    });
  });

  it.each(['door-intercom', 'pager-speaker'] as const)('is over UDP alone for a %s', (kind) => {
    expect(ask([device(kind, { transport: 'tls', port: 5061 }, { port: 5062 })])).toEqual({
      '10.0.0.1': { instead: [udp, { transport: 'udp', port: 5062 }] },
    });
  });

  it('is nowhere for who is left alone', () => {
    expect(ask([device('desk-phone', { port: 5062 })], ['10.0.0.1'])).toEqual({
      '10.0.0.1': { instead: [] },
    });
  });
});
