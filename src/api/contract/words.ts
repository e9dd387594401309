import Type, { type TSchema } from 'typebox';

export { oneOf } from '../../document/one-of.ts';

/** Time in every output: UTC, ISO 8601 with `Z`. */
export const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601 with Z' });

export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export { isoTime } from '../../model/iso-time.ts';
