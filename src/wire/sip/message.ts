/** One header field: the name in the case it was sent, the value unfolded and without surrounding blanks. */
export interface SipHeader {
  name: string;
  value: string;
}

/** What parsing put up with, closed. None of them keeps a message from being read; some tell stacks apart. */
export const QUIRKS = [
  'cut', // longer than MAX_RAW_BYTES; the rest was not read
  'leading-line-ends', // keep-alives before the start line (RFC 3261 7.5, RFC 5626 3.5.1)
  'bare-lf', // a line ended by LF alone
  'no-blank-line', // nothing ends the head
  'bad-utf8', // bytes that are no UTF-8 became U+FFFD
  'version-case', // sip/2.0: must be sent in upper case (RFC 3261 7.1)
  'start-line-blanks', // more than one blank, or a blank at the end, in the start line
  'missing-reason', // no blank after the status code; an empty phrase after one is legal
  'folded', // a header field on several lines: legal in RFC 3261 7.3.1, rare in life
  'compact-form', // a one-letter name: legal, and telling
  'header-without-colon', // a line that is no header field; left out
  'bad-header-name', // a name that is no token; left out
  'header-limit', // more than MAX_HEADERS; the rest was left out
  'value-cut', // a name, value, URI or phrase longer than MAX_FIELD_LENGTH
  'bad-content-length', // not a number; everything after the head is the body
  'content-length-repeated', // the first one counts
  'body-cut', // shorter than Content-Length says
  'bytes-after-body', // Content-Length ends the body earlier (RFC 3261 18.3: discard the rest)
] as const;
export type Quirk = (typeof QUIRKS)[number];

/** Why bytes are no SIP message, closed. */
export const SIP_FAULTS = [
  'empty', // nothing, or nothing but line ends
  'not-sip', // the first line is no SIP start line at all
  'bad-version', // SIP, but not 2.0
  'bad-status', // not 100 to 699
  'bad-start-line', // a SIP version without the rest, blanks in the URI, a method that is no token
] as const;
export type SipFault = (typeof SIP_FAULTS)[number];

interface SipParts {
  version: string;
  headers: readonly SipHeader[];
  /** A view on the datagram where it was parsed, not a copy. */
  body: Uint8Array;
  quirks: readonly Quirk[];
}

export interface SipRequest extends SipParts {
  kind: 'request';
  method: string;
  /** As sent: not every one is a SIP URI. */
  requestUri: string;
}

export interface SipResponse extends SipParts {
  kind: 'response';
  /** 100 to 699. */
  statusCode: number;
  reasonPhrase: string;
}

export type SipMessage = SipRequest | SipResponse;
