import Type, { type Static } from 'typebox';
import { FINDING_KINDS, FINDINGS, findingKey, SEVERITIES } from '../../model/finding.ts';
import type { Language } from '../../model/text.ts';
import type { Condition } from '../../store/findings.ts';
import { isoTime, Nullable, oneOf, Time } from './words.ts';

/** What holds now: a matter that was raised and has not been cleared. */
export const ConditionJson = Type.Object({
  key: Type.String({ description: 'The key of its findings and of its alert.' }),
  kind: oneOf(FINDING_KINDS),
  severity: oneOf(SEVERITIES),
  device: Nullable(Type.String({ description: 'Null where it is about the site.' })),
  about: Nullable(Type.String()),
  since: Time,
  title: Type.String({ description: 'In the language asked for.' }),
  toDo: Type.String({ description: 'What a person can do about it.' }),
});
export type ConditionJson = Static<typeof ConditionJson>;

export const ConditionListJson = Type.Object({
  count: Type.Integer({ description: 'How many hold that pass the filters; the list may be shorter.' }),
  conditions: Type.Array(ConditionJson),
});

export const toConditionJson = (condition: Condition, language: Language): ConditionJson => ({
  key: findingKey(condition),
  kind: condition.kind,
  severity: FINDINGS[condition.kind].severity,
  device: condition.device,
  about: condition.about,
  since: isoTime(condition.since),
  title: FINDINGS[condition.kind].title[language],
  toDo: FINDINGS[condition.kind].toDo[language],
});
