import Type, { type Static } from 'typebox';
import { CHANNEL_STATES } from '../../model/channel-state.ts';
import { LANGUAGES } from '../../model/text.ts';
import { Nullable, oneOf } from './words.ts';

/** What the daemon is and does: the first thing the dashboard asks. */
export const StatusJson = Type.Object({
  version: Type.String(),
  site: Type.Object({
    id: Type.String(),
    name: Type.String(),
    language: oneOf(LANGUAGES),
    timezone: Type.String(),
  }),
  scope: Type.Object({
    include: Type.Array(Type.String(), {
      description: 'Empty: nothing is sent and nothing is joined until a scope is configured.',
    }),
    exclude: Type.Array(
      Type.Object({
        network: Nullable(Type.String()),
        mac: Nullable(Type.String()),
        between: Nullable(Type.String({ description: "Hours of the day, in the site's time zone." })),
        because: Type.String(),
      }),
    ),
  }),
  policy: Type.Object({ title: Type.String(), revision: Type.String(), isExample: Type.Boolean() }),
  rules: Type.Object({
    count: Type.Integer({ description: 'How many fingerprint rules hold.' }),
    refused: Nullable(
      Type.String({
        description:
          'What is wrong with rule files that were changed and not taken: file, line, words. The old rules hold.',
      }),
    ),
  }),
  channels: Type.Array(
    Type.Object({
      name: Type.String(),
      state: oneOf(CHANNEL_STATES),
      because: Nullable(Type.String({ description: 'Why it is off or failed, and the way out.' })),
    }),
  ),
  networks: Type.Array(
    Type.Object({ interface: Type.String(), address: Type.String(), network: Type.String() }),
    {
      description: 'Networks that this machine is on: proposals for a scope.',
    },
  ),
});
export type StatusJson = Static<typeof StatusJson>;
