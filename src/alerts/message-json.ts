import {
  nameOf,
  type Alert,
  type AlertState,
  type AlertSubject,
  type Message,
  type MessageReason,
} from '../model/alert.ts';
import { FINDINGS, type FindingKind, type Severity } from '../model/finding.ts';
import { bounded, type Language } from '../model/text.ts';
import type { SupportLevel } from '../model/verdict.ts';
import { isoTime } from '../model/iso-time.ts';

/**
 * A message for programs. The shape is stable: keys are added, and never renamed or removed. Texts for people are in `language`; what
 * a program decides by (`kind`, `severity`, `state`, `level`) is the same in every language. Times are UTC, ISO 8601. What devices say
 * of themselves is as it was heard, at most 1,024 characters: escape it where it is shown.
 */
export interface MessageJson {
  /** The same over every attempt. */
  id: string;
  at: string;
  reason: MessageReason;
  /** The same in all messages of one matter. */
  group: string;
  site: { id: string; name: string; timezone: string };
  language: Language;
  /** The worst first, at most 50. */
  alerts: AlertJson[];
  /** How many more there are. */
  more: number;
  /** Null but in a digest. */
  figures: FiguresJson | null;
  /** Where a person reads on. */
  link: string | null;
}

export interface AlertJson {
  /** The same as long as the matter is the same. */
  key: string;
  kind: FindingKind;
  severity: Severity;
  state: AlertState;
  title: string;
  because: string;
  toDo: string;
  /** What it is about beside the device: an address, a MAC address, a channel. */
  about: string | null;
  since: string;
  /** Null while it fires. */
  resolvedAt: string | null;
  /** Number of its latest finding in the journal. */
  seq: number;
  /** Null for what is about the site. `mac` is 12 lower-case hex digits. */
  device: DeviceJson | null;
}

export interface DeviceJson {
  id: string;
  /** Vendor and model; null where nobody knows who it is. */
  name: string | null;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  mac: string | null;
  address: string | null;
  level: SupportLevel;
}

export interface FiguresJson {
  from: string;
  to: string;
  phones: number;
  byLevel: Partial<Record<SupportLevel, number>>;
  findings: Partial<Record<FindingKind, number>>;
}

export const messageJson = (message: Message): MessageJson => ({
  id: message.id,
  at: isoTime(message.at),
  reason: message.reason,
  group: heard(message.group),
  site: { ...message.site, name: heard(message.site.name) },
  language: message.language,
  alerts: message.alerts.map((alert) => alertJson(alert, message.language)),
  more: message.more,
  figures: figuresJson(message.figures),
  link: message.link,
});

const alertJson = (alert: Alert, language: Language): AlertJson => ({
  key: heard(alert.key),
  kind: alert.kind,
  severity: alert.severity,
  state: alert.state,
  title: FINDINGS[alert.kind].title[language],
  because: heard(alert.because[language]),
  toDo: FINDINGS[alert.kind].toDo[language],
  about: heardOrNull(alert.about),
  since: isoTime(alert.since),
  resolvedAt: alert.resolvedAt === null ? null : isoTime(alert.resolvedAt),
  seq: alert.seq,
  device: alert.subject === null ? null : deviceJson(alert.subject),
});

const deviceJson = (subject: AlertSubject): DeviceJson => ({
  id: subject.device,
  name: heardOrNull(nameOf(subject)),
  vendor: heardOrNull(subject.vendor),
  model: heardOrNull(subject.model),
  firmware: heardOrNull(subject.firmware),
  mac: heardOrNull(subject.mac),
  address: heardOrNull(subject.address),
  level: subject.level,
});

const figuresJson = (figures: Message['figures']): FiguresJson | null =>
  figures === null ? null : { ...figures, from: isoTime(figures.from), to: isoTime(figures.to) };

/** Bounded, and without lone halves of surrogate pairs: they have no UTF-8, and parsers of JSON differ about them (RFC 8259 8.2). */
const heard = (text: string): string => bounded(text).replace(/\p{Surrogate}/gu, '\ufffd');
const heardOrNull = (text: string | null): string | null => (text === null ? null : heard(text));
