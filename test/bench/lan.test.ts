import { describe, expect, it } from 'vitest';
import { bitmapOf, chooseLive, dotted, numberOf, parseNetwork, score } from '../../bench/lan/addresses.ts';
import { CASES, phonesIn } from '../../bench/lan/cases.ts';
import { product, svmap } from '../../bench/lan/contestants.ts';
import { median } from '../../bench/lan/table.ts';

describe('the networks of the sweep bench', () => {
  it('are numbers and back', () => {
    expect(parseNetwork('10.16.0.0/12')).toMatchObject({ base: 0x0a100000, size: 2 ** 20 });
    expect(dotted(0xfffe0102)).toBe('255.254.1.2');
    expect(numberOf('255.254.1.2')).toBe(0xfffe0102);
    expect(numberOf('10.0.0')).toBeNull();
    expect(() => parseNetwork('10.0.0.1/16')).toThrow('10.0.0.1/16 is not a network');
  });

  it('have the same scattered phones in every run, none at the first two addresses or the last', () => {
    const network = parseNetwork('10.0.0.0/24');
    const live = chooseLive(network, 25);
    expect(live).toEqual(chooseLive(network, 25));
    expect(new Set(live).size).toBe(25);
    expect(Math.max(...live) - Math.min(...live)).toBeGreaterThan(128);
    expect(chooseLive(network, 256)).toEqual(Array.from({ length: 253 }, (_, index) => index + 2));
  });

  it('tell the fleet who lives by one bit an address, lowest first', () => {
    expect([...bitmapOf(parseNetwork('10.0.0.0/28'), [2, 9])]).toEqual([4, 2]);
  });

  it.each(CASES)('fit $name, whole and quick', (test) => {
    for (const text of [test.network, test.quick]) {
      const { size } = parseNetwork(text);
      expect(phonesIn(test, size)).toBeGreaterThan(0);
      expect(phonesIn(test, size)).toBeLessThanOrEqual(size);
    }
  });
});

describe('the figures of the sweep bench', () => {
  it('count phones found and addresses where nobody is', () => {
    const found = new Set(['10.0.0.2', '10.0.0.8', '10.0.0.9']);
    expect(score(found, new Set(['10.0.0.2', '10.0.0.3']))).toEqual({ right: 1, wrong: 2 });
  });

  it('are medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('read the addresses in the JSON of a scan, and none where it was killed on the way', () => {
    const scan = product('main.js', []);
    const output = JSON.stringify({
      summary: { sweep: { sent: 7, refused: { 'send-failed': 2 } } },
      devices: [{ endpoints: [{ address: '10.0.0.2' }, { address: '10.0.0.3' }] }, { endpoints: [] }],
    });
    expect(scan.read(output)).toEqual({
      found: ['10.0.0.2', '10.0.0.3'],
      sent: 7,
      refused: { 'send-failed': 2 },
    });
    expect(scan.read('')).toMatchObject({ found: [], sent: null });
    expect(scan.read(output.slice(0, -5))).toMatchObject({ found: [], sent: null });
  });

  it.skipIf(svmap({ passes: 1, narrower: 0 }) === null)('read the table of svmap', () => {
    const output = '| SIP Device    | User Agent |\n==\n| 10.0.0.7:5060 | Acme 1.2.3.4 |\n';
    expect(svmap({ passes: 1, narrower: 0 })?.read(output).found).toEqual(['10.0.0.7']);
  });
});
