import Type, { type TSchema } from 'typebox';

/** Time in every output: UTC, ISO 8601 with `Z`. */
export const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601 with Z' });

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** One of a closed list of words. */
export const oneOf = <const W extends readonly string[]>(words: W) =>
  Type.Union(words.map((word) => Type.Literal(word as W[number])));

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
