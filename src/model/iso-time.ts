/** A time in milliseconds since the epoch as ISO 8601 in UTC: `2026-11-25T01:36:21.000Z`. */
// A conversion and no clock: the one use of Date that every room may make.
// eslint-disable-next-line no-restricted-globals
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
