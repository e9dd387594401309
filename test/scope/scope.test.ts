import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/scope/network.ts';
import { createScope, type ScopeRequest } from '../../src/scope/scope.ts';

const scopeOf = (request: ScopeRequest) => {
  const scope = createScope(request);
  if (!scope.ok) throw new Error(scope.fault.map((fault) => fault.message).join(' '));
  return scope.value;
};

const addressesOf = (scope: ReturnType<typeof scopeOf>): string[] =>
  Array.from({ length: scope.sweptCount }, (_, index) => scope.addressAt(index) ?? '');

describe('createScope', () => {
  it('sweeps the addresses of its networks once each, without the exclusions', () => {
    const scope = scopeOf({
      include: ['192.168.10.0/29', '192.168.10.4-8'],
      exclude: [
        { network: '192.168.10.1/32', because: 'the PBX' },
        { network: '192.168.10.5', because: 'the lift' },
      ],
    });
    const addresses = addressesOf(scope);
    expect(addresses).toEqual([
      '192.168.10.2',
      '192.168.10.3',
      '192.168.10.4',
      '192.168.10.6',
      '192.168.10.7',
      '192.168.10.8',
    ]);
    expect(scope.sweptCount).toBe(addresses.length);
  });

  it('refuses what is outside, what is excluded, and the broadcast address', () => {
    const scope = scopeOf({
      include: ['192.168.10.0/24'],
      exclude: [{ network: '192.168.10.64/26', because: 'lifts' }],
    });
    expect(scope.includes('192.168.10.63')).toBe(true);
    for (const address of [
      '192.168.11.1',
      '192.168.10.64',
      '192.168.10.127',
      '192.168.10.255',
      '192.168.10.0',
      'pbx',
      '',
      '::1',
    ])
      expect(scope.includes(address)).toBe(false);
  });

  it('excludes the whole of a network, its first and last address too', () => {
    const scope = scopeOf({
      include: ['192.168.10.0-192.168.11.255'],
      exclude: [{ network: '192.168.10.0/24', because: 'guests' }],
    });
    expect(scope.includes('192.168.10.0')).toBe(false);
    expect(scope.includes('192.168.10.255')).toBe(false);
    expect(scope.includes('192.168.11.0')).toBe(true);
  });

  it('is empty, and refuses everything, without networks', () => {
    const scope = scopeOf({ include: [] });
    expect(scope.isEmpty).toBe(true);
    expect(scope.includes('127.0.0.1')).toBe(false);
    expect(addressesOf(scope)).toEqual([]);
  });

  it('never sweeps an IPv6 network blindly, but lets known addresses inside be asked', () => {
    const scope = scopeOf({ include: ['fd00:10::/64'] });
    expect(scope.sweptCount).toBe(0);
    expect(scope.includes('fd00:10::1234')).toBe(true);
    expect(scope.includes('fd00:11::1')).toBe(false);
  });

  it.each([
    [['10.0.0.0/15'], 'wider than a /16'],
    [['8.8.8.0/24'], 'public addresses'],
    [['10.0.0.0/16', '10.1.0.0/16'], 'together are wider'],
  ])('wants %s confirmed', (include, words) => {
    expect(createScope({ include })).toMatchObject({
      ok: false,
      fault: [{ message: expect.stringContaining(words) as string, hint: 'Add --i-know if it is meant.' }],
    });
    expect(createScope({ include, confirmed: true }).ok).toBe(true);
  });

  it('tells every fault at once', () => {
    const scope = createScope({
      include: ['pbx', '10.0.0.0/24', '1.2.3'],
      exclude: [{ network: 'lift', because: 'fragile' }],
    });
    expect(scope.ok ? [] : scope.fault.map((fault) => fault.message.slice(0, 8))).toEqual(
      ['"pbx" is', '"1.2.3" i', '"lift" i'].map((text) => text.slice(0, 8)),
    );
  });

  it('law: a swept address is included, and an excluded one never is', () => {
    const address = fc
      .integer({ min: 0, max: 1023 })
      .map((offset) => formatAddress(4, BigInt(0x0a000000 + offset)));
    const ranges = fc.array(fc.tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 60 })), {
      minLength: 1,
      maxLength: 6,
    });
    const text = ([first, length]: [number, number]): string =>
      `${formatAddress(4, BigInt(0x0a000000 + first))}-${formatAddress(4, BigInt(0x0a000000 + first + length))}`;
    fc.assert(
      fc.property(ranges, ranges, address, (include, exclude, probe) => {
        const scope = scopeOf({
          include: include.map(text),
          exclude: exclude.map((range) => ({ network: text(range), because: 'test' })),
        });
        const holds = ([first, length]: [number, number]): boolean => {
          const offset = probe.split('.').reduce((value, part) => value * 256 + Number(part), 0) - 0x0a000000;
          return offset >= first && offset <= first + length;
        };
        expect(scope.includes(probe)).toBe(include.some(holds) && !exclude.some(holds));
        const swept = addressesOf(scope);
        expect(new Set(swept).size).toBe(swept.length);
        expect(swept.every((one) => scope.includes(one))).toBe(true);
      }),
    );
  });
});
