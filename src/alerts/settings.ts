import { parseDailyHours } from '../model/daily-hours.ts';
import type { AlertsConfig } from './config.ts';
import type { DigestTimes } from './digest.ts';
import type { GroupTimes } from './group.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import { parseTimeOfDay, WEEKDAYS } from './wall-clock.ts';

/** How alerts are told, read out of the configuration. */
export interface AlertSettings {
  groups: GroupTimes;
  digest: DigestTimes;
  maintenance: readonly MaintenanceWindow[];
}

/** Of a configuration that is free of trouble. */
export const settingsOf = (config: AlertsConfig): AlertSettings => ({
  groups: {
    waitMs: config.groupWaitSeconds * 1000,
    intervalMs: config.groupIntervalSeconds * 1000,
    repeatMs: config.repeatHours * 3_600_000,
  },
  digest: {
    every: config.digest.every,
    minute: parseTimeOfDay(config.digest.at) ?? 0,
    weekday: WEEKDAYS.indexOf(config.digest.weekday),
  },
  maintenance: config.maintenance.flatMap(({ days, between, because }) => {
    const hours = parseDailyHours(between);
    const weekdays = (days.length === 0 ? WEEKDAYS : days).map((day) => WEEKDAYS.indexOf(day));
    return hours === null ? [] : { weekdays, between: hours, because };
  }),
});
