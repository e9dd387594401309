const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-24 14:03` as clocks at the site show it, for a time of our JSON: columns of it are easily compared. */
export function shortTime(time: string, timezone: string): string {
  let format = formats.get(timezone);
  if (format === undefined) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: timezone });
    formats.set(timezone, format);
  }
  return format.format(Date.parse(time));
}
