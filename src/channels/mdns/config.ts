import Type from 'typebox';

/** A service type of DNS-SD without its domain (RFC 6763 7, RFC 6335 5.1). */
const SERVICE_TYPE = Type.String({
  pattern: '^_[A-Za-z0-9](?:[A-Za-z0-9-]{0,13}[A-Za-z0-9])?\\._(?:tcp|udp)$',
});

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
      description:
        'Ask the group too, at the start and then less and less often, hourly at last; otherwise only what devices announce unasked is heard.',
    }),
    services: Type.Array(SERVICE_TYPE, {
      // What door stations, loudspeakers and adapters announce, and cameras and switches too: rules tell them apart.
      default: ['_axis-video._tcp', '_csco-sb._tcp'],
      maxItems: 16,
      description:
        'Service types that are asked for and heard beside those of SIP. A device that announces no SIP is listed only where a rule knows it.',
    }),
    queries: Type.Array(SERVICE_TYPE, {
      default: ['_digiumproxy._udp'],
      maxItems: 16,
      description:
        'Service types that phones look for: who asks for one is listed where a rule knows what it is. Never asked for by us.',
    }),
  },
  { additionalProperties: false },
);
