import { bounded } from '../../model/text.ts';
import { indexOrEnd, isToken, splitOutside, trimBlanks, unquote } from './grammar.ts';

/** Most parameters kept of one header field. */
export const MAX_PARAMETERS = 64;

/**
 * Parameters such as `;tag=1;rport` or `profile-type="device" ; vendor='x'`: names in lower case, '' where there is no value, the
 * first of a name counts. Blanks around separators, bare, quoted and single-quoted values are all read.
 */
export function parseParameters(text: string, separator: ';' | ',' = ';'): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const piece of splitOutside(text, separator)) {
    const equals = indexOrEnd(piece, '=');
    const name = bounded(trimBlanks(piece.slice(0, equals)).toLowerCase());
    if (name === '' || parameters.has(name)) continue;
    parameters.set(name, bounded(unquote(trimBlanks(piece.slice(equals + 1)))));
    if (parameters.size === MAX_PARAMETERS) break;
  }
  return parameters;
}

/** A WWW-Authenticate or Proxy-Authenticate challenge (RFC 3261 20.44). */
export interface Challenge {
  scheme: string;
  realm: string | null;
}

/** Reads `Digest realm="x", nonce="y"`; null when it does not begin with a scheme. */
export function parseChallenge(value: string): Challenge | null {
  const text = trimBlanks(value);
  const end = indexOrEnd(text, ' ');
  const scheme = text.slice(0, end);
  if (!isToken(scheme)) return null;
  return { scheme, realm: parseParameters(text.slice(end), ',').get('realm') ?? null };
}
