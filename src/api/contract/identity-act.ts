import Type, { type Static } from 'typebox';
import type { IdentityAct } from '../../model/identity-act.ts';
import { isoTime, Nullable, oneOf, Time } from './words.ts';

/** Two records that became one device, or one that became two. */
export const IdentityActJson = Type.Object({
  id: Type.Integer({ description: 'By which it is undone.' }),
  act: oneOf(['merge', 'split']),
  device: Type.String({ description: 'The device that stays.' }),
  other: Type.String({ description: 'The record that was merged into it, or was split off.' }),
  at: Time,
  because: Type.String(),
  author: Nullable(Type.String({ description: 'Null where the program found out by itself.' })),
  undoneAt: Nullable(Time),
  undoneBy: Nullable(Type.String()),
});
export type IdentityActJson = Static<typeof IdentityActJson>;

export const IdentityActListJson = Type.Object({ acts: Type.Array(IdentityActJson) });

const WRITTEN = '\\S';

/** Who says it, and why: both are kept with it. */
export const Author = Type.String({
  maxLength: 200,
  pattern: WRITTEN,
  description: 'Who says so: a name for the record.',
  examples: ['Ada'],
});
export const Because = Type.String({
  maxLength: 1000,
  pattern: WRITTEN,
  description: 'Why; it is shown with the act.',
  examples: ['the same sticker'],
});

const closed = { additionalProperties: false };
const DeviceName = Type.String({ maxLength: 20, examples: ['d12'] });

export const MergeBody = Type.Object({ other: DeviceName, because: Because, author: Author }, closed);
export const SplitBody = Type.Object(
  { address: Type.String({ maxLength: 64, examples: ['192.168.10.23'] }), because: Because, author: Author },
  closed,
);
export const UndoBody = Type.Object({ because: Because, author: Author }, closed);

export const toActJson = (act: IdentityAct): IdentityActJson => ({
  id: act.id,
  act: act.act,
  device: act.device,
  other: act.other,
  at: isoTime(act.at),
  because: act.because,
  author: act.author,
  undoneAt: act.undoneAt === null ? null : isoTime(act.undoneAt),
  undoneBy: act.undoneBy,
});
