import type { DeviceId } from './device.ts';

/** Two records that turned out to be one device, or one that turned out to be two. */
export interface IdentityAct {
  id: number;
  act: 'merge' | 'split';
  /** The device that stays. */
  device: DeviceId;
  /** The one that was merged into it, or was split off. */
  other: DeviceId;
  at: number;
  because: string;
  /** Null where the program found out by itself. */
  author: string | null;
  undoneAt: number | null;
  undoneBy: string | null;
}
