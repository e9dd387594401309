import Type, { type Static } from 'typebox';
import { FINDING_KINDS } from '../../model/finding.ts';
import { isActive, type Silence } from '../../model/silence.ts';
import { SUPPORT_LEVELS } from '../../model/verdict.ts';
import { Author, Because } from './identity-act.ts';
import { isoTime, Nullable, oneOf, Time } from './words.ts';

const closed = { additionalProperties: false };
const Word = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));

/** Which alerts: those of which all of this is true; at least one is said. */
export const MatchersJson = Type.Object(
  {
    all: Type.Optional(Type.Literal(true, { description: 'Every alert of the site.' })),
    alert: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1200, description: 'One alert by its key.' }),
    ),
    kind: Type.Optional(oneOf(FINDING_KINDS)),
    device: Word,
    vendor: Word,
    model: Word,
    mac: Type.Optional(Type.String({ pattern: '^[0-9a-f]{12}$', description: '12 lower-case hex digits' })),
    address: Word,
    level: Type.Optional(oneOf(SUPPORT_LEVELS)),
  },
  { ...closed, minProperties: 1, description: 'All of it must be true of an alert.' },
);

/** A promise not to tell of some alerts for a while; they are recorded as ever. */
export const SilenceJson = Type.Object({
  id: Type.Integer(),
  state: oneOf(['to-come', 'active', 'over'], { description: 'Whether it holds now.' }),
  matchers: MatchersJson,
  author: Type.String(),
  reason: Type.String(),
  createdAt: Time,
  startsAt: Time,
  until: Time,
  endedAt: Nullable(Type.String({ format: 'date-time', description: 'When it was ended before its time.' })),
  endedBy: Nullable(Type.String()),
});
export type SilenceJson = Static<typeof SilenceJson>;

export const SilenceListJson = Type.Object({ silences: Type.Array(SilenceJson) });

export const SilenceBody = Type.Object(
  {
    matchers: MatchersJson,
    author: Author,
    reason: Because,
    startsAt: Type.Optional(Type.String({ format: 'date-time', description: 'Now where it is left out.' })),
    until: Time,
  },
  closed,
);

export const AcknowledgeBody = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 1200, examples: ['unsupported d12'] }),
    author: Author,
    reason: Because,
    until: Time,
  },
  closed,
);

export const toSilenceJson = (silence: Silence, now: number): SilenceJson => ({
  id: silence.id,
  state: isActive(silence, now)
    ? 'active'
    : silence.endedAt === null && now < silence.startsAt
      ? 'to-come'
      : 'over',
  matchers: { ...silence.matchers },
  author: silence.author,
  reason: silence.reason,
  createdAt: isoTime(silence.createdAt),
  startsAt: isoTime(silence.startsAt),
  until: isoTime(silence.expiresAt),
  endedAt: silence.endedAt === null ? null : isoTime(silence.endedAt),
  endedBy: silence.endedBy,
});
