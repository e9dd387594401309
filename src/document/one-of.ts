import Type from 'typebox';

/** Schema of one of a closed list of words. */
export const oneOf = <const W extends readonly string[]>(
  words: W,
  options: { default?: W[number]; description?: string } = {},
) => Type.Unsafe<W[number]>(Type.Enum([...words], { type: 'string', ...options }));
