import { expect, it } from 'vitest';
import { msUntilRetry, waitAfter } from '../../src/alerts/retry.ts';
import type { DeliveryFault } from '../../src/alerts/sink.ts';

const fault = (retryAfterMs?: number): DeliveryFault => ({
  reason: 'network',
  retry: true,
  detail: '',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const seconds = (failures: number, random = 0, retryAfterMs?: number): number =>
  waitAfter(failures, fault(retryAfterMs), random) / 1000;

it('the wait after a failure doubles from 10 s to half an hour', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1100].map((failures) => seconds(failures))).toEqual([
    10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800, 1800,
  ]);
});

it('the wait is up to a fifth longer by chance', () => {
  expect([0, 0.5, 1].map((random) => seconds(1, random))).toEqual([10, 11, 12]);
});

it('the wait is as long as the receiver asks for, up to a day, and never shorter than our own', () => {
  expect([5000, 60_000, 9e9].map((ms) => seconds(1, 0, ms))).toEqual([10, 60, 86_400]);
});

it.each([
  ['before it is over', 1000, 10_000, 6000, 5000],
  ['when it is over', 1000, 10_000, 11_000, 0],
  ['when the clock jumped a year forward', 1000, 10_000, 3e10, 0],
  ['when the clock was set back', 90_000_000, 10_000, 6000, 0],
])('what is left of a wait %s', (_, triedAt, waitMs, now, left) => {
  expect(msUntilRetry({ triedAt, waitMs }, now)).toBe(left);
});
