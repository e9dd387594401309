import type { Clock } from '../platform/ports.ts';

/** Clocks that are apart by more than this, or a beat that is late by more, were no ordinary second. */
const TOLERANCE_MS = 5000;

/** Why this machine could not have heard, or could not have known when. */
export type DeafReason =
  | 'suspended' // the machine slept, or the program was stopped or held up
  | 'clock-jumped' // somebody set the wall clock
  | 'network-down'
  | 'stopped'; // the program ends

/** What the watch noticed; times by the wall clock. */
export type WatchNews =
  | { kind: 'span-begun'; at: number }
  | { kind: 'span-ended'; since: number; at: number; because: DeafReason }
  /** The clock was set back: it would have said `from`, and said `at`. The time between comes once more. */
  | { kind: 'clock-back'; from: number; at: number };

export interface WatchParts {
  clock: Clock;
  /** Whether an interface of this machine is on a network of the scope. */
  isConnected: () => boolean;
  everyMs?: number;
  /** Milliseconds since this machine was started, its sleep included; without it a clock set forward is told as `suspended`. */
  uptime?: () => number;
  onChange: (news: WatchNews) => void;
  signal: AbortSignal;
}

/** Knows when this auditor itself was deaf, so that silence counts only in spans of time in which it was not. */
export interface Watch {
  /** The span under way: since when, and the last moment known to be a part of it. Null while there is none. */
  current(): { since: number; until: number } | null;
  /** Resolves when the signal has aborted and the last span has been told as ended. */
  readonly ended: Promise<void>;
}

/** What the clocks say at one moment. */
interface Beat {
  wall: number;
  monotonic: number;
  uptime: number;
}

/** Looks at the clocks and at the network every `everyMs`; a span reaches from the first sound beat to the last one. */
export function createWatch(parts: WatchParts): Watch {
  const { clock, everyMs = 10_000, signal, onChange } = parts;
  const look = (): Beat => {
    const monotonic = clock.monotonic();
    return { wall: clock.now(), monotonic, uptime: parts.uptime?.() ?? NaN };
  };
  let last = look();
  let since: number | null = null;

  const end = (because: DeafReason): void => {
    if (since !== null) onChange({ kind: 'span-ended', since, at: until(since), because });
    since = null;
  };
  const until = (from: number): number => Math.max(from, last.wall);
  const beat = (): void => {
    const now = look();
    const trouble = troubleBetween(last, now, everyMs);
    if (trouble !== null) end(trouble);
    const expected = last.wall + now.monotonic - last.monotonic;
    if (expected - now.wall > TOLERANCE_MS) onChange({ kind: 'clock-back', from: expected, at: now.wall });
    const isConnected = parts.isConnected();
    if (!isConnected) end('network-down');
    last = now;
    if (!isConnected || since !== null || signal.aborted) return;
    since = now.wall;
    onChange({ kind: 'span-begun', at: since });
  };
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      beat();
      await clock.sleep(everyMs, signal);
    }
    // The end is no reason to count the time since the last beat as heard if it was not.
    beat();
    end('stopped');
  };
  const ended = keep();
  return { current: () => (since === null ? null : { since, until: until(since) }), ended };
}

/** What went wrong between two beats, if anything did. */
function troubleBetween(last: Beat, now: Beat, everyMs: number): DeafReason | null {
  const passed = now.monotonic - last.monotonic;
  if (passed > everyMs + TOLERANCE_MS) return 'suspended';
  const ahead = now.wall - last.wall - passed;
  if (Math.abs(ahead) <= TOLERANCE_MS) return null;
  // Linux' monotonic clock stands still while the machine sleeps, as it does not when somebody sets the other one.
  const slept = now.uptime - last.uptime - passed;
  return ahead < 0 || slept <= TOLERANCE_MS ? 'clock-jumped' : 'suspended';
}
