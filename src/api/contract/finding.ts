import Type, { type Static } from 'typebox';
import { FINDING_KINDS } from '../../model/finding.ts';
import { Nullable, oneOf, Time } from './words.ts';

/** One line of the journal. */
export const FindingJson = Type.Object({
  seq: Type.Integer(),
  device: Type.String(),
  at: Time,
  kind: oneOf(FINDING_KINDS),
  before: Nullable(Type.String()),
  after: Nullable(Type.String()),
});
export type FindingJson = Static<typeof FindingJson>;

export const FindingListJson = Type.Object({ findings: Type.Array(FindingJson) });
export type FindingListJson = Static<typeof FindingListJson>;
