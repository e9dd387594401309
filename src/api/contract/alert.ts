import Type, { type Static } from 'typebox';
import type { ShownAlert } from '../../engine/alerting.ts';
import { ALERT_STATES } from '../../model/alert.ts';
import { FINDING_KINDS, FINDINGS, SEVERITIES } from '../../model/finding.ts';
import type { Language } from '../../model/text.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { SilenceJson, toSilenceJson } from './silence.ts';
import { isoTime, Nullable, oneOf, Time } from './words.ts';

/** Who an alert is about, as it was when the alert last changed. */
export const SubjectJson = Type.Object({
  device: Type.String(),
  vendor: Nullable(Type.String()),
  model: Nullable(Type.String()),
  firmware: Nullable(Type.String()),
  mac: Nullable(Type.String({ description: '12 lower-case hex digits' })),
  address: Nullable(Type.String()),
  level: oneOf(SUPPORT_LEVELS),
});

/** One matter's life for people. */
export const AlertJson = Type.Object({
  key: Type.String({ description: 'By which it is acknowledged.', examples: ['unsupported d12'] }),
  kind: oneOf(FINDING_KINDS),
  severity: oneOf(SEVERITIES),
  state: oneOf(ALERT_STATES),
  since: Time,
  resolvedAt: Nullable(Time),
  seq: Type.Integer({ description: 'Its latest finding in the journal.' }),
  subject: Nullable(SubjectJson),
  about: Nullable(Type.String()),
  title: Type.String({ description: 'In the language asked for.' }),
  because: Type.String({ description: "What was found; it holds strangers' text." }),
  toDo: Type.String({ description: 'What a person can do about it.' }),
  mutedBy: Nullable(
    Type.Object({
      silence: Nullable(SilenceJson),
      maintenance: Nullable(Type.String({ description: 'Why there is maintenance now.' })),
    }),
  ),
});
export type AlertJson = Static<typeof AlertJson>;

export const AlertListJson = Type.Object({
  unread: Type.Integer({
    description:
      'Findings of the journal that alerting has not looked at yet: it does while the daemon runs.',
  }),
  alerts: Type.Array(AlertJson),
});
export type AlertListJson = Static<typeof AlertListJson>;

export const toAlertJson = (alert: ShownAlert, language: Language, now: number): AlertJson => ({
  key: alert.key,
  kind: alert.kind,
  severity: alert.severity,
  state: alert.state,
  since: isoTime(alert.since),
  resolvedAt: alert.resolvedAt === null ? null : isoTime(alert.resolvedAt),
  seq: alert.seq,
  subject: alert.subject === null ? null : { ...alert.subject },
  about: alert.about,
  title: FINDINGS[alert.kind].title[language],
  because: alert.because[language],
  toDo: FINDINGS[alert.kind].toDo[language],
  mutedBy:
    alert.mute === null
      ? null
      : {
          silence: alert.mute.silence === null ? null : toSilenceJson(alert.mute.silence, now),
          maintenance: alert.mute.window?.because ?? null,
        },
});
