import { failure, success, type Outcome } from '../../model/outcome.ts';
import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import { indexOrEnd, isToken, trimBlanks } from './grammar.ts';
import { headerValues, isCompactForm } from './headers.ts';
import { cut, MAX_HEADERS } from './limits.ts';
import type { Quirk, SipFault, SipHeader, SipMessage } from './message.ts';
import { parseStartLine } from './start-line.ts';
import { decodeUtf8, isUtf8 } from './utf8.ts';

const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads one datagram as one SIP message (RFC 3261 7), as tolerant as the phones make it. Total and bounded: any bytes give a message
 * or a fault, of at most MAX_RAW_BYTES read, MAX_HEADERS kept, and MAX_FIELD_LENGTH of each name and value.
 */
export function parseSip(datagram: Uint8Array): Outcome<SipMessage, SipFault> {
  const quirks = new Set<Quirk>();
  const bytes = datagram.subarray(0, MAX_RAW_BYTES);
  if (bytes.length < datagram.length) quirks.add('cut');
  const start = skipLineEnds(bytes);
  if (start === bytes.length) return failure('empty');
  if (start > 0) quirks.add('leading-line-ends');

  const head = findHead(bytes, start, quirks);
  const text = readText(bytes.subarray(start, head.end), quirks);
  const firstEnd = indexOrEnd(text, '\n');
  const startLine = parseStartLine(withoutCr(text.slice(0, firstEnd)), quirks);
  if (!startLine.ok) return startLine;
  const headers = readHeaders(text, firstEnd + 1, quirks);
  const body = readBody(bytes.subarray(head.bodyStart), headers, quirks);
  return success({ ...startLine.value, headers, body, quirks: [...quirks] });
}

const withoutCr = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function skipLineEnds(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === CR || bytes[at] === LF) at += 1;
  return at;
}

/** The head ends before the LF that an empty line follows. Some stacks write two CRs, so any number of them is none. */
function findHead(bytes: Uint8Array, start: number, quirks: Set<Quirk>): { end: number; bodyStart: number } {
  for (let lf = bytes.indexOf(LF, start); lf !== -1; lf = bytes.indexOf(LF, lf + 1)) {
    if (bytes[lf - 1] !== CR) quirks.add('bare-lf');
    let next = lf + 1;
    while (bytes[next] === CR) next += 1;
    if (bytes[next] !== LF) continue;
    if (next === lf + 1) quirks.add('bare-lf');
    return { end: lf, bodyStart: next + 1 };
  }
  quirks.add('no-blank-line');
  return { end: bytes.length, bodyStart: bytes.length };
}

function readText(bytes: Uint8Array, quirks: Set<Quirk>): string {
  const text = decodeUtf8(bytes);
  if (text.includes('\ufffd') && !isUtf8(bytes)) quirks.add('bad-utf8');
  return text;
}

function readHeaders(text: string, start: number, quirks: Set<Quirk>): SipHeader[] {
  const headers: SipHeader[] = [];
  let from = start;
  while (from < text.length && headers.length < MAX_HEADERS) {
    const end = endOfField(text, from);
    const header = readHeader(text.slice(from, end), quirks);
    if (header !== null) headers.push(header);
    from = end + 1;
  }
  if (from < text.length) quirks.add('header-limit');
  return headers;
}

/** A line that begins with a blank continues the field before it (RFC 3261 7.3.1). */
function endOfField(text: string, from: number): number {
  let end = indexOrEnd(text, '\n', from);
  while (text[end + 1] === ' ' || text[end + 1] === '\t') end = indexOrEnd(text, '\n', end + 1);
  return end;
}

function readHeader(field: string, quirks: Set<Quirk>): SipHeader | null {
  const colon = field.indexOf(':');
  const name = trimBlanks(field.slice(0, Math.max(colon, 0)));
  if (!isToken(name)) {
    quirks.add(colon === -1 ? 'header-without-colon' : 'bad-header-name');
    return null;
  }
  if (isCompactForm(name)) quirks.add('compact-form');
  const value = unfold(trimBlanks(field.slice(colon + 1)), quirks);
  return { name: cut(name, quirks), value: cut(value, quirks) };
}

function unfold(value: string, quirks: Set<Quirk>): string {
  if (!value.includes('\n')) return value;
  quirks.add('folded');
  return value
    .split('\n')
    .map(trimBlanks)
    .filter((line) => line !== '')
    .join(' ');
}

/** Content-Length may be missing on UDP (RFC 3261 18.3); one that is wrong keeps no answer from being read. */
function readBody(rest: Uint8Array, headers: readonly SipHeader[], quirks: Set<Quirk>): Uint8Array {
  const [stated, ...repeated] = headerValues({ headers }, 'Content-Length');
  if (stated === undefined) return rest;
  if (repeated.length > 0) quirks.add('content-length-repeated');
  if (!/^\d+$/.test(stated)) {
    quirks.add('bad-content-length');
    return rest;
  }
  const length = Number(stated);
  if (length > rest.length) quirks.add('body-cut');
  if (length < rest.length) quirks.add('bytes-after-body');
  return rest.subarray(0, length);
}
