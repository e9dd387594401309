import { bounded, MAX_FIELD_LENGTH } from '../../model/text.ts';
import { trimBlanks } from './grammar.ts';
import type { Quirk } from './message.ts';

/** Most header fields kept of one message. */
export const MAX_HEADERS = 64;

/** A stranger's trimmed text cut to MAX_FIELD_LENGTH, trimmed again where a cut left a blank at the end; a cut is a quirk. */
export function cut(text: string, quirks: Set<Quirk>): string {
  if (text.length <= MAX_FIELD_LENGTH) return text;
  quirks.add('value-cut');
  return trimBlanks(bounded(text));
}
