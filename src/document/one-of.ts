import Type from 'typebox';

/** Schema of one of a closed list of words. Not `Type.Enum`: to convert a value, that works out its union anew each time. */
export const oneOf = <const W extends readonly string[]>(
  words: W,
  options: { default?: W[number]; description?: string } = {},
) => Type.Unsafe<W[number]>({ enum: [...words], type: 'string', ...options });
