import Type, { type TProperties } from 'typebox';
import { LANGUAGES } from '../../model/text.ts';
import { oneOf } from './words.ts';

/** The query parameters of a route; any other is refused. */
export const Query = <P extends TProperties>(parameters: P) =>
  Type.Object(parameters, { additionalProperties: false });

export const NoQuery = Query({});

/** Language of reasons and caveats; without it Accept-Language decides, then the site's language. */
export const Lang = Type.Optional(
  oneOf(LANGUAGES, {
    description: "Language of reasons and caveats. Default: Accept-Language, then the site's language.",
  }),
);

/** The greatest number that the journal can reach. */
export const MAX_SEQ = Number.MAX_SAFE_INTEGER;

const Moment = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

/** The fleet of another day. */
export const AsOf = {
  asOf: Moment('What held at this moment, within the time that history is kept: 2026-11-24T12:00:00Z.'),
  knownAt: Moment('As it was known then. Default: at the moment asked for, or now without one.'),
};

/** Of a list whose latest members come first. */
export const Limit = (most: number, otherwise = most) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: otherwise }));
