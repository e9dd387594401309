import { createHmac, randomBytes } from 'node:crypto';

/**
 * Recognises our own probes in the answers without remembering them: a keyed hash of host and port goes out in the Via branch
 * and in the Call-ID, and comes back. 64 bits of an HMAC: forging one takes more datagrams than a sweep lives.
 */
export interface Cookie {
  /** 20 hex digits for one endpoint: the port in clear, then the hash over address and port. */
  of(address: string, port: number): string;
  /** The port that was probed on `address`, or null when the text holds no cookie of ours for that address. */
  portFrom(text: string, address: string): number | null;
}

const SHAPE = /[0-9a-f]{20}/;

export function createCookie(key: Uint8Array = randomBytes(32)): Cookie {
  const hash = (address: string, port: string): string =>
    createHmac('sha256', key).update(`${address} ${port}`).digest('hex').slice(0, 16);
  return {
    of(address, port) {
      const portHex = port.toString(16).padStart(4, '0');
      return portHex + hash(address, portHex);
    },
    portFrom(text, address) {
      const found = SHAPE.exec(text)?.[0];
      if (found === undefined) return null;
      const portHex = found.slice(0, 4);
      return found.slice(4) === hash(address, portHex) ? parseInt(portHex, 16) : null;
    },
  };
}
