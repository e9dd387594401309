import Type from 'typebox';

/** Settings of the sink; the descriptions are its documentation. */
export const config = Type.Object(
  {
    program: Type.String({
      pattern: '^/[^\\u0000]+$',
      maxLength: 4096,
      description:
        'Absolute path of the program that is run with the message on its standard input, as the user of this daemon. No shell reads it.',
    }),
    arguments: Type.Array(Type.String({ pattern: '^[^\\u0000]*$', maxLength: 4096 }), {
      default: [],
      maxItems: 64,
      description: 'Its arguments, as they are: nothing in them is replaced.',
    }),
  },
  { additionalProperties: false },
);
