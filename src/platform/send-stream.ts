import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { fileTrouble } from './files.ts';
import { sendFaultOf, type SendFault } from './send-fault.ts';

export interface StreamTarget {
  /** Name or address, as a person wrote it. */
  host: string;
  port: number;
  /** Null for TCP. */
  tls: TlsTrust | null;
  /** Longest time from looking the name up to the other side's FIN, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Whom a TLS client believes, and who it says it is. Files are PEM, and read at each connection, so that they can be renewed. */
export interface TlsTrust {
  /** Authorities that are believed instead of those of the system; null for the system's. */
  caFile: string | null;
  /** Our own certificate chain and its key; null where the server asks for none. */
  certificate: { file: string; key: string } | null;
}

/**
 * How long the other side is listened to before our FIN. Who accepts a connection and drops it (hosts.deny, a proxy without a backend),
 * or refuses our certificate, which TLS 1.3 tells only after the handshake, does so now; after our FIN it would look like a delivery.
 */
export const SETTLE_MS = 200;

/**
 * Hands all bytes over by TCP or TLS, certificate verified, and ends the connection: our FIN, then the other side's, which says that it has
 * read all. What comes back is thrown away. Never throws; nothing is left open when it resolves.
 */
export async function sendStream(target: StreamTarget, bytes: Uint8Array): Promise<Outcome<void, SendFault>> {
  const limit = AbortSignal.any([target.signal, AbortSignal.timeout(target.timeoutMs)]);
  const options = await tlsOptions(target);
  if (limit.aborted) return failure(sendFaultOf(limit.reason));
  if (!options.ok) return options;
  let socket: Socket;
  try {
    socket = target.tls === null ? connect(options.value) : connectTls(options.value);
  } catch {
    return failure({ kind: 'unreadable', detail: 'authorities, certificate or key are not PEM' });
  }
  try {
    await handOver(addAbortSignal(limit, socket), target.tls === null ? 'connect' : 'secureConnect', bytes);
    return success(undefined);
  } catch (error) {
    return failure(streamFault(error, socket));
  }
}

function handOver(socket: Socket, ready: 'connect' | 'secureConnect', bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasEnded = false;
    let settling: NodeJS.Timeout | undefined;
    const end = (): void => {
      hasEnded = true;
      socket.end();
    };
    socket.once(ready, () => socket.write(bytes, () => (settling = setTimeout(end, SETTLE_MS))));
    // The connection is ended by itself when the other side ends first.
    socket.once('end', () => clearTimeout(settling));
    socket.once('error', reject).once('close', () => {
      clearTimeout(settling);
      if (hasEnded) resolve();
      else reject(Object.assign(new Error(), { code: 'ECONNRESET' }));
    });
    socket.resume();
  });
}

async function tlsOptions({
  host,
  port,
  tls,
}: StreamTarget): Promise<Outcome<ConnectionOptions & { host: string; port: number }, SendFault>> {
  const ca = await readIfNamed(tls?.caFile ?? null);
  if (!ca.ok) return ca;
  const cert = await readIfNamed(tls?.certificate?.file ?? null);
  if (!cert.ok) return cert;
  return success({
    host,
    port,
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot take it away.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca.value === null ? {} : { ca: ca.value }),
    ...(cert.value === null ? {} : { cert: cert.value, key: tls?.certificate?.key }),
  });
}

async function readIfNamed(file: string | null): Promise<Outcome<string | null, SendFault>> {
  try {
    return success(file === null ? null : await readFile(file, 'utf8'));
  } catch (error) {
    return failure({ kind: 'unreadable', detail: `${file ?? ''}: ${fileTrouble(error)}` });
  }
}

/** Alerts of RFC 8446 section 6.2 by which a server says that it does not take our certificate, or misses one. */
const REFUSES_US = /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE|UNSUPPORTED_CERT|UNKNOWN_CA|ACCESS_DENIED)/;

const NO_TLS = /^(?:EPROTO|ERR_SSL_|ERR_TLS_)/;

/** In our words: the library's message quotes the certificate, which a stranger wrote. */
function streamFault(error: unknown, socket: Socket): SendFault {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (REFUSES_US.test(code))
    return { kind: 'unwelcome', detail: 'it does not accept our certificate, or asks for one' };
  if (((socket as Partial<TLSSocket>).authorizationError ?? null) !== null)
    return { kind: 'untrusted', detail: `its certificate is not believed: ${code}` };
  return NO_TLS.test(code) ? { kind: 'untrusted', detail: `no TLS with it: ${code}` } : sendFaultOf(error);
}
