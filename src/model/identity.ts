import type { Fact } from './fact.ts';

/** The closed list of what a SIP element can be. */
export const DEVICE_KINDS = [
  'desk-phone',
  'dect-base',
  'conference-phone',
  'ata',
  'gateway',
  'door-intercom',
  'pager-speaker',
  'softphone',
  'mobile-softphone',
  'pbx',
  'proxy',
  'scanner',
  'other',
] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

const NOT_PHONES: ReadonlySet<string> = new Set<DeviceKind>(['gateway', 'pbx', 'proxy', 'scanner']);

/** Whether a device counts as a phone in every figure. Unknown and `other` do: what answers SIP and is not known is a SIP phone. */
export const isPhone = (kind: string | null | undefined): boolean => !NOT_PHONES.has(kind ?? '');

/** What a device is, in the words of rules/vocabulary. `mac` is 12 lower-case hex digits. */
export interface Identity {
  vendor: string;
  family: string;
  model: string;
  firmware: string;
  kind: DeviceKind;
  mac: string;
  serial: string;
}

export const ATTRIBUTES = [
  'vendor',
  'family',
  'model',
  'firmware',
  'kind',
  'mac',
  'serial',
] as const satisfies readonly (keyof Identity)[];

/** What one rule made of one fact; kept, so that every answer can be explained. */
export interface Evidence {
  rule: string;
  fact: Fact;
  asserts: Partial<Identity>;
  certainty: number;
  /** Whether the fact answered our own probe; unsolicited evidence may be forged. */
  solicited: boolean;
}

/** The combined answer. `confidence` 0..1 is how sure all agreeing evidence together is; conflicts are evidence that lost. */
export interface Identification {
  identity: Partial<Identity>;
  confidence: number;
  evidence: readonly Evidence[];
  conflicts: readonly Evidence[];
}
