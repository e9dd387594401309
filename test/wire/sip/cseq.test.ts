import { describe, expect, it } from 'vitest';
import { parseCSeq } from '../../../src/wire/sip/cseq.ts';

describe('parseCSeq', () => {
  it.each([
    ['1 OPTIONS', 1, 'OPTIONS'],
    [' 0009\t SUBSCRIBE ', 9, 'SUBSCRIBE'],
    ['2147483647 options', 2147483647, 'options'],
  ])('reads "%s"', (value, number, method) => {
    expect(parseCSeq(value)).toEqual({ number, method });
  });

  it.each([
    '',
    '1',
    'OPTIONS',
    'OPTIONS 1',
    '-1 OPTIONS',
    '1OPTIONS',
    '2147483648 OPTIONS',
    '1 OPTIONS x',
    '1 (OPTIONS)',
  ])('is null for "%s"', (value) => expect(parseCSeq(value)).toBeNull());
});
