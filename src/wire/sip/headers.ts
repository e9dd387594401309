import { splitOutside } from './grammar.ts';
import type { SipHeader, SipMessage } from './message.ts';

/** Compact forms of the IANA registry of SIP header fields: RFC 3261 and its extensions. */
const COMPACT_FORMS: ReadonlyMap<string, string> = new Map([
  ['a', 'accept-contact'], // RFC 3841
  ['b', 'referred-by'], // RFC 3892
  ['c', 'content-type'],
  ['d', 'request-disposition'], // RFC 3841
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'], // RFC 3841
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['n', 'identity-info'], // RFC 4474
  ['o', 'event'], // RFC 6665
  ['r', 'refer-to'], // RFC 3515
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'], // RFC 6665
  ['v', 'via'],
  ['x', 'session-expires'], // RFC 4028
  ['y', 'identity'], // RFC 8224
]);

/** Whether a header name, as sent, is a compact form. */
export const isCompactForm = (name: string): boolean =>
  name.length === 1 && COMPACT_FORMS.has(name.toLowerCase());

/** The name two spellings of one header field share: long form, lower case. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return lower.length === 1 ? (COMPACT_FORMS.get(lower) ?? lower) : lower;
}

type WithHeaders = Pick<SipMessage, 'headers'>;

/** Value of the first header field of that name, long or compact, in any case; null when there is none. */
export function headerValue(message: WithHeaders, name: string): string | null {
  const wanted = canonicalName(name);
  return message.headers.find((header) => canonicalName(header.name) === wanted)?.value ?? null;
}

/** Values of all header fields of that name in their order, each as sent. */
export function headerValues(message: WithHeaders, name: string): string[] {
  const wanted = canonicalName(name);
  return message.headers.filter((header) => canonicalName(header.name) === wanted).map(({ value }) => value);
}

/** All header fields of that name as the one list they are (RFC 3261 7.3.1): split at commas outside of quotes and brackets. */
export const headerList = (message: WithHeaders, name: string): string[] =>
  headerValues(message, name).flatMap((value) => splitOutside(value, ','));

/** Names in the order and case they came in, joined by commas: as telling as a banner. */
export const headerOrder = (message: WithHeaders): string =>
  message.headers.map(({ name }: SipHeader) => name).join(',');
