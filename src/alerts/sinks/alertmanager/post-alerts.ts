import type { Alert, Message } from '../../../model/alert.ts';
import { isoTime } from '../../../model/iso-time.ts';
import { becauseOf, clean, headingOf, linesOf, titleOf, toDoOf, whoOf } from '../../message-text.ts';

/** An alert of the API of Alertmanager, version 2 (`postableAlert` of its openapi.yaml). */
export interface PostableAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL?: string;
}

/** How long an alert is shown that is no matter which lasts: of a digest or a test. */
const NEWS_MS = 5 * 60 * 1000;
/** Longest label, in UTF-16 units: what is about a device is far shorter. */
const MOST_LABEL = 200;

/** What Alertmanager is told of a message; `holdMs` is how long it may believe that an alert still fires. */
export function postableAlerts(message: Message, holdMs: number, now: number): PostableAlert[] {
  const link = /^https?:/.test(message.link ?? '') ? { generatorURL: message.link ?? '' } : {};
  return message.reason === 'test' || message.reason === 'digest'
    ? [{ ...newsOf(message, now), ...link }]
    : message.alerts.map((alert) => ({ ...postable(alert, message, now + holdMs), ...link }));
}

function postable(alert: Alert, message: Message, heldUntil: number): PostableAlert {
  const { site, language } = message;
  // What ends before it begins is refused, and with it all that came along.
  const end = Math.max(alert.resolvedAt ?? heldUntil, alert.since);
  return {
    labels: labelsOf({
      alertname: nameOf(alert.kind),
      severity: alert.severity,
      site: site.id,
      device: alert.subject?.device,
      about: alert.about,
    }),
    annotations: annotationsOf(alert, site.name, language),
    startsAt: isoTime(alert.since),
    endsAt: isoTime(end),
  };
}

/** `firmware-below-minimum` as Prometheus writes names: `FirmwareBelowMinimum`. */
const nameOf = (kind: string): string =>
  kind.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Alertmanager knows an alert by its labels, all of them: what may change while it fires (model, address, level) can be none, or its
 * end would be the end of another alert. An empty label is none.
 */
const labelsOf = (labels: Record<string, string | null | undefined>): Record<string, string> =>
  withoutEmpty(labels, MOST_LABEL);

function annotationsOf(
  alert: Alert,
  siteName: string,
  language: Message['language'],
): Record<string, string> {
  const { subject } = alert;
  const { name, mac } = whoOf(alert, language);
  return withoutEmpty({
    summary: [titleOf(alert, language), name].filter((word) => word !== null).join(': '),
    description: becauseOf(alert, language),
    todo: toDoOf(alert, language),
    site_name: siteName,
    vendor: subject?.vendor,
    model: subject?.model,
    firmware: subject?.firmware,
    mac,
    address: subject?.address,
    level: subject?.level,
  });
}

function withoutEmpty(texts: Record<string, string | null | undefined>, most = 600): Record<string, string> {
  const told = Object.entries(texts).map(([name, text]) => [name, clean(text ?? '', most)] as const);
  return Object.fromEntries(told.filter(([, text]) => text !== ''));
}

/** Each has an identity of its own, or a second one would only prolong the first. */
const newsOf = (message: Message, now: number): PostableAlert => ({
  labels: labelsOf({
    alertname: message.reason === 'test' ? 'SipcensusTest' : 'SipcensusDigest',
    severity: 'info',
    site: message.site.id,
    about: message.id,
  }),
  annotations: {
    summary: headingOf(message),
    description: linesOf({ ...message, link: null })
      .slice(1)
      .join('\n')
      .trim(),
  },
  startsAt: isoTime(now),
  endsAt: isoTime(now + NEWS_MS),
});
