import { didYouMean } from '../../document/did-you-mean.ts';
import { failure, success, type Outcome } from '../../model/outcome.ts';

/** What a column can tell. `name` is the account or the person: it is read for a MAC address and never kept. */
export const COLUMNS = ['address', 'port', 'transport', 'userAgent', 'mac', 'name'] as const;
export type Column = (typeof COLUMNS)[number];

/** The heading of the file that tells each. */
export type Mapping = Partial<Record<Column, string>>;

/** Reads `address=IP address,userAgent=agent`. The faults are sentences for people, all of them. */
export function readMapping(text: string): Outcome<Mapping, string[]> {
  const mapping: Mapping = {};
  const faults: string[] = [];
  for (const piece of text.split(',')) {
    const [, left = '', heading = ''] = /^([^=]*)=(.*)$/s.exec(piece.trim()) ?? [];
    const word = left.trim();
    const column = COLUMNS.find((known) => known === word);
    if (heading.trim() === '') faults.push(`"${piece.trim()}" is not of the form column=heading.`);
    else if (column === undefined)
      faults.push(
        `"${word}" is no column. ${didYouMean(word, COLUMNS) ?? `They are: ${COLUMNS.join(', ')}.`}`,
      );
    else mapping[column] = heading.trim();
  }
  return faults.length > 0 ? failure(faults) : success(mapping);
}

/** Which cell of a row tells what. Headings that nobody mapped are taken by name, whatever their case and hyphens. */
export function placeColumns(
  headings: readonly string[],
  mapping: Mapping,
): Outcome<Partial<Record<Column, number>>, string[]> {
  const places: Partial<Record<Column, number>> = {};
  const faults: string[] = [];
  for (const column of COLUMNS) {
    const wanted = mapping[column];
    const index = headings.findIndex((heading) =>
      wanted === undefined ? plain(heading) === plain(column) : heading.trim() === wanted,
    );
    if (index !== -1) places[column] = index;
    else if (wanted !== undefined)
      faults.push(
        `the heading has no column "${wanted}". ${didYouMean(wanted, headings) ?? `It has: ${shown(headings)}.`}`,
      );
    else if (column === 'address')
      faults.push(
        `the heading has no column "address". Say which it is, such as --map address=ip; it has: ${shown(headings)}.`,
      );
  }
  return faults.length > 0 ? failure(faults) : success(places);
}

/** `User-Agent`, `user_agent` and `userAgent` are one word. */
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

const shown = (headings: readonly string[]): string =>
  headings
    .slice(0, 20)
    .map((heading) => `"${heading.slice(0, 64)}"`)
    .join(', ');
