import { describe, expect, it } from 'vitest';
import { digestStep, type DigestTimes } from '../../src/alerts/digest.ts';
import { wallClock } from '../../src/alerts/wall-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const daily = (hour: number, minute = 0): DigestTimes => ({
  every: 'daily',
  minute: hour * 60 + minute,
  weekday: 1,
});

/** A job that looks at the clock again and again, and notes when it was told that a digest is due. */
function job(times: DigestTimes, zone: string) {
  const wall = wallClock(zone);
  let told: number | null = null;
  const made: string[] = [];
  return {
    made,
    look(now: number): void {
      const step = digestStep(times, wall(now), told);
      told = step.day;
      if (step.isDue) made.push(new Date(now).toISOString().slice(0, 16));
    },
    run(from: string, to: string, everyMs = MINUTE): string[] {
      for (let now = Date.parse(from); now < Date.parse(to); now += everyMs) this.look(now);
      return made;
    },
  };
}

describe('a daily digest', () => {
  const cases: [title: string, zone: string, times: DigestTimes, from: string, to: string, made: string[]][] =
    [
      [
        'keeps to the wall clock when spring comes to Amsterdam',
        'Europe/Amsterdam',
        daily(7),
        '2026-03-27T12:00Z',
        '2026-03-30T12:00Z',
        ['2026-03-28T06:00', '2026-03-29T05:00', '2026-03-30T05:00'],
      ],
      [
        'whose time is left out by the clock comes right after the gap',
        'Europe/Amsterdam',
        daily(2, 30),
        '2026-03-27T12:00Z',
        '2026-03-30T12:00Z',
        ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30'],
      ],
      [
        'whose time comes twice is made the first time only',
        'Europe/Amsterdam',
        daily(2, 30),
        '2026-10-23T12:00Z',
        '2026-10-26T12:00Z',
        ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30'],
      ],
      [
        'of 01:30 in London comes once in both nights',
        'Europe/London',
        daily(1, 30),
        '2026-10-24T12:00Z',
        '2026-10-26T12:00Z',
        ['2026-10-25T00:30', '2026-10-26T01:30'],
      ],
      [
        'whose time London leaves out comes right after the gap',
        'Europe/London',
        daily(1, 30),
        '2026-03-28T12:00Z',
        '2026-03-30T12:00Z',
        ['2026-03-29T01:00', '2026-03-30T00:30'],
      ],
      [
        'in New York, where 02:30 is left out',
        'America/New_York',
        daily(2, 30),
        '2026-03-07T12:00Z',
        '2026-03-09T12:00Z',
        ['2026-03-08T07:00', '2026-03-09T06:30'],
      ],
      [
        'in New York, where 01:30 comes twice',
        'America/New_York',
        daily(1, 30),
        '2026-10-31T12:00Z',
        '2026-11-02T12:00Z',
        ['2026-11-01T05:30', '2026-11-02T06:30'],
      ],
      [
        'in Kolkata, half an hour off and without any change',
        'Asia/Kolkata',
        daily(0, 15),
        '2026-03-27T20:00Z',
        '2026-03-29T20:00Z',
        ['2026-03-28T18:45', '2026-03-29T18:45'],
      ],
      [
        'at midnight where a day begins at one (Cairo)',
        'Africa/Cairo',
        daily(0),
        '2026-04-22T12:00Z',
        '2026-04-25T12:00Z',
        ['2026-04-22T22:00', '2026-04-23T22:00', '2026-04-24T21:00'],
      ],
    ];
  it.each(cases)('%s', (_, zone, times, from, to, made) => {
    expect(job(times, zone).run(from, to)).toEqual(made);
  });

  it('comes once on every day of a year, in every zone and at every hour that a clock change touches', () => {
    for (const zone of ['Europe/Amsterdam', 'Europe/London', 'America/New_York', 'Asia/Kolkata'])
      for (const times of [daily(0), daily(1, 30), daily(2, 30), daily(3), daily(23, 59)]) {
        const made = job(times, zone).run('2026-01-01T12:00Z', '2027-01-01T12:00Z', 30 * MINUTE);
        const wall = wallClock(zone);
        const days = made.map((at) => wall(Date.parse(`${at}Z`)).day);
        expect(days).toHaveLength(365);
        // Looked at every half hour, the one of 23:59 comes just after midnight.
        expect(new Set(days).size).toBe(365);
      }
  });

  it('is made up for once after any downtime, and goes on as ever', () => {
    const digests = job(daily(7), 'UTC');
    digests.run('2026-11-20T12:00Z', '2026-11-21T08:00Z');
    digests.run('2026-11-26T15:10Z', '2026-11-27T08:00Z');
    expect(digests.made).toEqual(['2026-11-21T07:00', '2026-11-26T15:10', '2026-11-27T07:00']);
  });

  it('is not told again when the clock is set back by a day', () => {
    const digests = job(daily(7), 'UTC');
    digests.run('2026-11-20T12:00Z', '2026-11-22T12:00Z');
    digests.run('2026-11-21T12:00Z', '2026-11-24T12:00Z');
    expect(digests.made).toEqual([
      '2026-11-21T07:00',
      '2026-11-22T07:00',
      '2026-11-23T07:00',
      '2026-11-24T07:00',
    ]);
  });

  it('comes once when the clock jumps a year forward, and soon again when it is set right', () => {
    const digests = job(daily(7), 'UTC');
    digests.run('2026-11-20T12:00Z', '2026-11-21T12:00Z');
    digests.run('2027-11-21T12:01Z', '2027-11-21T13:00Z');
    digests.run('2026-11-21T13:01Z', '2026-11-23T12:00Z');
    expect(digests.made).toEqual([
      '2026-11-21T07:00',
      '2027-11-21T12:01',
      '2026-11-22T07:00',
      '2026-11-23T07:00',
    ]);
  });

  it('is not made on the day it is first configured, if its time has gone by', () => {
    expect(job(daily(7), 'UTC').run('2026-11-20T08:00Z', '2026-11-21T06:59Z')).toEqual([]);
    expect(job(daily(7), 'UTC').run('2026-11-20T06:00Z', '2026-11-20T08:00Z')).toEqual(['2026-11-20T07:00']);
  });
});

