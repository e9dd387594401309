import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFirmware, parseFirmware } from '../../src/policy/firmware-order.ts';

const compare = (a: string, b: string): number =>
  Math.sign(compareFirmware(parseFirmware(a)!, parseFirmware(b)!));

const version = fc
  .tuple(fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }), fc.constantFrom('', 'a', 'b', 'c'))
  .map(([groups, letter]) => `${groups.join('.')}${letter}`);

describe('firmware order', () => {
  it.each([
    ['66.84.0.15', '66.86.0.15', 'Yealink, one platform'],
    ['8.7.5.35', '8.9.3.80', 'Snom'],
    ['8.9.3.80', '10.1.20.0', 'Snom: numbers, not text'],
    ['5.9.5.0614', '6.4.3.5156', 'Polycom: padded build'],
    ['7.4.8', '7.4.8a', 'Cisco SPA: no letter before a letter'],
    ['7.6.2b', '7.6.2c', 'Cisco SPA: letters in their order'],
    ['7.5.5', '7.5.7.6', 'Cisco SPA: more groups'],
    ['42.245.00.000.000', '42.262', 'Gigaset: fewer groups'],
    ['8.7.3.19', '8.7.3.201309022318', 'snom 710: a date as build'],
  ])('%s is older than %s (%s)', (older, newer) => {
    expect(compare(older, newer)).toBe(-1);
    expect(compare(newer, older)).toBe(1);
  });

  it('takes missing groups and leading zeros for nothing', () => {
    expect(compare('1.2', '1.2.0.0')).toBe(0);
    expect(compare('05.20.0001', '5.20.1')).toBe(0);
  });

  it.each([
    '',
    'latest',
    'V1 R6.14.0',
    '83.V2.11.0+build.a546b91',
    '1.4.1(SR5)',
    '4_9_2',
    '11-1-0MSR3-9',
    '1..2',
    '1.2.',
    '.1',
    '1.2ab',
    '1.2A',
    '1'.repeat(16),
  ])('finds no order in %j', (text) => {
    expect(parseFirmware(text)).toBeNull();
  });

  it('is an order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compare(a, b)).toBe(0 - compare(b, a));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('never throws, whatever a stranger calls its firmware', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseFirmware(text);
        if (parsed !== null) expect(compareFirmware(parsed, parsed)).toBe(0);
      }),
    );
  });
});
