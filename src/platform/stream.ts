import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { failure, success, type Outcome } from '../model/outcome.ts';
import type { Conversation, ConversationFault } from './ports.ts';

export interface ConversationTarget {
  /** Name or address, as a person wrote it. */
  host: string;
  port: number;
  /** Inside TLS, the certificate checked against the system's authorities. */
  tls: boolean;
  /** Longest time without a byte from the other side, in milliseconds. */
  silenceMs: number;
  signal: AbortSignal;
}

/** Connects by TCP or TLS. Bytes wait in the network until they are asked for, so an endless answer fills no memory. */
export async function openConversation(
  target: ConversationTarget,
): Promise<Outcome<Conversation, ConversationFault>> {
  const { host, port, tls, silenceMs, signal } = target;
  const socket = tls
    ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connect({ host, port });
  // Without a listener an error that comes between two reads would end the program; the next read tells it.
  socket.on('error', () => undefined);
  socket.setTimeout(silenceMs, () => socket.destroy(silence(silenceMs)));
  try {
    addAbortSignal(signal, socket);
    await once(socket, tls ? 'secureConnect' : 'connect');
  } catch (error) {
    socket.destroy();
    return failure(faultOf(error));
  }
  return success(conversationOver(socket));
}

function conversationOver(socket: Socket): Conversation {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  return {
    send: (text) => void socket.write(text),
    close: () => void socket.destroy(),
    async receive() {
      try {
        const next = await chunks.next();
        return next.done === true
          ? failure({ kind: 'closed', detail: 'the other side closed the connection' })
          : success(next.value);
      } catch (error) {
        return failure(faultOf(error));
      }
    },
  };
}

const SILENT = 'SILENT';

/** The error that ends a connection on which nothing has come for so long. */
export const silence = (ms: number): Error =>
  Object.assign(new Error(`nothing came for ${ms / 1000} s`), { code: SILENT });

/** What the system says of a connection, as a fault. */
export function faultOf(error: unknown): ConversationFault {
  const { code, name, message, cause } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return { kind: 'silent', detail: 'it took too long in all' };
  // A stream wraps the reason of the signal that ended it.
  if (name === 'AbortError')
    return cause instanceof Error ? faultOf(cause) : { kind: 'interrupted', detail: 'interrupted' };
  if (code === SILENT) return { kind: 'silent', detail: message };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { kind: 'closed', detail: 'the other side broke the connection off' };
  return { kind: 'unreachable', detail: REASONS[code ?? ''] ?? message };
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'no such host on this network',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'it does not answer',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
};
