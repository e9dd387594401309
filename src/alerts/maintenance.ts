import { isWithin, type DailyHours } from '../model/daily-hours.ts';
import { weekdayOf, type WallTime } from './wall-clock.ts';

/** Hours of some days at which nothing is told. */
export interface MaintenanceWindow {
  /** 0 is Sunday; hours that go over midnight belong to the day they begin. */
  weekdays: readonly number[];
  between: DailyHours;
  because: string;
}

/** The maintenance window that holds now; null where none does. */
export const windowAt = (windows: readonly MaintenanceWindow[], now: WallTime): MaintenanceWindow | null =>
  windows.find((window) => holds(window, now)) ?? null;

function holds({ weekdays, between }: MaintenanceWindow, { day, minute }: WallTime): boolean {
  const beganYesterday = between.from > between.until && minute < between.until;
  return isWithin(between, minute) && weekdays.includes(weekdayOf(beganYesterday ? day - 1 : day));
}
