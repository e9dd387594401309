import { constants } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { failure, success, type Outcome } from '../model/outcome.ts';
import type { Certificate, ConnectFault, ProbeConnection, StreamEndpoint } from './ports.ts';

/** How long the other side's FIN is awaited after ours: on a LAN it comes at once, and a phone has few sockets to spare. */
export const CLOSE_MS = 1500;

/**
 * Phones outlive their certificates and their TLS: expired, self-signed, weak and old are all read, none believed. No server name is
 * sent. The list of curves keeps the ClientHello in one packet: those that withstand quantum computers would make it two.
 */
const ANY_TLS: ConnectionOptions = {
  rejectUnauthorized: false,
  checkServerIdentity: () => undefined,
  minVersion: 'TLSv1',
  ciphers: 'DEFAULT:@SECLEVEL=0',
  minDHSize: 1,
  ecdhCurve: 'X25519:P-256:P-384:P-521',
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
};

/** A plain connection: only the scoped net holds one. Unlike a ProbeConnection's, its `close` waits for no pace. */
export type StreamConnection = Omit<ProbeConnection, 'send'> & { send(bytes: Uint8Array): void };

/** Connects within `timeoutMs`, TLS handshake included. Every outcome is a value, and of a failed one nothing is left open. */
export async function openStream(
  to: Pick<StreamEndpoint, 'transport' | 'address' | 'port'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome<StreamConnection, ConnectFault>> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  // Half open: when the other side ends first, our FIN still waits for the pace.
  const socket = connect({ host: to.address, port: to.port, allowHalfOpen: true, noDelay: true });
  if (!(await hasHappened('connect', socket, limit))) return failure(faultOf(socket.errored));
  if (to.transport === 'tcp') return success(toConnection(socket, null));
  const secure = connectTls({ ...ANY_TLS, socket });
  if (await hasHappened('secureConnect', secure, limit))
    return success(toConnection(secure, certificateOf(secure)));
  return failure(limit.aborted ? 'unreachable' : 'no-tls');
}

/** Waits for an event of a socket; where an error or the limit comes first, the socket is destroyed. */
async function hasHappened(event: string, socket: Socket, limit: AbortSignal): Promise<boolean> {
  // Told by `close` as well, and never a reason to stop the program.
  socket.on('error', () => undefined);
  try {
    await once(socket, event, { signal: limit });
    return true;
  } catch {
    socket.destroy();
    return false;
  }
}

/** Errors that say something of the other side or of the way there, as nobody at home does; all others are of this machine. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EPIPE',
]);

/** Null is our own time limit. */
const faultOf = (error: NodeJS.ErrnoException | null): ConnectFault =>
  error === null || UNREACHABLE.has(error.code ?? '') ? 'unreachable' : 'failed';

function toConnection(socket: Socket, certificate: Certificate | null): StreamConnection {
  return {
    localAddress: socket.localAddress ?? '',
    localPort: socket.localPort ?? 0,
    certificate,
    send: (bytes) => void socket.write(bytes),
    onBytes(handler) {
      const end = (): void => handler(null);
      socket.on('data', handler).once('end', end).once('close', end);
      if (socket.destroyed) end();
    },
    close: () => close(socket),
  };
}

/** FIN, then all that still comes is thrown away until the other side's FIN or the time limit. */
async function close(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const limit = setTimeout(() => socket.destroy(), CLOSE_MS);
  socket.end();
  socket.resume();
  await closed;
  clearTimeout(limit);
}

function certificateOf(socket: TLSSocket): Certificate | null {
  try {
    const shown = socket.getPeerX509Certificate();
    if (shown === undefined) return null;
    return {
      subject: inOneLine(shown.subject),
      issuer: inOneLine(shown.issuer),
      altNames: shown.subjectAltName ?? '',
    };
  } catch {
    // What OpenSSL takes for a certificate and cannot print: the connection is good all the same.
    return null;
  }
}

/** Node writes a name as it is encoded, a line each (`O=Acme`, `CN=a`); RFC 4514 begins with the last. Line breaks inside are escaped. */
const inOneLine = (name: string): string => name.split('\n').reverse().join(',');
