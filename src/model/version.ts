import type { DeviceId, DeviceState } from './device.ts';

/** What made a version of a device: news of it, its silence, other rules or policy, or that it turned out to be another device. */
export const VERSION_CAUSES = ['sighting', 'silence', 'reassessed', 'merge', 'split', 'undo'] as const;
export type VersionCause = (typeof VERSION_CAUSES)[number];

/** What was concluded of a device for a span of time. Times are milliseconds since the epoch, UTC. */
export interface Version extends DeviceState {
  device: DeviceId;
  /** When it became true. */
  validFrom: number;
  /** When it ceased to be; null where it still holds. */
  validTo: number | null;
  /** When we knew. */
  recordedAt: number;
  cause: VersionCause;
  /** The sighting that brought it about; null for none. Its bytes are kept as long as the version. */
  sighting: number | null;
}
