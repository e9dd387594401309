import { wallClock } from '../alerts/wall-clock.ts';
import { AppError } from '../model/app-error.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

/** How a moment is written in options, for their help. */
export const MOMENT_HELP =
  "a date (2026-11-24: its end in the site's time zone) or a date-time (2026-11-24T12:00, or with Z or +01:00)";

/**
 * Reads a moment of an option, in milliseconds since the epoch: a bare date is its last millisecond at the site, and today's is now.
 * Throws AppError USAGE for what is no date.
 */
export function momentOption(
  option: string,
  text: string,
  { timezone, now }: { timezone: string; now: number },
): number {
  const [, date = '', time, zone] = MOMENT.exec(text) ?? [];
  const asUtc = Date.parse(`${date}T${time ?? '00:00'}Z`);
  // `2026-02-30` reads as a day of March.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== date)
    throw new AppError('USAGE', `${option} takes ${MOMENT_HELP}; it was "${text}".`);
  if (zone !== undefined) return Date.parse(`${date}T${time ?? ''}${zone.toUpperCase()}`);
  const atSite = localTime(timezone);
  if (time !== undefined) return atSite(asUtc);
  const [start, end] = [atSite(asUtc), atSite(asUtc + DAY_MS) - 1];
  return start <= now && now <= end ? now : end;
}

/** The moment at which clocks of a time zone show what clocks of UTC show at another. */
function localTime(timezone: string): (shown: number) => number {
  const wall = wallClock(timezone);
  const offsetAt = (at: number): number => {
    const { day, minute } = wall(at);
    return day * DAY_MS + minute * MINUTE_MS - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  };
  // Twice: the offset of the first guess may be that of the other side of a clock change.
  return (shown) => shown - offsetAt(shown - offsetAt(shown));
}

const UNITS = { m: MINUTE_MS, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS } as const;

/** Reads how long, such as `30m`, `8h`, `3d`, `2w`, in milliseconds. Throws AppError USAGE. */
export const durationOption =
  (option: string) =>
  (text: string): number => {
    const [, count, unit] = /^([1-9]\d{0,3})([mhdw])$/.exec(text) ?? [];
    if (unit === undefined)
      throw new AppError('USAGE', `${option} takes a time such as 30m, 8h, 3d or 2w; it was "${text}".`);
    return Number(count) * UNITS[unit as keyof typeof UNITS];
  };
