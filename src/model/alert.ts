import type { Device, DeviceId } from './device.ts';
import type { FindingKind, Severity } from './finding.ts';
import type { Language, LocalText } from './text.ts';
import type { SupportLevel } from './verdict.ts';

export const ALERT_STATES = ['firing', 'resolved'] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Who an alert is about, as it was when the alert last changed: all of it is text from strangers. */
export interface AlertSubject {
  device: DeviceId;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  /** 12 lower-case hex digits. */
  mac: string | null;
  /** Where it was heard last. */
  address: string | null;
  level: SupportLevel;
}

/** One matter's life for people: firing from its first finding on, resolved when it is over. Times are milliseconds since the epoch. */
export interface Alert {
  /** `findingKey` of its findings. */
  key: string;
  kind: FindingKind;
  severity: Severity;
  /** Null for what is about the site. */
  subject: AlertSubject | null;
  /** What it is about beside the device: an address, a MAC address, a channel; null where the device says all. */
  about: string | null;
  state: AlertState;
  since: number;
  /** Null while it fires. */
  resolvedAt: number | null;
  /** Number of its latest finding in the journal. */
  seq: number;
  /** What was found, in one sentence. */
  because: LocalText;
}

/** Why a message is sent. */
export const MESSAGE_REASONS = ['firing', 'resolved', 'repeat', 'digest', 'test'] as const;
export type MessageReason = (typeof MESSAGE_REASONS)[number];

/** How the site stands, for a digest. */
export interface SiteFigures {
  from: number;
  to: number;
  phones: number;
  byLevel: Readonly<Partial<Record<SupportLevel, number>>>;
  /** How many findings of each kind were raised meanwhile; those that were not are left out. */
  findings: Readonly<Partial<Record<FindingKind, number>>>;
}

/** What a sink delivers: alerts that belong together. */
export interface Message {
  /** The same over every attempt, so that a receiver knows a repeat: `sipcensus.head-office.17`. */
  id: string;
  at: number;
  reason: MessageReason;
  /** What its alerts have in common: all messages of one matter carry the same, such as `head-office/unsupported`. */
  group: string;
  site: { id: string; name: string; timezone: string };
  language: Language;
  /** The worst first; at most MOST_ALERTS. */
  alerts: readonly Alert[];
  /** How many alerts more there are than the message holds. */
  more: number;
  /** Null but in a digest. */
  figures: SiteFigures | null;
  /** Where a person reads on; null where the dashboard's address is not configured. */
  link: string | null;
}

/** Most alerts told in full in one message. */
export const MOST_ALERTS = 50;

/** `Yealink T46S`, else null where nobody knows who it is. */
export const nameOf = ({ vendor, model }: Pick<AlertSubject, 'vendor' | 'model'>): string | null =>
  vendor === null && model === null ? null : [vendor, model].filter((word) => word !== null).join(' ');

/** A device as an alert shows it. */
export const subjectOf = ({ id, identity, verdict, endpoints }: Device): AlertSubject => ({
  device: id,
  vendor: identity.vendor ?? null,
  model: identity.model ?? null,
  firmware: identity.firmware ?? null,
  mac: identity.mac ?? null,
  address: endpoints[0]?.address ?? null,
  level: verdict.level,
});
