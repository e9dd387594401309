import { describe, expect, it } from 'vitest';
import { parseTimeOfDay, wallClock, weekdayOf } from '../../src/alerts/wall-clock.ts';

const DAY = 86_400_000;

describe('the wall clock', () => {
  // The local time that each shows, as its calendar has it.
  const cases: [zone: string, utc: string, local: string][] = [
    ['UTC', '2026-11-25T23:59:59.999Z', '2026-11-25 23:59'],
    ['Europe/Amsterdam', '2026-11-25T22:59:00Z', '2026-11-25 23:59'],
    ['Europe/Amsterdam', '2026-11-25T23:00:00Z', '2026-11-26 00:00'],
    ['Europe/Amsterdam', '2026-03-29T00:59:59Z', '2026-03-29 01:59'],
    ['Europe/Amsterdam', '2026-03-29T01:00:00Z', '2026-03-29 03:00'],
    ['Europe/Amsterdam', '2026-10-25T00:30:00Z', '2026-10-25 02:30'],
    ['Europe/Amsterdam', '2026-10-25T01:30:00Z', '2026-10-25 02:30'],
    ['Europe/London', '2026-06-30T23:30:00Z', '2026-07-01 00:30'],
    ['America/New_York', '2026-03-01T04:59:00Z', '2026-02-28 23:59'],
    ['America/St_Johns', '2026-12-31T23:00:00Z', '2026-12-31 19:30'],
    ['Asia/Kolkata', '2028-02-28T18:30:00Z', '2028-02-29 00:00'],
    ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2027-01-01 00:00'],
  ];
  it.each(cases)('of %s shows at %s: %s', (zone, utc, local) => {
    const [date = '', time = ''] = local.split(' ');
    expect(wallClock(zone)(Date.parse(utc))).toEqual({
      day: Date.parse(date) / DAY,
      minute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3)),
    });
  });

  it('knows the day of the week', () => {
    for (let day = -10; day < 30_000; day += 13) expect(weekdayOf(day)).toBe(new Date(day * DAY).getUTCDay());
  });
});

it.each([
  ['07:00', 420],
  ['00:00', 0],
  ['23:59', 1439],
  ['24:00', null],
  ['7:00', null],
  ['07:60', null],
  ['07:00 ', null],
  ['', null],
] as const)('reads "%s" as %s minutes of a day', (text, minutes) => {
  expect(parseTimeOfDay(text)).toBe(minutes);
});
