import { expect, it } from 'vitest';
import { windowAt } from '../../src/alerts/maintenance.ts';
import { wallClock } from '../../src/alerts/wall-clock.ts';
import { parseDailyHours } from '../../src/model/daily-hours.ts';

const window = (between: string, weekdays: number[]) => ({
  between: parseDailyHours(between)!,
  weekdays,
  because: 'maintenance',
});
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const SATURDAY = [6];

// 28 November 2026 is a Saturday. Times are those of Amsterdam.
it.each([
  ['08:00-18:00', EVERY_DAY, '2026-11-25T08:00+01:00', true],
  ['08:00-18:00', EVERY_DAY, '2026-11-25T07:59:59+01:00', false],
  ['08:00-18:00', EVERY_DAY, '2026-11-25T17:59:59+01:00', true],
  ['08:00-18:00', EVERY_DAY, '2026-11-25T18:00+01:00', false],
  ['00:00-24:00', SATURDAY, '2026-11-28T00:00+01:00', true],
  ['00:00-24:00', SATURDAY, '2026-11-28T23:59:59+01:00', true],
  ['00:00-24:00', SATURDAY, '2026-11-29T00:00+01:00', false],
  ['22:00-06:00', SATURDAY, '2026-11-28T21:59+01:00', false],
  ['22:00-06:00', SATURDAY, '2026-11-28T22:00+01:00', true],
  ['22:00-06:00', SATURDAY, '2026-11-29T05:59+01:00', true],
  ['22:00-06:00', SATURDAY, '2026-11-29T06:00+01:00', false],
  ['22:00-06:00', SATURDAY, '2026-11-28T05:00+01:00', false],
  // The wall's hours, also in the night that has one of them twice.
  ['02:00-03:00', EVERY_DAY, '2026-10-25T02:30+02:00', true],
  ['02:00-03:00', EVERY_DAY, '2026-10-25T02:30+01:00', true],
  ['02:00-03:00', EVERY_DAY, '2026-10-25T03:00+01:00', false],
] as const)('hours %s on days %j hold at %s: %s', (between, days, at, holds) => {
  const now = wallClock('Europe/Amsterdam')(Date.parse(at));
  expect(windowAt([window(between, [...days])], now) !== null).toBe(holds);
});

it('the first window that holds is the reason', () => {
  const now = wallClock('UTC')(Date.parse('2026-11-28T12:00Z'));
  const other = { ...window('11:00-13:00', SATURDAY), because: 'new switch' };
  expect(windowAt([window('08:00-09:00', SATURDAY), other], now)?.because).toBe('new switch');
  expect(windowAt([], now)).toBeNull();
});
