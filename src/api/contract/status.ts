import Type, { type Static } from 'typebox';
import { CHANNEL_STATES } from '../../model/channel-state.ts';
import { LANGUAGES } from '../../model/text.ts';
import { Nullable, oneOf, Time } from './words.ts';

/** Why a host is sent nothing for a while. */
const LEFT_ALONE_REASONS = ['retry-after', 'fell-silent'] as const;

/** The dashboard asks for the status whenever it loads; a wide network that is cut off is counted in the coverage of the devices. */
export const MOST_LEFT_ALONE = 1000;

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
  leftAlone: Type.Array(
    Type.Object({
      address: Type.String(),
      until: Time,
      because: oneOf(LEFT_ALONE_REASONS, {
        description:
          'Its answer asked for it, or it answered before and no longer after a probe: blocked perhaps, or in trouble.',
      }),
    }),
    {
      description: `Hosts that are sent nothing for a while, the first to be asked again first: at most ${MOST_LEFT_ALONE}.`,
    },
  ),
  storage: Nullable(
    Type.String({
      description: 'What the machine refuses to write and what to do about it; null while all is kept.',
    }),
  ),
});
export type StatusJson = Static<typeof StatusJson>;
