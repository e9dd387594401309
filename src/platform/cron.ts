import { createTask, parse, validate } from 'node-cron';

const DAY_MS = 86_400_000;

/** 29 February of one day of the week comes after 40 years at the latest (2100 has none): what has not come by then never will. */
const DAYS_AHEAD = 41 * 366;

/**
 * The times of a cron expression in UTC: hands out the first one after a time, or null where none ever comes. node-cron reads the
 * expression and knows its days (`L`, `15W`, `5#2`); its own search for the next time always starts from the system's clock.
 */
export function cronTimes(expression: string): (after: number) => number | null {
  // What node-cron can tell never comes, such as 30 February, is no expression to it.
  if (!validate(expression)) return () => null;
  const { hour, minute, second } = parse(expression);
  const times = hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1000)))
    .sort((a, b) => a - b);
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  // It is never started; node-cron would keep it for good.
  void task.destroy();
  const comesOn = (day: number): boolean => task.match(new Date(day + (times[0] ?? 0)));
  return (after) => {
    const today = Math.floor(after / DAY_MS) * DAY_MS;
    for (let day = today; day < today + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
      const time = times.find((each) => day + each > after);
      if (time !== undefined && comesOn(day)) return day + time;
    }
    return null;
  };
}
