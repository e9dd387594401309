/**
 * SIP for hosts of the test network, written without the program's own reader and builder: a fault there must not find its twin here.
 */

export interface Request {
  /** `OPTIONS`, or whatever came. */
  method: string;
  /** Every header field as it came, without its line end. */
  lines: readonly string[];
}

/** Null for what is no SIP request. */
export function readRequest(bytes: Uint8Array): Request | null {
  const [start = '', ...lines] = Buffer.from(bytes).toString('latin1').split('\r\n');
  const [, method = ''] = /^([A-Z]+) \S+ SIP\/2\.0$/.exec(start) ?? [];
  return method === '' ? null : { method, lines: lines.filter((line) => line !== '') };
}

export interface Answer {
  status?: string;
  /** Lines added after those that a response must repeat (RFC 3261 8.2.6.2). */
  add?: readonly string[];
  /** Changes a line that is repeated. */
  change?: (line: string) => string;
}

const REPEATED = /^(?:Via|From|To|Call-ID|CSeq):/i;

export function answerTo(request: Request, { status = '200 OK', add = [], change }: Answer): Buffer {
  const repeated = request.lines
    .filter((line) => REPEATED.test(line))
    .map((line) => (/^To:/i.test(line) ? `${line};tag=t77` : line))
    .map((line) => change?.(line) ?? line);
  return Buffer.from([`SIP/2.0 ${status}`, ...repeated, ...add, 'Content-Length: 0', '', ''].join('\r\n'));
}