describe('a weekly digest', () => {
  const monday: DigestTimes = { every: 'weekly', minute: 7 * 60, weekday: 1 };

  it('comes on its day alone', () => {
    expect(job(monday, 'Europe/Amsterdam').run('2026-10-17T00:00Z', '2026-11-05T00:00Z', 5 * MINUTE)).toEqual(
      ['2026-10-19T05:00', '2026-10-26T06:00', '2026-11-02T06:00'],
    );
  });

  it('is made up for once after a month of downtime', () => {
    const digests = job(monday, 'UTC');
    digests.run('2026-10-18T00:00Z', '2026-10-20T00:00Z', HOUR);
    digests.run('2026-11-19T00:00Z', '2026-11-24T00:00Z', HOUR);
    expect(digests.made).toEqual(['2026-10-19T07:00', '2026-11-19T00:00', '2026-11-23T07:00']);
  });

  it('is not told again when the clock is set back by a day', () => {
    const digests = job(monday, 'UTC');
    digests.run('2026-10-18T00:00Z', '2026-10-20T00:00Z', HOUR);
    digests.run('2026-10-19T00:00Z', '2026-10-27T00:00Z', HOUR);
    expect(digests.made).toEqual(['2026-10-19T07:00', '2026-10-26T07:00']);
  });
});

it('no digest is ever due where they are off', () => {
  expect(
    job({ ...daily(7), every: 'off' }, 'UTC').run('2026-01-01T00:00Z', '2026-02-01T00:00Z', DAY / 4),
  ).toEqual([]);
});
