import type { DeviceStatus } from '../model/device.ts';
import type { DeviceKind } from '../model/identity.ts';

const HOUR = 3_600_000;

/** When a device that is not heard is called stale, and when gone: after so long, and after so many sweeps that it missed. */
export interface Patience {
  staleAfterMs: number;
  goneAfterMs: number;
  missedSweeps: number;
}

/** What stays where it is, and what people carry around and switch off. */
export interface Patiences {
  fixed: Patience;
  mobile: Patience;
}

export const PATIENCES: Patiences = {
  fixed: { staleAfterMs: 4 * HOUR, goneAfterMs: 7 * 24 * HOUR, missedSweeps: 4 },
  mobile: { staleAfterMs: 48 * HOUR, goneAfterMs: 60 * 24 * HOUR, missedSweeps: 4 },
};

const MOBILE: ReadonlySet<DeviceKind | undefined> = new Set(['softphone', 'mobile-softphone']);

export const patienceFor = (kind: DeviceKind | undefined, { fixed, mobile }: Patiences): Patience =>
  MOBILE.has(kind) ? mobile : fixed;

/** How long, and over how many sweeps, a device has been silent while this auditor could hear. */
export interface Silence {
  ms: number;
  /** Null where no sweep runs: then time alone decides. */
  missedSweeps: number | null;
}

/** What its silence makes of a device. Only what is heard makes it present again. */
export function statusAfter(
  status: DeviceStatus,
  { ms, missedSweeps }: Silence,
  patience: Patience,
): DeviceStatus {
  if (status === 'gone' || (missedSweeps ?? Infinity) < patience.missedSweeps) return status;
  if (ms >= patience.goneAfterMs) return 'gone';
  return ms >= patience.staleAfterMs ? 'stale' : status;
}

/** A span of time in which this auditor could hear. Milliseconds since the epoch. */
export interface Watch {
  from: number;
  to: number;
}

/** How much of the time since then this auditor could hear. */
export const watchedSince = (since: number, watches: readonly Watch[]): number =>
  watches.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, since)), 0);
