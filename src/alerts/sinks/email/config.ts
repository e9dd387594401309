import Type from 'typebox';

/** One address and nothing else: no name, no list, nothing that ends a header field. */
const Address = (description: string) =>
  Type.String({
    pattern: '^[^\\s@<>()\\[\\],;:\\\\"]+@[^\\s@<>()\\[\\],;:\\\\"]+$',
    maxLength: 254,
    description,
  });

/** Settings of the sink; the descriptions are its documentation. */
export const config = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      maxLength: 253,
      description: 'Name or address of the SMTP server; its certificate must be of it.',
    }),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description: 'Its port. By default 587 with starttls, 465 with tls, 25 with none.',
      }),
    ),
    security: Type.Enum(['starttls', 'tls', 'none'], {
      default: 'starttls',
      description:
        'starttls: plain text at first, and no mail without TLS; tls: TLS from the first byte; none: only for a server on this host or a network that you trust, and without a password unless the host is 127.0.0.1 or ::1.',
    }),
    user: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 254,
        description: 'User to log in as; without it there is no login.',
      }),
    ),
    password: Type.Optional(
      Type.Object(
        {
          file: Type.Optional(Type.String({ minLength: 1, description: 'File that holds it.' })),
          environment: Type.Optional(
            Type.String({ minLength: 1, description: 'Variable of the environment that holds it.' }),
          ),
        },
        { additionalProperties: false, description: 'Where the password of the user stands.' },
      ),
    ),
    from: Address('Address that the mail comes from.'),
    to: Type.Array(Address('An address.'), {
      minItems: 1,
      maxItems: 50,
      description: 'Addresses that get the mail; they see each other.',
    }),
    caFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'PEM file of the authority that signed the certificate of the server, instead of those of the system.',
      }),
    ),
  },
  { additionalProperties: false, dependentRequired: { user: ['password'], password: ['user'] } },
);
