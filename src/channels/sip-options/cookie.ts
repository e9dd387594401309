import { createHmac, randomBytes } from 'node:crypto';
import type { Endpoint } from '../../model/endpoint.ts';

/**
 * Recognises our own probes in the answers without remembering them: a keyed hash of where a probe goes to is in its Via branch and
 * in its Call-ID, and comes back. 64 bits of an HMAC: forging one takes more datagrams than a sweep lives. The transport is part of
 * it, because a host takes the same Call-ID over a second transport for a loop and answers 482 (RFC 3261 8.2.2.2; baresip does).
 */
export interface Cookie {
  /** 20 hex digits for one endpoint: the port in clear, then the hash over transport, address and port. */
  of(to: Place & Pick<Endpoint, 'port'>): string;
  /** The port that was probed there, or null when the text holds no cookie of ours for that transport and address. */
  portFrom(text: string, from: Place): number | null;
}

type Place = Pick<Endpoint, 'transport' | 'address'>;

const SHAPE = /[0-9a-f]{20}/;

export function createCookie(key: Uint8Array = randomBytes(32)): Cookie {
  const hash = ({ transport, address }: Place, port: string): string =>
    createHmac('sha256', key).update(`${transport} ${address} ${port}`).digest('hex').slice(0, 16);
  return {
    of(to) {
      const portHex = to.port.toString(16).padStart(4, '0');
      return portHex + hash(to, portHex);
    },
    portFrom(text, from) {
      const found = SHAPE.exec(text)?.[0];
      if (found === undefined) return null;
      const portHex = found.slice(0, 4);
      return found.slice(4) === hash(from, portHex) ? parseInt(portHex, 16) : null;
    },
  };
}
