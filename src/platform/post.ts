import { lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { AppError } from '../model/app-error.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { PRODUCT, VERSION } from '../model/product.ts';
import { whyNotCall } from './destination.ts';
import { readText } from './files.ts';
import { FORBIDDEN, postFaultOf, type PostFault } from './post-fault.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Most bytes of an answer that are read, and thrown away; then the connection is closed. */
export const MAX_ANSWER_BYTES = 64 * 1024;
/** How long all of it may take, from the look-up of the name to the last byte. */
export const MAX_POST_MS = 10_000;

export interface PostRequest {
  url: string;
  /** Beside those that every request has. */
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
  /** Names, addresses and networks that may be called although they are not public (destination.ts). */
  allow: readonly string[];
  /** PEM file with the authorities to trust, instead of the system's; read at each call, so that it can be renewed. */
  caFile?: string | undefined;
  signal?: AbortSignal;
}

/** An answer: its body is nobody's business, since what it says may come from another place than the person meant to ask. */
export interface Posted {
  status: number;
  /** What Retry-After asks for, at most a day; null without. */
  retryAfterMs: number | null;
}

type Sent = Outcome<Posted, PostFault>;

const fault = (kind: PostFault['kind'], detail: string): Sent => failure({ kind, detail });

/**
 * One POST. Every address is checked after the look-up, the one that is connected to; no redirect is followed, no proxy of the
 * environment used, no connection kept. Never throws. Once there is a status it counts, however its body goes on.
 */
export function post(message: PostRequest): Promise<Sent> {
  try {
    const options = optionsFor(message);
    return options.ok ? send(options.value, message) : Promise.resolve(options);
  } catch (error) {
    // Node names a header that holds a line end, and never quotes it.
    const detail = error instanceof Error ? error.message : '';
    return Promise.resolve(fault(error instanceof AppError ? 'unreadable' : 'unsendable', detail));
  }
}

function send(options: RequestOptions, { body, signal }: PostRequest): Promise<Sent> {
  if (signal?.aborted === true) return Promise.resolve(fault('aborted', 'interrupted'));
  // Not imported: see http-get.ts.
  const { request } = process.getBuiltinModule(options.protocol === 'https:' ? 'node:https' : 'node:http');
  const sending = request(options);
  return new Promise((resolve) => {
    let answered: Sent | null = null;
    const end = (outcome: Sent): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      sending.destroy();
      resolve(answered ?? outcome);
    };
    const abort = (): void => end(fault('aborted', 'interrupted'));
    const timer = setTimeout(() => end(fault('timeout', 'it took too long in all')), MAX_POST_MS);
    signal?.addEventListener('abort', abort, { once: true });
    const broken = fault('broken', 'it does not answer as HTTP does');
    sending.on('response', (answer) => {
      const outcome = success(postedOf(answer));
      answered = outcome;
      drain(answer, () => end(outcome));
    });
    sending.on('upgrade', () => end(broken));
    sending.on('error', (error) => end(failure(postFaultOf(error))));
    sending.end(body);
  });
}

const postedOf = ({ statusCode = 0, headers }: IncomingMessage): Posted => ({
  status: statusCode,
  retryAfterMs: parseRetryAfter(headers['retry-after'], Date.now()),
});

/** Lets the other side finish: one that is cut off while it answers may log an error. */
function drain(answer: IncomingMessage, then: () => void): void {
  let length = 0;
  answer.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) then();
  });
  answer.on('error', () => undefined);
  answer.on('close', then);
}

/** Throws AppError where the file of authorities cannot be read. */
function optionsFor({ url, headers, body, allow, caFile }: PostRequest): Outcome<RequestOptions, PostFault> {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    return failure({ kind: 'unsendable', detail: 'it is no http or https URL' });
  if (parsed.username !== '' || parsed.password !== '')
    return failure({ kind: 'unsendable', detail: 'a login may not stand in the URL' });
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  // No name, no look-up: `http://2130706433/` and `http://0177.1/` are 127.0.0.1 by now.
  const why = isIP(host) === 0 ? null : whyNotCall(host, host, allow);
  if (why !== null) return failure({ kind: 'forbidden', detail: refusalOf(host, host, why) });
  return success({
    protocol: parsed.protocol,
    host,
    port: parsed.port,
    path: parsed.pathname + parsed.search,
    method: 'POST',
    lookup: checkedLookup(allow),
    // An agent of its own for this one connection: kept by none, and led through no proxy.
    agent: false,
    headers: {
      ...headers,
      Connection: 'close',
      'User-Agent': `${PRODUCT}/${VERSION}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    },
    ...(caFile === undefined ? {} : { ca: readText(caFile, 'CONFIG_UNREADABLE').text }),
  });
}

const refusalOf = (host: string, address: string, why: string): string =>
  `${host === address ? host : `${host} is ${address}, which`} is no public address (${why}); "allow" can name it`;

/** The look-up of one connection. One address that may not be called spoils all: such a name is a trap, or belongs in `allow`. */
const checkedLookup =
  (allow: readonly string[]): LookupFunction =>
  (host, options, callback) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      for (const { address } of found) {
        const why = whyNotCall(host, address, allow);
        if (why === null) continue;
        return callback(Object.assign(new Error(refusalOf(host, address, why)), { code: FORBIDDEN }), []);
      }
      if (options.all === true) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family);
    });
