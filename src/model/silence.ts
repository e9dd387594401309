import type { DeviceId } from './device.ts';
import type { FindingKind } from './finding.ts';
import type { SupportLevel } from './verdict.ts';

/** Which alerts a silence is about: those of which all of this is true. Without any of it, it is about none. */
export interface Matchers {
  /** Every alert of the site. */
  all?: true;
  /** One alert by its key: an acknowledgement. It ends with the alert. */
  alert?: string;
  kind?: FindingKind;
  device?: DeviceId;
  /** Vendor and model whatever their capitals. */
  vendor?: string;
  model?: string;
  /** 12 lower-case hex digits. */
  mac?: string;
  address?: string;
  level?: SupportLevel;
}

/** A promise not to tell of some alerts for a while; they are recorded as ever. Times are milliseconds since the epoch. */
export interface Silence {
  id: number;
  matchers: Matchers;
  author: string;
  reason: string;
  createdAt: number;
  startsAt: number;
  expiresAt: number;
  /** Null where nobody has ended it before its time. */
  endedAt: number | null;
  endedBy: string | null;
}

/** What a person says to make a silence. */
export type NewSilence = Pick<Silence, 'matchers' | 'author' | 'reason' | 'startsAt' | 'expiresAt'>;

/** Whether it holds at a moment. */
export const isActive = (
  { startsAt, expiresAt, endedAt }: Pick<Silence, 'startsAt' | 'expiresAt' | 'endedAt'>,
  now: number,
): boolean => startsAt <= now && now < expiresAt && endedAt === null;
