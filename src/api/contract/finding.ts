import Type, { type Static } from 'typebox';
import { FINDING_CAUSES, FINDING_KINDS, FINDING_STATES, SEVERITIES } from '../../model/finding.ts';
import { Nullable, oneOf, Time } from './words.ts';

/** One line of the journal. */
export const FindingJson = Type.Object({
  seq: Type.Integer(),
  device: Nullable(Type.String({ description: 'Null where it is about the site.' })),
  about: Nullable(
    Type.String({
      description: 'An address, a MAC address, a channel, a function: what the device alone does not say.',
    }),
  ),
  at: Time,
  kind: oneOf(FINDING_KINDS),
  state: oneOf(FINDING_STATES, {
    description: 'A matter that lasts is raised, and cleared when it is over.',
  }),
  severity: oneOf(SEVERITIES),
  cause: Nullable(oneOf(FINDING_CAUSES)),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
  sighting: Nullable(
    Type.Integer({
      description: 'The sighting whose bytes show it; null where nothing that was heard does.',
    }),
  ),
  title: Type.String({ description: 'What kind of finding it is, in the language asked for.' }),
  because: Type.String({ description: "What was found, in one sentence; it holds strangers' text." }),
  toDo: Type.String({ description: 'What a person can do about it.' }),
});
export type FindingJson = Static<typeof FindingJson>;

export const FindingListJson = Type.Object({ findings: Type.Array(FindingJson) });
export type FindingListJson = Static<typeof FindingListJson>;
