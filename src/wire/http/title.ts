import { bounded } from '../../model/text.ts';

/** How much of a page is searched: titles stand in the first KiB, scripts and styles rarely before them. */
export const MAX_SEARCHED_BYTES = 64 * 1024;
/** Longest title kept; those of phones have less than 60 characters. */
export const MAX_TITLE_LENGTH = 256;

// No `<` inside: however many of these begin, each byte is looked at once.
const TITLE = /<title(?:\s[^<>]*)?>([^<]*)/i;
const decoder = new TextDecoder('utf-8');

/** The title of an HTML page on one line, character references as they stand; '' for none. Whatever charset it names, it is read as UTF-8. */
export function parseTitle(body: Uint8Array): string {
  const [, title = ''] = TITLE.exec(decoder.decode(body.subarray(0, MAX_SEARCHED_BYTES))) ?? [];
  return bounded(
    title
      .slice(0, 4 * MAX_TITLE_LENGTH)
      .replace(/\s+/g, ' ')
      .trim(),
    MAX_TITLE_LENGTH,
  );
}
