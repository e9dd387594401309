import { cronTimes } from '../platform/cron.ts';
import type { Clock } from '../platform/ports.ts';
import { isWithin, type DailyHours } from '../model/daily-hours.ts';

/** Longest sleep between two looks at the clocks, where none is given: so late at most is noticed that one was set, or that the machine was asleep. */
const LOOK_EVERY_MS = 10_000;

/** A run this shortly before a slot is that slot's run: it came early because the clock was set back a little (NTP, leap second). */
const SERVES_AHEAD_MS = 60_000;

/** Hours of the day at a place in which nothing is started. */
export interface QuietHours {
  hours: DailyHours;
  /** IANA name, such as Europe/Amsterdam. */
  timezone: string;
}

export interface ScheduleParts {
  /** Five or six fields as node-cron reads them, in UTC. One that never comes starts nothing. */
  expression: string;
  /** Each run starts up to so much after its slot, but always before the next one. */
  jitterMs: number;
  quietHours?: QuietHours | undefined;
  clock: Clock;
  /** Starts a run. What it throws ends the schedule. */
  run: () => void;
  /** Whether a run is under way, whoever started it: one that is due meanwhile is left out. */
  isRunning: () => boolean;
  /** When the last run before this program's start began; a slot that has passed since is made up for at once. */
  lastRunAt?: number | null;
  lookEveryMs?: number;
  signal: AbortSignal;
  /** From 0 to below 1, for the jitter. */
  random?: () => number;
}

export interface Schedule {
  /** When the next run is due by the wall clock; past while quiet hours put it off; null where none ever is. */
  nextAt(): number | null;
  /** How many runs were left out because one was under way. */
  skipped(): number;
  /** Resolves when the signal has aborted, or nothing can come any more. */
  readonly ended: Promise<void>;
}

/** One run to come. */
interface Due {
  slot: number;
  /** By the wall clock. */
  at: number;
  /** The same moment by the clock that never jumps, for when the other one is set back. */
  latest: number;
  /** Milliseconds from its slot to the one after. */
  interval: number;
}

/**
 * Starts runs at the slots of a cron expression. Whatever happened since the last look (asleep for a week, clock a year ahead), what is
 * due is started once, and then again at the first slot after now; a clock set back delays nothing, since the wait is measured by the
 * clock that never jumps as well.
 */
export function createSchedule(parts: ScheduleParts): Schedule {
  const { clock, signal, lookEveryMs = LOOK_EVERY_MS } = parts;
  const isQuiet = quietAt(parts.quietHours);
  const plan = planner(parts, isQuiet);
  let skipped = 0;
  let next = plan(Math.min(parts.lastRunAt ?? clock.now(), clock.now()));

  const start = (due: Due): void => {
    if (parts.isRunning()) skipped += 1;
    else parts.run();
    next = plan(servedUntil(due, clock.now()));
  };
  const keep = async (): Promise<void> => {
    while (next !== null && !signal.aborted) {
      const leftMs = Math.min(next.at - clock.now(), next.latest - clock.monotonic());
      if (leftMs <= 0 && !isQuiet(clock.now())) start(next);
      else await clock.sleep(leftMs <= 0 ? lookEveryMs : Math.min(leftMs, lookEveryMs), signal);
    }
  };
  return { nextAt: () => next?.at ?? null, skipped: () => skipped, ended: keep() };
}

/** Plans the first run whose slot comes after a time. */
function planner(parts: ScheduleParts, isQuiet: (at: number) => boolean): (after: number) => Due | null {
  const { clock, jitterMs, random = Math.random } = parts;
  const slotAfter = cronTimes(parts.expression);
  return (after) => {
    const slot = slotAfter(after);
    if (slot === null) return null;
    const interval = (slotAfter(slot) ?? Infinity) - slot;
    const jittered = slot + Math.floor(random() * Math.min(jitterMs, interval));
    // A slot just before quiet hours would come out of them only by its jitter hours later.
    const at = isQuiet(jittered) && !isQuiet(slot) ? slot : jittered;
    return { slot, at, latest: clock.monotonic() + at - clock.now(), interval };
  };
}

/** No slot up to here is run any more, once a run has begun. */
function servedUntil({ slot, interval }: Due, now: number): number {
  const ahead = Math.min(SERVES_AHEAD_MS, interval / 2);
  return slot > now ? Math.min(slot, now + ahead) : now;
}

/** Whether a time is within quiet hours. */
function quietAt(quiet: QuietHours | undefined): (at: number) => boolean {
  if (quiet === undefined) return () => false;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: quiet.timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const [hour = 0, minute = 0] = format.format(at).split(':').map(Number);
    return isWithin(quiet.hours, hour * 60 + minute);
  };
}
