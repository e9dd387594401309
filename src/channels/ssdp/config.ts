import Type from 'typebox';
import { SEARCH_TARGET } from '../../wire/ssdp/build.ts';

/** Settings of the channel; the descriptions are its documentation. */
export const config = Type.Object(
  {
    interfaces: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      default: [],
      maxItems: 64,
      description:
        'Interfaces to listen and ask on, by name or own address; none: the interfaces whose networks are in the scope.',
    }),
    ask: Type.Boolean({
      default: true,
      description: 'Ask the group (M-SEARCH) too; otherwise only what devices announce unasked is heard.',
    }),
    everyMinutes: Type.Integer({
      minimum: 10,
      maximum: 1440,
      default: 60,
      description: 'How often the group is asked, in minutes.',
    }),
    searchTargets: Type.Array(Type.String({ pattern: SEARCH_TARGET.source }), {
      // Not `ssdp:all`, to which every device sends dozens of answers. The other two are what routers and door stations call themselves.
      default: [
        'upnp:rootdevice',
        'urn:schemas-upnp-org:device:fritzbox:1',
        'urn:axis-com:service:BasicService:1',
      ],
      minItems: 1,
      maxItems: 16,
      description: 'What the group is asked for (the ST header).',
    }),
    describe: Type.Boolean({
      default: true,
      description:
        'Fetch the description that a device names: each place once a day, from the address that named it and from no other.',
    }),
  },
  { additionalProperties: false },
);
