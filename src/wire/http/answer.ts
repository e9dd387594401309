import { failure, success, type Outcome } from '../../model/outcome.ts';
import { bounded } from '../../model/text.ts';

/** Longest head read; browsers and servers stop at 8 to 16 KiB too. */
export const MAX_HEAD_BYTES = 16 * 1024;
/** Most header fields kept; the web servers of phones send ten. */
export const MAX_HEADERS = 64;
/** Longest name of a header field that is one; the longest registered has 45. */
export const MAX_NAME_LENGTH = 64;

/** The first answer of a web server, any final status. */
export interface HttpAnswer {
  status: number;
  /** Names in small letters, in the order they came in. */
  headers: readonly { name: string; value: string }[];
  /** Length of status line, header fields and empty line, in bytes. */
  headLength: number;
  body: Uint8Array;
}

/** Why bytes are no answer, closed. */
export type HttpFault = 'not-http' | 'malformed'; // begins like one, and has no end of its head, or no final status

// One character a byte, whatever they are: an index in the text is one in the bytes.
const byByte = new TextDecoder('latin1');
const decoder = new TextDecoder('utf-8');

/** Reads the answer to one request, whole or cut anywhere behind its head. Total and bounded. */
export function parseHttpAnswer(bytes: Uint8Array): Outcome<HttpAnswer, HttpFault> {
  const start = byByte.decode(bytes.subarray(0, MAX_HEAD_BYTES));
  if (!start.startsWith('HTTP/')) return failure('not-http');
  // Old servers end their lines without CR, which may be read (RFC 9112 2.2).
  const end = /\r?\n\r?\n/.exec(start);
  const status = /^HTTP\/\d\.\d +([2-5]\d\d)(?!\d)/.exec(start)?.[1];
  if (end === null || status === undefined) return failure('malformed');
  const headLength = end.index + end[0].length;
  const [, ...lines] = decoder.decode(bytes.subarray(0, end.index)).split(/\r?\n/);
  return success({
    status: Number(status),
    headers: lines.slice(0, MAX_HEADERS).flatMap(readHeader),
    headLength,
    body: bytes.subarray(headLength),
  });
}

/** Blanks around the colon are forbidden before it, optional behind it, and seen in both places. What is no header field is left out. */
function readHeader(line: string): HttpAnswer['headers'][number][] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
  if (name.length > MAX_NAME_LENGTH || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return [];
  return [{ name, value: bounded(line.slice(colon + 1).trim()) }];
}

/** The values of all header fields of that name, which is in small letters. */
export const headerValues = ({ headers }: HttpAnswer, name: string): string[] =>
  headers.filter((header) => header.name === name).map(({ value }) => value);

/** Whether all has come that the answer says will come; false as well where only the end of the stream can tell. */
export function isWholeAnswer(bytes: Uint8Array): boolean {
  const answer = parseHttpAnswer(bytes);
  if (!answer.ok) return false;
  const [length = ''] = headerValues(answer.value, 'content-length');
  const isEmpty = answer.value.status === 204 || answer.value.status === 304;
  return isEmpty || (/^\d{1,9}$/.test(length) && answer.value.body.length >= Number(length));
}
