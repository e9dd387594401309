import Type, { type Static } from 'typebox';
import {
  CHANNEL_NAMES,
  CHANNELS,
  CHANNELS_BY_DEFAULT,
  type ChannelName,
  type SettingsOf,
} from '../channels/registry.ts';
import { alertsConfig } from '../alerts/config.ts';
import { SINKS } from '../alerts/registry.ts';
import { oneOf } from '../document/one-of.ts';
import { LANGUAGES } from '../model/text.ts';

const closed = { additionalProperties: false };

const Site = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      default: 'site',
      description: 'Short name in data: small letters, digits, hyphens.',
    }),
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      default: 'This site',
      description: 'Name for people.',
    }),
    language: oneOf(LANGUAGES, { default: 'en', description: 'Language of the dashboard and of tables.' }),
    timezone: Type.String({
      default: 'UTC',
      description: 'IANA name such as Europe/Amsterdam: for showing times to people.',
    }),
  },
  { ...closed, default: {} },
);

const Scope = Type.Object(
  {
    include: Type.Array(Type.String(), {
      default: [],
      description:
        'Networks, ranges and addresses that may be audited. Empty: nothing is sent and nothing is joined.',
    }),
    exclude: Type.Array(
      Type.Object(
        {
          network: Type.Optional(Type.String({ description: 'Network, range or address.' })),
          mac: Type.Optional(
            Type.String({
              description: 'MAC address of a device, whatever address it has: 00:15:65:aa:bb:cc.',
            }),
          ),
          between: Type.Optional(
            Type.String({
              description:
                "Hours of the day, in the site's time zone, at which it is left alone: 08:00-18:00.",
            }),
          ),
          because: Type.String({ minLength: 1, description: 'Why it is left alone.' }),
        },
        closed,
      ),
      {
        default: [],
        description:
          'Places inside the scope that are never sent to; each with its `because` and a `network`, a `mac`, or hours `between` which it is left alone.',
      },
    ),
    confirmed: Type.Boolean({
      default: false,
      description: 'A scope wider than a /16, or with public addresses, is meant.',
    }),
  },
  { ...closed, default: {} },
);

/** Every channel of the registry, each with the settings of its own folder. */
const Channels = Type.Unsafe<{ [N in ChannelName]?: SettingsOf<N> }>(
  Type.Object(Object.fromEntries(CHANNEL_NAMES.map((name) => [name, Type.Optional(CHANNELS[name].config)])), {
    ...closed,
    default: Object.fromEntries(CHANNELS_BY_DEFAULT.map((name) => [name, {}])),
    description:
      'A channel that is not named is off; without this key all are on that need no special right and ask for no page.',
  }),
);

const Presence = Type.Object(
  {
    staleAfterHours: Type.Number({
      minimum: 0,
      maximum: 8760,
      default: 4,
      description:
        'A device that was not heard for so long is stale. Time in which this auditor could not hear does not count.',
    }),
    goneAfterDays: Type.Number({
      minimum: 0,
      maximum: 3650,
      default: 7,
      description: 'A device that was not heard for so long is gone.',
    }),
    softphonesStaleAfterHours: Type.Number({
      minimum: 0,
      maximum: 8760,
      default: 48,
      description: 'The same for softphones, which people switch off and carry around.',
    }),
    softphonesGoneAfterDays: Type.Number({
      minimum: 0,
      maximum: 3650,
      default: 60,
      description: 'The same for softphones.',
    }),
    missedSweeps: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 4,
      description: 'Sweeps that a device must have missed besides, where sweeps ask it.',
    }),
  },
  { ...closed, default: {}, description: 'When a device that is silent is called stale, and when gone.' },
);

const Retention = Type.Object(
  {
    historyDays: Type.Integer({
      minimum: 1,
      maximum: 36_500,
      default: 400,
      description:
        'How far back the fleet can be asked for (`devices --as-of`) and raw messages of changes are kept. The journal of findings is kept for good.',
    }),
  },
  { ...closed, default: {}, description: 'How long history is kept.' },
);

/** The whole configuration file, joined from the rooms that own its parts. The editor schema is this value. */
export const ConfigSchema = Type.Object(
  {
    site: Site,
    scope: Scope,
    channels: Channels,
    policy: Type.Optional(
      Type.String({
        description: 'The support policy, relative to this file; the example policy where none is given.',
      }),
    ),
    rules: Type.Optional(
      Type.String({ description: "A folder of the user's own rule files, read after the shipped ones." }),
    ),
    presence: Presence,
    retention: Retention,
    alerts: alertsConfig(SINKS),
    server: Type.Object(
      {
        listen: Type.String({
          default: '127.0.0.1:8560',
          description: 'Address and port of dashboard and API.',
        }),
        url: Type.Optional(
          Type.String({
            pattern: '^https?://[^\\s]+$',
            maxLength: 500,
            description:
              'Where people reach the dashboard, for links in messages: http://census.example:8560.',
          }),
        ),
      },
      { ...closed, default: {} },
    ),
  },
  closed,
);
export type ConfigFile = Static<typeof ConfigSchema>;
