import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/channels/sip-options/retry-after.ts';

it.each([
  ['120', 120_000],
  [' 120 ', 120_000],
  ['18000;duration=3600', 18_000_000],
  ['120 (I am in a meeting)', 120_000],
  ['999999999', 24 * 3_600_000],
  ['-5', 0],
  ['soon', 0],
  ['', 0],
  [null, 0],
])('a Retry-After of %j leaves alone for %d ms', (header, ms) => {
  expect(retryAfterMs(header)).toBe(ms);
});

it('is bounded, whatever the header says', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const ms = retryAfterMs(text);
      expect(ms >= 0 && ms <= 24 * 3_600_000).toBe(true);
    }),
  );
});
