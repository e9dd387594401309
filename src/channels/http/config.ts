import Type from 'typebox';

/** Settings of the channel; the descriptions are its documentation. */
export const config = Type.Object(
  {
    schemes: Type.Array(Type.Enum(['http', 'https']), {
      default: ['http'],
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      description:
        'How a phone is asked for its page: http (port 80), https (port 443). Where both are named, https is asked only of phones that gave no page over http.',
    }),
    everyHours: Type.Integer({
      minimum: 1,
      maximum: 8760,
      default: 24,
      description:
        'How long a phone is left alone after it was asked, in hours: some lock their page after many requests.',
    }),
    rate: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 5,
      description: 'Most connections a second in all.',
    }),
    maxConnections: Type.Integer({
      minimum: 1,
      maximum: 16,
      default: 5,
      description: 'Most connections at once; a phone never gets more than one at a time.',
    }),
  },
  { additionalProperties: false },
);
