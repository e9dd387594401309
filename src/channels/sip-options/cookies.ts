import { randomFillSync } from 'node:crypto';

/** Bytes of chance for each target: forging one takes more datagrams than a sweep lives. */
const NONCE_BYTES = 8;
const INDEX_DIGITS = 8;

/** Hex digits of a cookie: the number of its target, then its nonce. */
export const COOKIE_DIGITS = INDEX_DIGITS + 2 * NONCE_BYTES;

/** How far into a datagram the Via may end where its cookie is looked for without parsing. */
const SCANNED_BYTES = 1024;

/**
 * Recognises our own probes in the answers: what stands in Via branch and Call-ID of a probe comes back in its answer. Each target has
 * a nonce of its own, and with it each transport: a host takes the same Call-ID over a second transport for a loop and answers 482
 * (RFC 3261 8.2.2.2; baresip does).
 */
export interface Cookies {
  of(index: number): string;
  /** The number of the target whose cookie stands in the text; null for none of ours. */
  indexIn(text: string): number | null;
  /** The same, looked for in the head of a message that nobody has parsed yet. */
  indexInBytes(bytes: Uint8Array): number | null;
}

const SHAPE = new RegExp(`[0-9a-f]{${COOKIE_DIGITS}}`);

export function createCookies(count: number): Cookies {
  const nonces = Buffer.alloc(count * NONCE_BYTES);
  randomFillSync(nonces);
  const nonceOf = (index: number): string =>
    nonces.toString('hex', index * NONCE_BYTES, (index + 1) * NONCE_BYTES);
  const indexIn = (text: string): number | null => {
    const found = SHAPE.exec(text)?.[0];
    if (found === undefined) return null;
    const index = parseInt(found.slice(0, INDEX_DIGITS), 16);
    return index < count && found.slice(INDEX_DIGITS) === nonceOf(index) ? index : null;
  };
  return {
    of: (index) => index.toString(16).padStart(INDEX_DIGITS, '0') + nonceOf(index),
    indexIn,
    indexInBytes: (bytes) =>
      indexIn(
        Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SCANNED_BYTES)).toString(
          'latin1',
        ),
      ),
  };
}
