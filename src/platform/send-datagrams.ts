import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { sendFaultOf, type SendFault } from './send-fault.ts';

export interface DatagramTarget {
  /** Name or address, as a person wrote it. */
  host: string;
  port: number;
  /** Longest time for all of it, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** Between two datagrams: fifty of 2 KiB at once fill the 208 KiB that a socket is given by default. */
export const GAP_MS = 4;
/** How long a refusal is awaited after the last: nobody listens there (ICMP port unreachable, RFC 1122 section 4.1.3.3). */
export const SETTLE_MS = 200;

/**
 * Sends datagrams to one place in order; where a name has more addresses than one, to the first that does not refuse them. Success says
 * that nobody has refused them, and not that they have arrived. Never throws; nothing is left open when it resolves.
 */
export async function sendDatagrams(
  { host, port, timeoutMs, signal }: DatagramTarget,
  datagrams: readonly Uint8Array[],
  addressesOf: typeof lookupAll = lookupAll,
): Promise<Outcome<void, SendFault>> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let sent: Outcome<void, SendFault> = failure({ kind: 'unreachable', detail: 'its name has no address' });
  try {
    limit.throwIfAborted();
    for (const { address, family } of await orAborted(addressesOf(host), limit)) {
      sent = await sendTo({ address, port, type: family === 6 ? 'udp6' : 'udp4' }, datagrams, limit);
      if (sent.ok || limit.aborted) break;
    }
    return sent;
  } catch (error) {
    return failure(sendFaultOf(error));
  }
}

async function sendTo(
  { address, port, type }: { address: string; port: number; type: 'udp4' | 'udp6' },
  datagrams: readonly Uint8Array[],
  limit: AbortSignal,
): Promise<Outcome<void, SendFault>> {
  const broken = new AbortController();
  const signal = AbortSignal.any([limit, broken.signal]);
  const socket = createSocket(type).on('error', (error) => broken.abort(error));
  try {
    // Only a connected socket is told of a refusal.
    socket.connect(port, address);
    await once(socket, 'connect', { signal });
    for (const datagram of datagrams) {
      await send(socket, datagram);
      await delay(GAP_MS, undefined, { signal });
    }
    await delay(SETTLE_MS, undefined, { signal });
    return success(undefined);
  } catch (error) {
    return failure(sendFaultOf(signal.aborted ? signal.reason : error));
  } finally {
    socket.close();
  }
}

const lookupAll = (host: string): Promise<{ address: string; family: number }[]> =>
  lookup(host, { all: true });

const send = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.send(bytes, (error) => (error === null ? resolve() : reject(error)));
  });

/** A look-up cannot be called off; nobody waits for it any longer. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
  ]);
