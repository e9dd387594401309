/** Hours of a day, in minutes since midnight; `from` above `until` goes over midnight. */
export interface DailyHours {
  from: number;
  until: number;
}

const SHAPE = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;

/** Reads `08:00-18:30` or `22:00-06:00`; null for anything else, and for hours without length. */
export function parseDailyHours(text: string): DailyHours | null {
  const [fromHour, fromMinute, untilHour, untilMinute] = (SHAPE.exec(text.trim()) ?? []).slice(1).map(Number);
  if (fromHour === undefined || fromMinute === undefined || untilHour === undefined) return null;
  const from = fromHour * 60 + fromMinute;
  const until = untilHour * 60 + (untilMinute ?? 0);
  return until > 24 * 60 || from === until ? null : { from, until };
}

/** Whether a minute of the day lies within; the last minute does not. */
export const isWithin = ({ from, until }: DailyHours, minute: number): boolean =>
  from < until ? from <= minute && minute < until : minute >= from || minute < until;
