import Type from 'typebox';
import { secretPlace } from '../../http-delivery.ts';
import { FACILITIES, type Facility } from './record.ts';

/** Settings of the sink; the descriptions are its documentation. */
export const config = Type.Object(
  {
    host: Type.String({
      pattern: '^[A-Za-z0-9._:-]{1,253}$',
      description: 'Name or address of the syslog server.',
    }),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, description: 'Its port; none: 514, and 6514 over TLS.' }),
    ),
    transport: Type.Enum(['udp', 'tcp', 'tls'], {
      default: 'tcp',
      description:
        'tls verifies the server; tcp and tls notice what was not taken; udp cannot tell a lost message from a delivered one.',
    }),
    facility: Type.Enum(Object.keys(FACILITIES) as Facility[], {
      default: 'local0',
      description: 'By which the syslog server sorts messages.',
    }),
    hostname: Type.Optional(
      Type.String({
        // PRINTUSASCII of RFC 5424 section 6.
        pattern: '^[!-~]{1,255}$',
        description: 'HOSTNAME of the messages; none: the name of this machine, "-": not told.',
      }),
    ),
    enterpriseNumber: Type.Integer({
      minimum: 0,
      maximum: 4294967295,
      default: 32473,
      description:
        'Private enterprise number in the name of the structured data. sipcensus has none: 32473 is reserved for examples (RFC 5612); put your own here.',
    }),
    caFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Certificate authorities (PEM) that are believed instead of those of the system; tls only.',
      }),
    ),
    certificateFile: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Our own certificate (PEM), where the server asks for one; tls only.',
      }),
    ),
    certificateKey: Type.Optional(secretPlace('Where the key (PEM) of our own certificate stands.')),
  },
  {
    additionalProperties: false,
    dependentRequired: { certificateFile: ['certificateKey'], certificateKey: ['certificateFile'] },
  },
);
