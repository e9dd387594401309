import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { PRODUCT, VERSION } from '../model/product.ts';
import type { FetchFault } from './ports.ts';

/** Most bytes of a body taken; one more and the connection is closed. */
export const MAX_BODY_BYTES = 256 * 1024;
/** How long all of it may take, from connecting to the last byte. */
export const MAX_FETCH_MS = 5000;

type Got = Outcome<Uint8Array, FetchFault>;

/**
 * One GET of a URL whose host is a literal IP address: no name is looked up, no redirect followed, no proxy of the environment used, no
 * connection kept. Every outcome is a value; the connection is closed when it is there.
 */
export function httpGet(url: string, signal?: AbortSignal): Promise<Got> {
  const options = optionsFor(url);
  if (options === null) return Promise.resolve(failure('refused'));
  if (signal?.aborted === true) return Promise.resolve(failure('aborted'));
  return new Promise((resolve) => {
    const request = requester(options.protocol)(options);
    const end = (got: Got): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      request.destroy();
      resolve(got);
    };
    const abort = (): void => end(failure('aborted'));
    const timer = setTimeout(() => end(failure('timeout')), MAX_FETCH_MS);
    signal?.addEventListener('abort', abort, { once: true });
    request.on('response', (response) => take(response, end));
    request.on('upgrade', () => end(failure('bad-status')));
    request.on('error', (error) => end(failure(faultOf(error))));
    request.end();
  });
}

/** Not imported: an import evaluates every export of node:http, and brings all of fetch with it, at every start that asks for no page. */
const requester = (protocol: unknown) =>
  protocol === 'https:'
    ? process.getBuiltinModule('node:https').request
    : process.getBuiltinModule('node:http').request;

/** Null for what is no plain HTTP(S) URL of a literal address. */
function optionsFor(url: string): RequestOptions | null {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return null;
  const address = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  // `http://2130706433/` and `http://0177.1/` become 127.0.0.1 in parsing: the text itself must name the address.
  const isLiteral = isIP(address) !== 0 && url.toLowerCase().startsWith(`${parsed.protocol}//${parsed.host}`);
  if (!isLiteral || parsed.username !== '' || parsed.password !== '') return null;
  return {
    protocol: parsed.protocol,
    host: address,
    port: parsed.port,
    path: parsed.pathname + parsed.search,
    // An agent of its own for this one connection: kept by none, and led through no proxy.
    agent: false,
    headers: {
      Connection: 'close',
      'User-Agent': `${PRODUCT}/${VERSION} (inventory of the phones on this site)`,
    },
    // What runs in phones signs its own certificate. Nothing secret is sent, and what comes is believed no more than plain HTTP.
    rejectUnauthorized: false,
  };
}

function take(response: IncomingMessage, end: (got: Got) => void): void {
  const status = response.statusCode ?? 0;
  if (status !== 200) return end(failure(status >= 300 && status < 400 ? 'redirect' : 'bad-status'));
  if (Number(response.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return end(failure('too-large'));
  const chunks: Uint8Array[] = [];
  let length = 0;
  response.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return end(failure('too-large'));
    chunks.push(chunk);
  });
  response.on('end', () => end(success(Buffer.concat(chunks))));
  response.on('error', () => end(failure('broken')));
}

const UNREACHABLE: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
]);

const faultOf = (error: NodeJS.ErrnoException): FetchFault =>
  UNREACHABLE.has(error.code) ? 'unreachable' : 'broken';
