import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createWatch, type Watch, type WatchNews } from '../../src/engine/watch.ts';
import { createSimulatedClock, type SimulatedClock } from '../sim/clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = Date.UTC(2026, 10, 24, 12);

/** What happens: time passes, the clock is set, the machine sleeps (Linux), the program stands still, the cable is pulled or plugged in. */
type Step = [what: 'advance' | 'jump' | 'sleep' | 'freeze' | 'unplug' | 'plug' | 'stop', ms?: number];

interface Watched {
  clock: SimulatedClock;
  watch: Watch;
  news: WatchNews[];
  follow: (steps: readonly Step[]) => Promise<void>;
}

function watched({ isPlugged = true, knowsUptime = true, everyMs = 10 * SECOND } = {}): Watched {
  const clock = createSimulatedClock(START);
  const ending = new AbortController();
  const news: WatchNews[] = [];
  let slept = 0;
  const watch = createWatch({
    clock,
    everyMs,
    isConnected: () => isPlugged,
    ...(knowsUptime ? { uptime: () => clock.monotonic() + slept } : {}),
    onChange: (one) => void news.push(one),
    signal: ending.signal,
  });
  const follow = async (steps: readonly Step[]): Promise<void> => {
    for (const [what, ms = 0] of steps)
      if (what === 'sleep') {
        slept += ms;
        clock.jump(ms);
      } else if (what === 'plug' || what === 'unplug') isPlugged = what === 'plug';
      else if (what === 'stop') {
        ending.abort();
        await watch.ended;
      } else await clock[what](ms);
  };
  return { clock, watch, news, follow };
}

/** `+60 span-begun`: seconds since the start by the wall clock. */
const told = (news: readonly WatchNews[]): string[] =>
  news.map((one) =>
    [
      `+${(one.at - START) / SECOND}`,
      one.kind,
      ...(one.kind === 'span-ended' ? [one.because, `since +${(one.since - START) / SECOND}`] : []),
      ...(one.kind === 'clock-back' ? [`from +${(one.from - START) / SECOND}`] : []),
    ].join(' '),
  );

interface Scenario {
  title: string;
  given?: Parameters<typeof watched>[0];
  steps: Step[];
  news: string[];
}

