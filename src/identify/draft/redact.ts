/** What stands for an address of record, and for words in quotes. */
export const HIDDEN_ADDRESS = 'user@example.invalid';
export const HIDDEN_NAME = '"name"';

/** A MAC address in the notations that devices write: bare, or with colons or dashes. */
const MAC = /\b[0-9a-f]{12}\b|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi;
const ADDRESS_OF_RECORD = /\b(?:sips?|tel|mailto):[^\s<>",;]+|[^\s<>",;()/:]+@[^\s<>",;()/]+/gi;
const IN_QUOTES = /"[^"]*"/g;
const SERIAL = /\b((?:s\/?n|ser(?:ial)?(?: ?(?:no|number))?)\b[\s:=/#.]*)([a-z0-9-]*\d[a-z0-9-]*)/gi;
/** Seven digits in a row may be a telephone number; the parts of a version are shorter, or stand behind a point. */
const LONG_NUMBER = /(?<![\da-f.])\+?\d{7,}(?![\da-f])/gi;
/** Digits alone are a MAC address only where they begin like most of them do. */
const IS_NUMBER = /^(?!00)\d{12}$/;
/** How many of the twelve digits of a MAC address name the maker. */
const MAKER_DIGITS = 6;

/**
 * A device's text without what identifies people: addresses of record, telephone numbers, words in quotes, serial numbers, and the
 * half of a MAC address that tells one device from another. What stays has the same form, so that a pattern for it fits the original.
 */
export function redacted(text: string): string {
  return text
    .replace(ADDRESS_OF_RECORD, HIDDEN_ADDRESS)
    .replace(IN_QUOTES, HIDDEN_NAME)
    .replace(SERIAL, (_, label: string, serial: string) => label + serial.replace(/[a-z0-9]/gi, '0'))
    .replace(MAC, (mac) => (IS_NUMBER.test(mac) ? mac : withoutTail(mac)))
    .replace(LONG_NUMBER, (number) => (/^00\d{10}$/.test(number) ? number : number.replace(/\d/g, '0')));
}

function withoutTail(mac: string): string {
  let digits = 0;
  return mac.replace(/[0-9a-f]/gi, (digit) => ((digits += 1) > MAKER_DIGITS ? '0' : digit));
}
