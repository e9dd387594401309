/** Days of the week by their number, as calendars count them. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What a clock on the wall shows. */
export interface WallTime {
  /** Days since 1 January 1970. */
  day: number;
  /** Minutes since midnight. */
  minute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The wall clock of an IANA time zone, for milliseconds since the epoch. Where nobody asks, its 8 MB of calendars stay unloaded. */
export function wallClock(timezone: string): (now: number) => WallTime {
  let format: Intl.DateTimeFormat | undefined;
  return (now) => {
    format ??= new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const local = now + offsetMs(name);
    const day = Math.floor(local / DAY_MS);
    return { day, minute: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
  };
}

/** Of `GMT+05:30`; 0 for `GMT`. */
function offsetMs(name: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === '-' ? -offset : offset;
}

/** 1 January 1970 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

/** `07:30` in minutes since midnight; null for anything else. */
export function parseTimeOfDay(text: string): number | null {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hour === undefined ? null : Number(hour) * 60 + Number(minute);
}
