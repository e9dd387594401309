import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFirmware, plainFirmware } from '../../src/model/firmware.ts';

const read = (text: string) => plainFirmware.read({}, text);
const compare = (a: string, b: string): number => Math.sign(compareFirmware(read(a)!, read(b)!)!);

const version = fc
  .array(fc.oneof(fc.nat({ max: 3 }), fc.constantFrom('a', 'b', 'rc', 'beta')), { maxLength: 5 })
  .map((parts) => ['1', ...parts].join('.'));

describe('firmware order', () => {
  it.each([
    ['8.7.5.35', '8.9.3.80', 'Snom'],
    ['8.9.3.80', '10.1.20.0', 'Snom: numbers, not text'],
    ['5.9.5.0614', '6.4.3.5156', 'Polycom: padded build'],
    ['7.4.8', '7.4.8a', 'Cisco SPA: no letter before a letter'],
    ['7.4.8a', '7.5.5', 'Cisco SPA: the number before the letter'],
    ['7.6.2b', '7.6.2c', 'Cisco SPA: letters in their order'],
    ['7.5.5', '7.5.7.6', 'Cisco SPA: more groups'],
    ['1.4.1(SR4)', '1.4.1(SR5)', 'Cisco SPA: service release in brackets'],
    ['6.1.5', '6.1.5(a)', 'Cisco SPA: build in brackets'],
    ['11-1-0MSR3-9', '11.3.1-msr3-3', 'Cisco MPP: dashes and dots are the same'],
    ['11.3.1', '11.3.1-msr3-3', 'Cisco MPP: a maintenance release comes after'],
    ['11-1-0MSR3-9', '11-1-0MSR10-1', 'Cisco MPP: its number is a number'],
    ['12.0.1-MPP0001-245', '12.0.7-MPP0201-66', 'Cisco MPP'],
    ['9.4.2', '9.4.2SR1', 'Cisco enterprise'],
    ['2_8_1', '2_9_10', 'Digium: underscores'],
    ['2.7.9', '2_8_1', 'Digium: underscore = dot'],
    ['V1 R6.14.0', 'V3 R5.13.0', 'Unify'],
    ['V3 R5.9.0', 'V3 R5.13.0', 'Unify: numbers, not text'],
    ['3.0.4.72', 'V3.0.5', 'Htek: the V means nothing'],
    ['08.001', '08.010', 'Panasonic'],
    ['3.3.1.8215', '4.2.0.2023', 'Aastra and Mitel: the build counts last'],
    ['2.2.1', '2.2.1_build_6', 'AudioCodes: a build'],
    ['R6.8', 'R6.9 2016-07-05', 'Patton'],
    ['8.7.3.19', '8.7.3.201309022318', 'snom 710: a date as build'],
    ['16.2.1~rc1', '16.2.1', 'what leads to a release comes before it'],
    ['1.0-beta', '1.0-rc2', 'beta before rc'],
  ])('%s is older than %s (%s)', (older, newer) => {
    expect(compare(older, newer)).toBe(-1);
    expect(compare(newer, older)).toBe(1);
  });

  it('takes missing groups and leading zeros for nothing', () => {
    expect(compare('1.2', '1.2.0.0')).toBe(0);
    expect(compare('05.20.0001', '5.20.1')).toBe(0);
  });

  it.each(['', 'latest', 'trunk', '1'.repeat(16), '1.'.repeat(40)])('finds no order in %j', (text) => {
    expect(read(text)).toBeNull();
  });

  it('finds no order between platforms, nor between a word and a number in front', () => {
    const on = (platform: string | null) => ({ platform, parts: [86, 0, 15] });

    expect(compareFirmware(on('66'), on('108'))).toBeNull();
    expect(compareFirmware(on('66'), on('66'))).toBe(0);
    expect(compareFirmware(on('66'), on(null))).toBe(0);
    expect(compareFirmware(read('UC_3.4.1')!, read('3.4.1')!)).toBeNull();
  });

  it('is an order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compare(a, b)).toBe(0 - compare(b, a));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, whatever a stranger calls its firmware', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const firmware = read(text);
        if (firmware !== null) expect(compareFirmware(firmware, firmware)).toBe(0);
      }),
    );
  });
});
