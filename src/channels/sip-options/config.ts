import Type from 'typebox';

/** Settings of the channel; the descriptions are its documentation. */
export const config = Type.Object(
  {
    ports: Type.Array(Type.Integer({ minimum: 1, maximum: 65535 }), {
      default: [5060],
      minItems: 1,
      maxItems: 16,
      description: 'Ports that every host is asked on.',
    }),
    transports: Type.Array(Type.Literal('udp'), {
      default: ['udp'],
      minItems: 1,
      maxItems: 1,
      description: 'Transports that are asked.',
    }),
    rate: Type.Integer({
      minimum: 0,
      maximum: 100_000,
      default: 100,
      description:
        'Most datagrams a second in all; 0 is without limit and needs --i-know, or scope.confirmed in a file.',
    }),
    waitMs: Type.Integer({
      minimum: 0,
      maximum: 32_000,
      default: 2000,
      description: 'How long answers are awaited after the last datagram has left, in milliseconds.',
    }),
    schedule: Type.String({
      default: '*/15 * * * *',
      description: 'When the daemon sweeps, as a cron expression in UTC.',
    }),
  },
  { additionalProperties: false },
);
