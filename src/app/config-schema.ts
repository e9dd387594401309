import Type, { type Static } from 'typebox';
import { config as sipOptions } from '../channels/sip-options/config.ts';
import { config as sipPnp } from '../channels/sip-pnp/config.ts';
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
          network: Type.String({ description: 'Network, range or address.' }),
          because: Type.String({ minLength: 1, description: 'Why it is left alone.' }),
        },
        closed,
      ),
      { default: [], description: 'Places inside the scope that are never sent to.' },
    ),
    confirmed: Type.Boolean({
      default: false,
      description: 'A scope wider than a /16, or with public addresses, is meant.',
    }),
  },
  { ...closed, default: {} },
);

/** The whole configuration file, joined from the rooms that own its parts. The editor schema is this value. */
export const ConfigSchema = Type.Object(
  {
    site: Site,
    scope: Scope,
    channels: Type.Object(
      { 'sip-options': Type.Optional(sipOptions), 'sip-pnp': Type.Optional(sipPnp) },
      {
        ...closed,
        default: { 'sip-options': {}, 'sip-pnp': {} },
        description: 'A channel that is not named is off; without this key both are on.',
      },
    ),
    policy: Type.Optional(
      Type.String({
        description: 'The support policy, relative to this file; the example policy where none is given.',
      }),
    ),
    rules: Type.Optional(
      Type.String({ description: "A folder of the user's own rule files, read after the shipped ones." }),
    ),
    server: Type.Object(
      {
        listen: Type.String({
          default: '127.0.0.1:8560',
          description: 'Address and port of dashboard and API.',
        }),
      },
      { ...closed, default: {} },
    ),
  },
  closed,
);
export type ConfigFile = Static<typeof ConfigSchema>;
