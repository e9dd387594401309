import type { Name } from './message.ts';

/** Longest name on the wire, lengths and root included, and longest label (RFC 1035 2.3.4). */
export const MAX_NAME_BYTES = 255;
export const MAX_LABEL_BYTES = 63;
/** Most labels of a name; the longest in use are the 34 of an IPv6 address under ip6.arpa. */
export const MAX_LABELS = 40;
/** Most pointers followed for one name; a name can have one for each label, not more. */
export const MAX_POINTERS = MAX_LABELS;

const POINTER = 0xc0;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes of a name, label or text; what is no UTF-8 becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes);

/**
 * Reads the name that begins at `start`: its labels and where the next field begins. Null where it is broken. Each pointer must lead
 * to before the piece that it ends (RFC 1035 4.1.4 "a prior occurrence"), so that no chain of them goes in a circle.
 */
export function readName(bytes: Uint8Array, start: number): { name: Name; next: number } | null {
  const name: string[] = [];
  let [at, pieceStart, length, pointers] = [start, start, 1, 0];
  let next: number | null = null;
  for (;;) {
    const size = bytes[at];
    if (size === undefined) return null;
    if (size === 0) return { name, next: next ?? at + 1 };
    if ((size & POINTER) === POINTER) {
      const target = ((size & ~POINTER) << 8) | (bytes[at + 1] ?? pieceStart);
      pointers += 1;
      if (target >= pieceStart || pointers > MAX_POINTERS || at + 1 >= bytes.length) return null;
      next ??= at + 2;
      at = pieceStart = target;
      continue;
    }
    const end = at + 1 + size;
    length += 1 + size;
    if (size > MAX_LABEL_BYTES || end > bytes.length || length > MAX_NAME_BYTES) return null;
    if (name.length === MAX_LABELS) return null;
    name.push(decodeText(bytes.subarray(at + 1, end)));
    at = end;
  }
}
