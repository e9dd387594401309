import { failure, success, type Outcome } from '../../model/outcome.ts';
import { isToken } from './grammar.ts';
import { canonicalName } from './headers.ts';
import type { SipHeader, SipRequest, SipResponse } from './message.ts';
import { SIP_VERSION } from './start-line.ts';

/** A message to be built; Content-Length need not be among its headers. */
export type SipDraft = Omit<SipRequest, 'quirks'> | Omit<SipResponse, 'quirks'>;

/** Why a draft is refused, closed. */
export type BuildFault =
  | 'bad-start-line' // not 2.0, a method that is no token, a URI with blanks, a status outside 100 to 699
  | 'bad-header-name' // no token
  | 'line-break'; // CR, LF or NUL, which would end the line and begin another

const LINE_BREAK = /[\r\n\0]/;
const encoder = new TextEncoder();

/**
 * Writes a message with CRLF and exactly one, right Content-Length: where the draft has one, else last. No text of the draft can
 * become a header field of its own, because each line is checked whole, as it would leave.
 */
export function buildSip(message: SipDraft): Outcome<Uint8Array, BuildFault> {
  if (!isWellFormed(message)) return failure('bad-start-line');
  if (!message.headers.every(({ name }) => isToken(name))) return failure('bad-header-name');
  const headers = withContentLength(message.headers, message.body.length);
  const lines = [startLineOf(message), ...headers.map(({ name, value }) => `${name}: ${value}`)];
  if (lines.some((line) => LINE_BREAK.test(line))) return failure('line-break');
  const head = encoder.encode(`${lines.join('\r\n')}\r\n\r\n`);
  const bytes = new Uint8Array(head.length + message.body.length);
  bytes.set(head);
  bytes.set(message.body, head.length);
  return success(bytes);
}

function isWellFormed(message: SipDraft): boolean {
  if (message.version !== SIP_VERSION) return false;
  return message.kind === 'request'
    ? isToken(message.method) && /^[^ \t]+$/.test(message.requestUri)
    : /^[1-6]\d\d$/.test(String(message.statusCode));
}

const startLineOf = (message: SipDraft): string =>
  message.kind === 'request'
    ? `${message.method} ${message.requestUri} ${message.version}`
    : `${message.version} ${message.statusCode} ${message.reasonPhrase}`;

function withContentLength(headers: readonly SipHeader[], length: number): SipHeader[] {
  const isLength = ({ name }: SipHeader): boolean => canonicalName(name) === 'content-length';
  const first = headers.findIndex(isLength);
  const others = headers.filter((header) => !isLength(header));
  const right = { name: headers[first]?.name ?? 'Content-Length', value: String(length) };
  return others.toSpliced(first === -1 ? others.length : first, 0, right);
}
