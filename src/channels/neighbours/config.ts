import Type from 'typebox';

/** Settings of the channel; the descriptions are its documentation. */
export const config = Type.Object(
  {
    interfaces: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      default: [],
      maxItems: 64,
      description:
        'Interfaces whose neighbours are read, by name or own address; none: the interfaces whose networks are in the scope.',
    }),
    everySeconds: Type.Integer({
      minimum: 1,
      maximum: 86_400,
      default: 60,
      description: "How often the system's neighbour table is read, in seconds. Nothing is sent to fill it.",
    }),
  },
  { additionalProperties: false },
);
