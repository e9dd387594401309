import { windowAt, type MaintenanceWindow } from '../../alerts/maintenance.ts';
import { silenceOf, silenceOfAll } from '../../alerts/mute.ts';
import type { WallTime } from '../../alerts/wall-clock.ts';
import type { Alert } from '../../model/alert.ts';
import type { Silence } from '../../model/silence.ts';
import { silencesFrom } from '../../store/silences.ts';
import type { AlertingParts } from './parts.ts';

/** Why an alert is not told now. */
export interface Mute {
  silence: Silence | null;
  window: MaintenanceWindow | null;
}

/** What is not told at one moment. */
export interface Muting {
  muteOf(alert: Alert): Mute | null;
  /** Whether nothing at all is told. */
  readonly isAll: boolean;
}

export function mutingAt(
  now: number,
  { db, settings }: Pick<AlertingParts, 'db' | 'settings'>,
  wall: (now: number) => WallTime,
): Muting {
  const silences = silencesFrom(db, now);
  const { maintenance } = settings;
  const window = maintenance.length === 0 ? null : windowAt(maintenance, wall(now));
  return {
    muteOf(alert) {
      const silence = silenceOf(alert, silences, now);
      return silence === null && window === null ? null : { silence, window };
    },
    isAll: window !== null || silenceOfAll(silences, now) !== null,
  };
}