const scenarios: Scenario[] = [
  {
    title: 'begins a span at once, and tells no more while all is well',
    steps: [['advance', DAY]],
    news: ['+0 span-begun'],
  },
  {
    title: 'ends the span at the last sound beat when the machine sleeps, and begins one when it is awake',
    steps: [
      ['advance', 65 * SECOND],
      ['sleep', 8 * HOUR],
      ['advance', 10 * SECOND],
    ],
    news: ['+0 span-begun', '+60 span-ended suspended since +0', '+28870 span-begun'],
  },
  {
    title: 'takes a program that was stopped (SIGSTOP) for suspended',
    steps: [
      ['advance', 65 * SECOND],
      ['freeze', 10 * MINUTE],
      ['advance', 10 * SECOND],
    ],
    news: ['+0 span-begun', '+60 span-ended suspended since +0', '+665 span-begun'],
  },
  {
    title: 'tells a clock set a year ahead from a sleep',
    steps: [
      ['advance', 65 * SECOND],
      ['jump', YEAR],
      ['advance', 10 * SECOND],
    ],
    news: ['+0 span-begun', '+60 span-ended clock-jumped since +0', '+31536070 span-begun'],
  },
  {
    title: 'takes a clock set ahead for a sleep where the uptime is not known',
    given: { knowsUptime: false },
    steps: [
      ['advance', 65 * SECOND],
      ['jump', YEAR],
      ['advance', 10 * SECOND],
    ],
    news: ['+0 span-begun', '+60 span-ended suspended since +0', '+31536070 span-begun'],
  },
  {
    title: 'tells from where to where a clock was set back',
    given: { knowsUptime: false },
    steps: [
      ['advance', 65 * SECOND],
      ['jump', -DAY],
      ['advance', 10 * SECOND],
    ],
    news: [
      ...['+0 span-begun', '+60 span-ended clock-jumped since +0'],
      ...['+-86330 clock-back from +70', '+-86330 span-begun'],
    ],
  },
  {
    title: 'tells of a clock set back during a stop',
    steps: [
      ['advance', 65 * SECOND],
      ['freeze', HOUR],
      ['jump', -2 * HOUR],
      ['advance', 10 * SECOND],
    ],
    news: [
      ...['+0 span-begun', '+60 span-ended suspended since +0'],
      ...['+-3535 clock-back from +3665', '+-3535 span-begun'],
    ],
  },
  {
    title: 'bears steps of five seconds and beats that are five seconds late',
    steps: [
      ['advance', 65 * SECOND],
      ['jump', 5 * SECOND],
      ['advance', 10 * SECOND],
      ['jump', -5 * SECOND],
      ['advance', 10 * SECOND],
      ['freeze', 10 * SECOND],
      ['advance', MINUTE],
    ],
    news: ['+0 span-begun'],
  },
  {
    title: 'ends the span where the network was last there, and begins one when it is back',
    steps: [['advance', 65 * SECOND], ['unplug'], ['advance', MINUTE], ['plug'], ['advance', 10 * SECOND]],
    news: ['+0 span-begun', '+60 span-ended network-down since +0', '+130 span-begun'],
  },
  {
    title: 'ends no span before it began, though the clock was set back by as much as is borne',
    given: { everyMs: SECOND },
    steps: [['advance', 500], ['jump', -4 * SECOND], ['advance', SECOND], ['unplug'], ['advance', SECOND]],
    news: ['+0 span-begun', '+0 span-ended network-down since +0'],
  },
  {
    title: 'begins no span before there is a network',
    given: { isPlugged: false },
    steps: [['advance', HOUR], ['plug'], ['advance', 10 * SECOND]],
    news: ['+3610 span-begun'],
  },
  {
    title: 'tells of a clock set back while there is no network, and of nothing else',
    given: { isPlugged: false },
    steps: [
      ['advance', 65 * SECOND],
      ['jump', -DAY],
      ['freeze', HOUR],
      ['advance', MINUTE],
    ],
    news: ['+-82735 clock-back from +3665'],
  },
  {
    title: 'begins no span when it wakes without a network',
    steps: [
      ['advance', 65 * SECOND],
      ['sleep', HOUR],
      ['unplug'],
      ['advance', MINUTE],
      ['plug'],
      ['advance', MINUTE],
    ],
    news: ['+0 span-begun', '+60 span-ended suspended since +0', '+3730 span-begun'],
  },
  {
    title: 'ends the span when the program ends',
    steps: [['advance', 65 * SECOND], ['stop'], ['advance', MINUTE]],
    news: ['+0 span-begun', '+65 span-ended stopped since +0'],
  },
  {
    title: 'does not count a sleep as heard when the program ends before the next beat',
    steps: [['advance', 65 * SECOND], ['sleep', HOUR], ['stop']],
    news: ['+0 span-begun', '+60 span-ended suspended since +0'],
  },
];

