import { describe, expect, it } from 'vitest';
import { createFirmwareReader } from '../../src/identify/firmware-order.ts';
import { selfTest } from '../../src/identify/self-test.ts';
import { formatFault } from '../../src/model/fault.ts';
import { faultsOf, rulesOf } from './rules-of.ts';

const ACME = `
vendor: Acme
firmware:
  - families: [P]
    pattern: '^(?<platform>\\d+)\\.(?<version>\\d+\\.\\d+)$'
    ascending: [[7.1.9, 7.1.10, 7.2.0]]
    unordered: [7.1]
    source: test
`;

describe('the firmware of a vendor that says how it counts', () => {
  const reader = createFirmwareReader(rulesOf(ACME).firmware);
  const acme = { vendor: 'Acme', family: 'P' };

  it('is read into platform and version', () => {
    expect(reader.read(acme, '7.1.9')).toEqual({ platform: '7', parts: [1, 9] });
  });

  it('has no order where no scheme of its family fits', () => {
    expect(reader.read(acme, '7.1')).toBeNull();
    expect(reader.read(acme, `${'1'.repeat(2000)}.1.1`)).toBeNull();
  });

  it('is read plainly in other families, and for other vendors', () => {
    for (const of of [{ vendor: 'Acme', family: 'Q' }, { vendor: 'Acme' }, { vendor: 'Bolt' }, {}])
      expect(reader.read(of, '7.1')).toEqual({ platform: null, parts: [7, 1] });
  });
});

describe('the self-test of firmware', () => {
  it('is content with versions that are in the order of their list', () => {
    expect(selfTest(rulesOf(ACME))).toEqual([]);
  });

  it('tells versions that are not, and those that should have no order', () => {
    const wrong = ACME.replace('7.1.9, 7.1.10', '7.1.10, 7.1.9').replace('[7.1]', '[7.1.1]');

    expect(selfTest(rulesOf(wrong)).map(formatFault)).toEqual([
      'rules-1.yaml:4:5: "7.1.10" is not older than "7.1.9" for Acme. Compare both with the patterns, and the list with the maker’s own.',
      'rules-1.yaml:4:5: "7.1.1" has an order for Acme. Make the patterns narrower.',
    ]);
  });

  it('wants the part that is compared, and knows no other parts', () => {
    expect(faultsOf(ACME.replace('<version>', '<release>'))).toEqual([
      'rules-1.yaml:5:14: the pattern has no group "version". Name the part that is compared: (?<version>…).',
      'rules-1.yaml:5:14: a version has no part "release". The parts are platform and version; write (?:…) for the rest.',
    ]);
  });
});
