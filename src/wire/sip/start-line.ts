import { failure, success, type Outcome } from '../../model/outcome.ts';
import { isToken, trimBlanks } from './grammar.ts';
import { cut } from './limits.ts';
import type { Quirk, SipFault, SipRequest, SipResponse } from './message.ts';

type StatusLine = Pick<SipResponse, 'kind' | 'version' | 'statusCode' | 'reasonPhrase'>;
type RequestLine = Pick<SipRequest, 'kind' | 'version' | 'method' | 'requestUri'>;

/** The only version there is; compared without case (RFC 3261 7.1). */
export const SIP_VERSION = 'SIP/2.0';

// No two neighbours in here match the same character, so that no line makes it go back over what it read.
const STATUS_LINE = /^([^ \t\r]+)([ \t\r]+)([^ \t\r]+)(?:[ \t\r](.*))?$/s;
const STATUS_CODE = /^[1-6]\d\d$/;

/** Reads a start line without its line end (RFC 3261 7.1, 7.2); adds to `quirks` what it put up with. */
export function parseStartLine(
  line: string,
  quirks: Set<Quirk>,
): Outcome<StatusLine | RequestLine, SipFault> {
  return isSomeVersion(line) ? parseStatusLine(line, quirks) : parseRequestLine(line, quirks);
}

function parseStatusLine(line: string, quirks: Set<Quirk>): Outcome<StatusLine, SipFault> {
  const [, version, gap, statusCode, reason] = STATUS_LINE.exec(line) ?? [];
  if (version === undefined || statusCode === undefined) return failure('bad-start-line');
  if (!isVersion(version, quirks)) return failure('bad-version');
  if (!STATUS_CODE.test(statusCode)) return failure('bad-status');
  if (gap !== ' ') quirks.add('start-line-blanks');
  if (reason === undefined) quirks.add('missing-reason');
  const reasonPhrase = cut(trimBlanks(reason ?? ''), quirks);
  return success({ kind: 'response', version, statusCode: Number(statusCode), reasonPhrase });
}

function parseRequestLine(line: string, quirks: Set<Quirk>): Outcome<RequestLine, SipFault> {
  const words = trimBlanks(line).split(/[ \t\r]+/);
  if (!isSomeVersion(words.at(-1) ?? '')) return failure('not-sip');
  const [method, requestUri, version] = words;
  if (method === undefined || requestUri === undefined || version === undefined)
    return failure('bad-start-line');
  if (words.length > 3 || !isToken(method)) return failure('bad-start-line');
  if (!isVersion(version, quirks)) return failure('bad-version');
  if (line !== words.join(' ')) quirks.add('start-line-blanks');
  return success({
    kind: 'request',
    version,
    method: cut(method, quirks),
    requestUri: cut(requestUri, quirks),
  });
}

const isSomeVersion = (text: string): boolean => text.slice(0, 4).toUpperCase() === 'SIP/';

function isVersion(word: string, quirks: Set<Quirk>): boolean {
  if (word === SIP_VERSION) return true;
  if (word.toUpperCase() !== SIP_VERSION) return false;
  quirks.add('version-case');
  return true;
}