describe('createWatch', () => {
  it.each(scenarios)('$title', async ({ given, steps, news }) => {
    const { follow, news: heard } = watched(given);
    await follow(steps);
    expect(told(heard)).toEqual(news);
  });

  it('tells at most one end and one beginning for two beats, however often the network flaps', async () => {
    const { follow, news } = watched();
    for (let flaps = 0; flaps < 100; flaps++)
      await follow([['unplug'], ['advance', 3 * SECOND], ['plug'], ['advance', 3 * SECOND]]);
    expect(news.length).toBeLessThanOrEqual(1 + (600 * SECOND) / (10 * SECOND));
    expect(news.at(-1)).toMatchObject({ kind: 'span-begun' });
  });

  it('counts the span under way up to the last sound beat only, and so no sleep that it has not noticed yet', async () => {
    const { follow, watch } = watched();
    await follow([
      ['advance', 65 * SECOND],
      ['sleep', HOUR],
      ['advance', SECOND],
    ]);
    expect(watch.current()).toEqual({ since: START, until: START + MINUTE });
    await follow([['advance', 9 * SECOND]]);
    const awake = START + HOUR + 70 * SECOND;
    expect(watch.current()).toEqual({ since: awake, until: awake });
    await follow([['unplug'], ['advance', 10 * SECOND]]);
    expect(watch.current()).toBeNull();
  });

  it('never counts deaf time as heard, and loses little of what it heard, in ninety days of trouble', async () => {
    const signed = fc
      .tuple(fc.constantFrom(-1, 1), fc.integer({ min: 6 * SECOND, max: YEAR }))
      .map(([a, b]) => a * b);
    const trouble = fc.oneof(
      fc.record({ what: fc.constant('jump' as const), ms: signed }),
      fc.record({ what: fc.constant('sleep' as const), ms: fc.integer({ min: 6 * SECOND, max: 3 * DAY }) }),
      fc.record({ what: fc.constant('freeze' as const), ms: fc.integer({ min: 16 * SECOND, max: 3 * DAY }) }),
      fc.record({ what: fc.constant('unplug' as const), ms: fc.integer({ min: 20 * SECOND, max: DAY }) }),
    );
    const troubles = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 2 * DAY }), trouble }), {
      ...{ minLength: 10, maxLength: 90 },
    });
    const law = fc.asyncProperty(troubles, async (all) => {
      const { follow, news } = watched();
      let able = 0;
      for (const {
        afterMs,
        trouble: { what, ms },
      } of all) {
        if (able + afterMs > 90 * DAY) break;
        able += afterMs;
        await follow([['advance', afterMs]]);
        await follow(what === 'unplug' ? [[what], ['advance', ms], ['plug']] : [[what, ms]]);
      }
      await follow([['advance', 90 * DAY - able], ['stop']]);
      const spans = news.flatMap((one) => (one.kind === 'span-ended' ? [one.at - one.since] : []));
      const heard = spans.reduce((sum, length) => sum + length, 0);
      expect(Math.min(0, ...spans)).toBe(0);
      expect(heard).toBeLessThanOrEqual(90 * DAY);
      expect(heard).toBeGreaterThanOrEqual(90 * DAY - (all.length + 1) * 20 * SECOND);
      const kinds = news.map(({ kind }) => kind).filter((kind) => kind !== 'clock-back');
      expect(kinds).toEqual(spans.flatMap(() => ['span-begun', 'span-ended']));
    });
    await fc.assert(law, { numRuns: 2, endOnFailure: true });
  });
});

/** A program with a watch, and a schedule of every second, on the real clock; it tells what happens, one JSON a line. */
const PROGRAM = `
import { uptime } from 'node:os';
import { createSchedule } from './src/engine/schedule.ts';
import { createWatch } from './src/engine/watch.ts';
import { systemClock as clock } from './src/platform/clock.ts';
const { signal } = new AbortController();
const tell = (news) => console.log(JSON.stringify(news));
const ticks = { clock, signal, jitterMs: 0, isRunning: () => false };
createWatch({ clock, signal, everyMs: 200, isConnected: () => true, uptime: () => uptime() * 1000, onChange: tell });
createSchedule({ ...ticks, expression: '* * * * * *', run: () => tell({ kind: 'run', at: clock.now() }) });
`;

describe('on the real clock', () => {
  it('notices that it was stopped, and makes up for it with one run', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const news: (WatchNews | { kind: 'run'; at: number })[] = [];
      createInterface(child.stdout).on('line', (line) => news.push(JSON.parse(line) as WatchNews));
      await vi.waitUntil(() => news.filter(({ kind }) => kind === 'run').length >= 2, { timeout: 30_000 });
      child.kill('SIGSTOP');
      const stoppedAt = Date.now();
      await delay(6500);
      child.kill('SIGCONT');
      const goesOnAt = Date.now();
      await delay(2500);
      const runs = news.flatMap(({ kind, at }) => (kind === 'run' ? [Math.floor(at / SECOND)] : []));
      expect(new Set(runs).size).toBe(runs.length);
      const after = runs.filter((at) => at >= Math.floor(goesOnAt / SECOND));
      expect(after[0]).toBeLessThanOrEqual(Math.floor((goesOnAt + 500) / SECOND));
      expect(after.length).toBeLessThanOrEqual(4);
      const [begun, ended, again] = news.filter(({ kind }) => kind !== 'run');
      expect([begun?.kind, ended?.kind, again?.kind]).toEqual(['span-begun', 'span-ended', 'span-begun']);
      expect(ended).toMatchObject({ because: 'suspended' });
      expect(Math.abs((ended?.at ?? 0) - stoppedAt)).toBeLessThan(1000);
      expect(Math.abs((again?.at ?? 0) - goesOnAt)).toBeLessThan(1000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
