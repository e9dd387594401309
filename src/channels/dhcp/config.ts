import Type from 'typebox';

/** No settings: a socket for broadcasts hears all interfaces at once, and the scope says which clients count. */
export const config = Type.Object({}, { additionalProperties: false });
