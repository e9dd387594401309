import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule, type Schedule, type ScheduleParts } from '../../src/engine/schedule.ts';
import { parseDailyHours } from '../../src/model/daily-hours.ts';
import { createRandom } from '../../src/simulation/random.ts';
import { createSimulatedClock, type SimulatedClock } from '../sim/clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

interface Scheduled {
  clock: SimulatedClock;
  schedule: Schedule;
  /** When runs began, by the wall clock. */
  runs: string[];
  stop: () => Promise<void>;
}

/** A schedule on a clock that stands at `from`, whose runs take `runMs`. */
function scheduled(
  options: Partial<ScheduleParts> & { from?: string; runMs?: number; quiet?: string } = {},
): Scheduled {
  const clock = createSimulatedClock(Date.parse(options.from ?? '2026-11-24T12:00:00Z'));
  const ending = new AbortController();
  const hours = parseDailyHours(options.quiet ?? '');
  const runs: string[] = [];
  let runsUntil = -Infinity;
  const schedule = createSchedule({
    expression: '*/15 * * * *',
    jitterMs: 0,
    ...(hours === null ? {} : { quietHours: { hours, timezone: 'Europe/Amsterdam' } }),
    clock,
    run() {
      runs.push(new Date(clock.now()).toISOString().replace(/(\.000)?Z$/, ''));
      runsUntil = clock.monotonic() + (options.runMs ?? 0);
    },
    isRunning: () => clock.monotonic() < runsUntil,
    signal: ending.signal,
    ...options,
  });
  const stop = (): Promise<void> => {
    ending.abort();
    return schedule.ended;
  };
  return { clock, schedule, runs, stop };
}

/** What happens to a clock: time passes, it is set (also: the machine slept), or the program stands still. */
type Step = ['advance' | 'jump' | 'freeze', number];

async function follow(clock: SimulatedClock, steps: readonly Step[]): Promise<void> {
  for (const [what, ms] of steps) await clock[what](ms);
}

interface Scenario {
  title: string;
  options?: Parameters<typeof scheduled>[0];
  steps: Step[];
  runs: string[];
}

