import Type from 'typebox';
import { TRANSPORTS } from '../../model/endpoint.ts';

/** Settings of the channel; the descriptions are its documentation. */
export const config = Type.Object(
  {
    ports: Type.Array(Type.Integer({ minimum: 1, maximum: 65535 }), {
      default: [5060],
      minItems: 1,
      maxItems: 16,
      description: 'Ports that every host is asked on.',
    }),
    transports: Type.Array(Type.Enum([...TRANSPORTS]), {
      default: ['udp'],
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
      description:
        'Transports that are asked: udp, tcp, tls. TLS asks 5061 where ports says 5060. No port gets two connections in a sweep: where tcp and tls are both named, 5061 is asked over TLS and every other port over TCP.',
    }),
    rate: Type.Integer({
      minimum: 0,
      maximum: 100_000,
      default: 100,
      description:
        'Most datagrams and connections a second in all; 0 is without limit and needs --i-know, or scope.confirmed in a file.',
    }),
    maxConnections: Type.Integer({
      minimum: 1,
      maximum: 64,
      default: 5,
      description: 'Most TCP and TLS connections at once; a host never gets more than one at a time.',
    }),
    waitMs: Type.Integer({
      minimum: 0,
      maximum: 32_000,
      default: 2000,
      description:
        'How long answers are awaited after the last datagram has left, in milliseconds; with a rate of 0 at most, and as short as the answers so far allow.',
    }),
    schedule: Type.String({
      default: '*/15 * * * *',
      description: 'When the daemon sweeps, as a cron expression in UTC.',
    }),
    jitterSeconds: Type.Integer({
      minimum: 0,
      maximum: 3600,
      default: 30,
      description:
        'Each sweep begins up to so many seconds after its time, so that the auditors of many sites do not all begin at once.',
    }),
    quietHours: Type.Optional(
      Type.String({
        description:
          "Hours of the day, in the site's time zone, in which the daemon begins no sweep: 22:00-06:00. The first one after them makes up for it.",
      }),
    ),
  },
  { additionalProperties: false },
);
