import type { Clock } from '../platform/ports.ts';

/** A token bucket: so many datagrams a second, in small bursts. */
export interface Pace {
  /** Waits until at least one may be sent; resolves to how many of `most` may be sent now, 0 when the signal aborted. */
  takeTurn(most: number, signal: AbortSignal): Promise<number>;
  /** Uses one of the turns taken; false when none is left. */
  spend(): boolean;
}

/** Shortest sleep worth asking for. */
const TICK_MS = 5;

/** Timers fire late on a busy machine; up to this much lost time is made good, in a burst of a tenth of a second's packets. */
const CATCH_UP_MS = 100;

/** `perSecond` 0 is without limit, for laboratories. */
export function createPace(perSecond: number, clock: Clock): Pace {
  if (perSecond === 0)
    return {
      // Answers are read between two turns, however fast it goes.
      takeTurn: (most, signal) => clock.turn().then(() => (signal.aborted ? 0 : most)),
      spend: () => true,
    };
  const burst = Math.max(1, Math.floor((perSecond * CATCH_UP_MS) / 1000));
  let tokens = 1;
  let filledAt = clock.monotonic();
  let granted = 0;

  const fill = (): void => {
    const now = clock.monotonic();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
  };
  return {
    async takeTurn(most, signal) {
      fill();
      while (granted + tokens < 1 && !signal.aborted) {
        await clock.sleep(Math.max(TICK_MS, ((1 - tokens) / perSecond) * 1000), signal);
        fill();
      }
      if (signal.aborted) return 0;
      const turn = Math.max(0, Math.min(Math.floor(tokens), most - granted));
      tokens -= turn;
      granted += turn;
      return Math.min(most, granted);
    },
    spend() {
      if (granted < 1) return false;
      granted -= 1;
      return true;
    },
  };
}

/** When each host was last sent to, over all channels: no host gets more than one packet in `gapMs`. */
export interface HostPace {
  /** Milliseconds until this host may be sent to again. */
  waitFor(address: string): number;
  mark(address: string): void;
  /** This host is sent nothing for so long. */
  leaveAlone(address: string, ms: number): void;
}

/** No host gets more than one packet a second (the promise not to do harm). */
export const HOST_GAP_MS = 1000;

export function createHostPace(gapMs: number, clock: Clock): HostPace {
  const lastSent = new Map<string, number>();
  const leftAloneUntil = new Map<string, number>();
  return {
    waitFor(address) {
      const free = leftAloneUntil.size === 0 ? 0 : (leftAloneUntil.get(address) ?? 0);
      const last = gapMs === 0 ? undefined : lastSent.get(address);
      const next = last === undefined ? 0 : last + gapMs;
      return free === 0 && next === 0 ? 0 : Math.max(0, next - clock.monotonic(), free - clock.monotonic());
    },
    mark(address) {
      if (gapMs === 0) return;
      // Re-inserting keeps the map in the order of time, so that what has expired stands first.
      lastSent.delete(address);
      lastSent.set(address, clock.monotonic());
      for (const [oldest, at] of lastSent) {
        if (at + gapMs > clock.monotonic()) break;
        lastSent.delete(oldest);
      }
    },
    leaveAlone(address, ms) {
      leftAloneUntil.set(address, Math.max(leftAloneUntil.get(address) ?? 0, clock.monotonic() + ms));
    },
  };
}
