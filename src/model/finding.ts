import type { DeviceId } from './device.ts';

/** The closed list of changes worth knowing. */
export const FINDING_KINDS = [
  'appeared',
  'unsupported',
  'identity-changed',
  'firmware-changed',
  'level-changed',
  'endpoint-moved',
  'conflict',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One line of the journal; `seq` is its place, given by the store. */
export interface Finding {
  seq: number;
  device: DeviceId;
  at: number;
  kind: FindingKind;
  before: string | null;
  after: string | null;
}