const scenarios: Scenario[] = [
  {
    title: 'runs at every slot, and not at the start',
    steps: [['advance', HOUR]],
    runs: ['2026-11-24T12:15:00', '2026-11-24T12:30:00', '2026-11-24T12:45:00', '2026-11-24T13:00:00'],
  },
  {
    title: 'runs a random time after the slot',
    options: { jitterMs: 2 * MINUTE, random: createDraws([0.5, 0, 0.25]) },
    steps: [['advance', 46 * MINUTE]],
    runs: ['2026-11-24T12:16:00', '2026-11-24T12:30:00', '2026-11-24T12:45:30'],
  },
  {
    title: 'keeps a jitter longer than the interval inside the interval',
    options: { jitterMs: DAY, random: createDraws([0.999, 0, 0.999, 0]) },
    steps: [['advance', HOUR]],
    runs: [
      '2026-11-24T12:29:59.100',
      '2026-11-24T12:30:00',
      '2026-11-24T12:59:59.100',
      '2026-11-24T13:00:00',
    ],
  },
  {
    title: 'makes up once for a night asleep',
    steps: [
      ['advance', 20 * MINUTE],
      ['jump', 10 * HOUR],
      ['advance', 30 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2026-11-24T22:20:10', '2026-11-24T22:30:00', '2026-11-24T22:45:00'],
  },
  {
    title: 'makes up once, at once, for ten minutes stopped (SIGSTOP)',
    options: { expression: '* * * * *' },
    steps: [
      ['advance', 90 * SECOND],
      ['freeze', 10 * MINUTE],
      ['advance', 90 * SECOND],
    ],
    runs: ['2026-11-24T12:01:00', '2026-11-24T12:11:30', '2026-11-24T12:12:00', '2026-11-24T12:13:00'],
  },
  {
    title: 'makes up for nothing when no slot was missed',
    steps: [
      ['advance', MINUTE],
      ['freeze', 10 * MINUTE],
      ['jump', 2 * MINUTE],
      ['advance', 3 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00'],
  },
  {
    title: 'goes on every 15 minutes when the clock is set a day back',
    steps: [
      ['advance', 20 * MINUTE],
      ['jump', -DAY],
      ['advance', 30 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2026-11-23T12:30:00', '2026-11-23T12:45:00'],
  },
  {
    title: 'goes on every 15 minutes when the clock is set a day and a little back',
    steps: [
      ['advance', 20 * MINUTE],
      ['jump', -DAY - 1],
      ['advance', 40 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2026-11-23T12:29:59.999', '2026-11-23T12:45:00'],
  },
  {
    title: 'runs once when the clock is set a year ahead, and then as ever',
    steps: [
      ['advance', 20 * MINUTE],
      ['jump', YEAR],
      ['advance', 30 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2027-11-24T12:20:10', '2027-11-24T12:30:00', '2027-11-24T12:45:00'],
  },
  {
    title: 'goes on when a clock that was set a year ahead is set right',
    steps: [
      ['advance', 20 * MINUTE],
      ['jump', YEAR],
      ['advance', 5 * MINUTE],
      ['jump', -YEAR],
      ['advance', 25 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2027-11-24T12:20:10', '2026-11-24T12:30:00', '2026-11-24T12:45:00'],
  },
  {
    title: 'runs a slot once when the clock is set back across it by a second',
    steps: [
      ['advance', 15 * MINUTE + 500],
      ['jump', -SECOND],
      ['advance', 20 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2026-11-24T12:29:59'],
  },
  {
    title:
      'waits no longer than an interval when the clock is set back by less, and then keeps to the slots again',
    steps: [
      ['advance', 16 * MINUTE],
      ['jump', -10 * MINUTE],
      ['advance', 25 * MINUTE],
    ],
    runs: ['2026-11-24T12:15:00', '2026-11-24T12:20:00', '2026-11-24T12:30:00'],
  },
  {
    title: 'takes a run for the one of the next slot only where that is nearer than half an interval',
    options: { expression: '* * * * *' },
    steps: [
      ['advance', 70 * SECOND],
      ['jump', -45 * SECOND],
      ['advance', 2 * MINUTE],
    ],
    runs: ['2026-11-24T12:01:00', '2026-11-24T12:01:15', '2026-11-24T12:02:00'],
  },
  {
    title: 'keeps a daily run daily when the clock is set six hours back before it',
    options: { expression: '0 14 * * *' },
    steps: [
      ['advance', HOUR],
      ['jump', -6 * HOUR],
      ['advance', 2 * DAY],
    ],
    runs: ['2026-11-24T08:00:00', '2026-11-24T14:00:00', '2026-11-25T14:00:00'],
  },
  {
    title: 'runs nothing in quiet hours, and once when they are over',
    options: { from: '2026-11-24T20:40:00Z', quiet: '22:00-06:10' },
    steps: [['advance', 10 * HOUR]],
    runs: [
      ...[
        '2026-11-24T20:45:00',
        '2026-11-25T05:10:00',
        '2026-11-25T05:15:00',
        '2026-11-25T05:30:00',
        '2026-11-25T05:45:00',
      ],
      ...['2026-11-25T06:00:00', '2026-11-25T06:15:00', '2026-11-25T06:30:00'],
    ],
  },
  {
    title: 'runs daily although its slot always falls into quiet hours',
    options: { expression: '0 3 * * *', quiet: '22:00-06:00' },
    steps: [['advance', 2 * DAY]],
    runs: ['2026-11-25T05:00:00', '2026-11-26T05:00:00'],
  },
  {
    title: 'keeps quiet by the clock of the place, an hour earlier from the last Sunday of March on',
    options: { expression: '30 * * * *', from: '2027-03-27T03:00:00Z', quiet: '06:00-04:00' },
    steps: [['advance', 2 * DAY]],
    runs: [
      ...['2027-03-27T03:30:00', '2027-03-27T04:30:00'],
      ...[
        '2027-03-28T02:00:00',
        '2027-03-28T02:30:00',
        '2027-03-28T03:30:00',
        '2027-03-29T02:00:00',
        '2027-03-29T02:30:00',
      ],
    ],
  },
  {
    title: 'gives up its jitter rather than fall into quiet hours',
    options: { expression: '55 20 * * *', jitterMs: HOUR, random: () => 0.5, quiet: '22:00-06:00' },
    steps: [['advance', DAY]],
    runs: ['2026-11-24T20:55:00'],
  },
  {
    title: 'runs once when it wakes after quiet hours that it slept through',
    options: { quiet: '22:00-06:00' },
    steps: [
      ['advance', 8.9 * HOUR],
      ['jump', 9 * HOUR],
      ['advance', 6 * MINUTE],
    ],
    runs: [
      ...Array.from({ length: 35 }, (_, i) => slot(i + 1)),
      '2026-11-25T05:54:10',
      '2026-11-25T06:00:00',
    ],
  },
  {
    title: 'leaves out what is due while a run is under way, and does not make up for it',
    options: { runMs: 40 * MINUTE },
    steps: [['advance', 70 * MINUTE]],
    runs: ['2026-11-24T12:15:00', '2026-11-24T13:00:00'],
  },
];

/** The slots of every quarter after noon. */
function slot(quarter: number): string {
  return new Date(Date.UTC(2026, 10, 24, 12, quarter * 15)).toISOString().slice(0, 19);
}

/** A random function that draws these numbers, over and over. */
function createDraws(draws: readonly number[]): () => number {
  let drawn = 0;
  return () => draws[drawn++ % draws.length] ?? 0;
}

describe('createSchedule', () => {
  it.each(scenarios)('$title', async ({ options = {}, steps, runs }) => {
    const { clock, runs: begun, stop } = scheduled(options);
    await follow(clock, steps);
    await stop();
    expect(begun).toEqual(runs);
  });

  it('counts what it leaves out', async () => {
    const { clock, schedule, stop } = scheduled({ runMs: 40 * MINUTE });
    await clock.advance(70 * MINUTE);
    expect(schedule.skipped()).toBe(2);
    await stop();
  });

  it.each([
    ['12:00 is still fresh', '2026-11-24T12:00:05Z', '2026-11-24T12:14:00Z', ['2026-11-24T12:15:00']],
    [
      'a slot was missed',
      '2026-11-24T12:00:05Z',
      '2026-11-24T12:16:00Z',
      ['2026-11-24T12:16:00', '2026-11-24T12:30:00'],
    ],
    [
      'a month was missed',
      '2026-10-24T12:00:05Z',
      '2026-11-24T12:16:00Z',
      ['2026-11-24T12:16:00', '2026-11-24T12:30:00'],
    ],
    [
      'the last run is from a future',
      '2036-10-24T12:00:05Z',
      '2026-11-24T12:16:00Z',
      ['2026-11-24T12:30:00'],
    ],
    ['nothing is known of before', null, '2026-11-24T12:16:00Z', ['2026-11-24T12:30:00']],
  ])('makes up at a start for a downtime only once, if at all: %s', async (_, last, from, runs) => {
    const lastRunAt = last === null ? null : Date.parse(last);
    const { clock, runs: begun, stop } = scheduled({ from, lastRunAt });
    await clock.advance(14 * MINUTE);
    await stop();
    expect(begun).toEqual(runs);
  });

  it('says when it runs next', async () => {
    const { clock, schedule, stop } = scheduled({ jitterMs: MINUTE, random: () => 0.5 });
    expect(schedule.nextAt()).toBe(Date.parse('2026-11-24T12:15:30Z'));
    await clock.advance(16 * MINUTE);
    expect(schedule.nextAt()).toBe(Date.parse('2026-11-24T12:30:30Z'));
    await stop();
  });

  it.each(['0 0 30 2 *', '0 0 1 * 1#5', ''])(
    'does nothing, and no harm, for "%s", which never comes',
    async (expression) => {
      const { clock, schedule, runs } = scheduled({ expression });
      await clock.advance(DAY);
      await schedule.ended;
      expect([runs, schedule.nextAt()]).toEqual([[], null]);
    },
  );

  it('ends at once when the signal aborts, and starts nothing after it', async () => {
    const { clock, runs, stop } = scheduled();
    await stop();
    await clock.advance(HOUR);
    expect(runs).toEqual([]);
  });

  it('ends with what a run throws', async () => {
    const run = (): void => {
      throw new Error('no disk');
    };
    const { clock, schedule } = scheduled({ run });
    const ended = expect(schedule.ended).rejects.toThrow('no disk');
    await clock.advance(HOUR);
    await ended;
  });

  it('looks at the clocks at least every ten seconds, and no more than needed', async () => {
    const { clock, stop } = scheduled({ expression: '0 3 * * *' });
    const slept: number[] = [];
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (ms, signal) => {
      slept.push(ms);
      return sleep(ms, signal);
    };
    await clock.advance(DAY);
    await stop();
    expect(Math.max(...slept)).toBe(10_000);
    expect(slept.length).toBeLessThan(DAY / 10_000 + 10);
  });
});

/** Expressions whose slots come evenly, `period` apart and `offset` after the epoch. */
const EVEN = [
  { expression: '*/15 * * * *', period: 15 * MINUTE, offset: 0 },
  { expression: '7 */2 * * *', period: 2 * HOUR, offset: 7 * MINUTE },
  { expression: '0 3 * * *', period: DAY, offset: 3 * HOUR },
  // The epoch was a Thursday.
  { expression: '0 4 * * 1', period: 7 * DAY, offset: 4 * DAY + 4 * HOUR },
];

interface Event {
  afterMs: number;
  step: Step;
}

/** Runs of days full of events; each with the number of events before it, and the time awake until it. */
async function daysOf(
  days: number,
  events: readonly Event[],
  expression: string,
  jitterMs: number,
  seed: string,
) {
  const clock = createSimulatedClock();
  const random = createRandom(seed);
  const ending = new AbortController();
  let frozen = 0;
  let happened = 0;
  const awake = (): number => clock.monotonic() - frozen;
  const runs: { wall: number; awake: number; happened: number }[] = [];
  const { ended } = createSchedule({
    ...{ expression, jitterMs, clock, signal: ending.signal },
    run: () => void runs.push({ wall: clock.now(), awake: awake(), happened }),
    isRunning: () => false,
    random: () => random.below(1e6) / 1e6,
  });
  const stretches = [{ from: clock.now(), until: clock.now() }];
  for (const { afterMs, step } of events) {
    if (awake() + afterMs > days * DAY) break;
    await clock.advance(afterMs);
    stretches.at(-1)!.until = clock.now();
    if (step[0] === 'freeze') frozen += step[1];
    happened += 1;
    await clock[step[0]](step[1]);
    stretches.push({ from: clock.now(), until: clock.now() });
  }
  await clock.advance(days * DAY - awake());
  stretches.at(-1)!.until = clock.now();
  ending.abort();
  await ended;
  return { runs, stretches };
}

describe('createSchedule, whatever happens to the clocks', () => {
  const big = fc.constantFrom(-YEAR, -DAY, -DAY - 1, DAY, YEAR, -SECOND, SECOND);
  const any = fc.integer({ min: -3 * DAY, max: 3 * DAY });
  const step = fc.oneof(
    fc.tuple(
      fc.constant('jump' as const),
      fc.oneof(big, any, fc.integer({ min: -20 * MINUTE, max: 20 * MINUTE })),
    ),
    fc.tuple(fc.constant('freeze' as const), fc.integer({ min: 0, max: 2 * DAY })),
  );
  const eventsWithin = (ms: number): fc.Arbitrary<Event[]> =>
    fc.array(
      fc.record({
        afterMs: fc.oneof(fc.integer({ min: 0, max: ms }), fc.integer({ min: 0, max: 30 * MINUTE })),
        step,
      }),
      {
        minLength: 5,
        maxLength: 40,
      },
    );
  const law = (days: number, eachMs: number) =>
    fc.asyncProperty(
      fc.constantFrom(...EVEN),
      eventsWithin(eachMs),
      fc.constantFrom(0, MINUTE, 5 * MINUTE),
      fc.string(),
      async ({ expression, period, offset }, events, jitterMs, seed) => {
        const { runs, stretches } = await daysOf(days, events, expression, jitterMs, seed);
        const slotOf = (wall: number): number => Math.floor((wall - offset) / period);
        // Nothing is lost: awake, nobody waits longer than an interval and its jitter; a minute more after a clock was set back.
        const times = [0, ...runs.map(({ awake }) => awake), days * DAY];
        const longest = Math.max(...times.slice(1).map((time, i) => time - times[i]!));
        const setBack = events.some(({ step: [what, ms] }) => what === 'jump' && ms < 0);
        expect(longest).toBeLessThanOrEqual(period + jitterMs + (setBack ? MINUTE : 0));
        // Nothing is doubled: every slot has one run, while nothing happens to the clock.
        for (const [i, run] of runs.entries()) {
          const before = runs[i - 1];
          if (before?.happened === run.happened)
            expect(slotOf(run.wall)).toBeGreaterThan(slotOf(before.wall));
        }
        // No burst: whatever happened to it costs one run more at most.
        for (const [happened, { from, until }] of stretches.entries()) {
          const count = runs.filter((run) => run.happened === happened).length;
          expect(count).toBeLessThanOrEqual(slotOf(until) - slotOf(from) + (happened === 0 ? 0 : 1));
        }
      },
    );

  it('neither loses nor doubles a run in three days full of jumps', async () => {
    await fc.assert(law(3, 6 * HOUR), { numRuns: 40 });
  });

  it('neither loses nor doubles a run in ninety days of jumps', async () => {
    await fc.assert(law(90, 4 * DAY), { numRuns: 2, endOnFailure: true });
  });
});
