const PAD = 0;
const END = 255;
const OVERLOAD = 52;

// Offsets and ends of RFC 2131 2, figure 1.
const SNAME = { start: 44, end: 108 };
const FILE = { start: 108, end: 236 };
/** Behind the fixed fields and the four bytes of the cookie. */
export const OPTIONS_START = 240;

/**
 * The options of a message by number, those in `file` and `sname` included (option overload, RFC 2132 9.3). Parts of one option are
 * put together (RFC 3396). Null where one reaches beyond the end of its field; a missing end option is no fault.
 */
export function readOptions(message: Uint8Array): ReadonlyMap<number, readonly number[]> | null {
  const options = new Map<number, number[]>();
  if (!readField(message.subarray(OPTIONS_START), options)) return null;
  const overload = options.get(OVERLOAD)?.[0] ?? 0;
  const overloaded = [...(overload & 1 ? [FILE] : []), ...(overload & 2 ? [SNAME] : [])];
  return overloaded.every(({ start, end }) => readField(message.subarray(start, end), options))
    ? options
    : null;
}

/** Adds what one field holds; false where it is cut short. */
function readField(field: Uint8Array, options: Map<number, number[]>): boolean {
  for (let at = 0; at < field.length;) {
    const code = field[at] ?? END;
    if (code === END) return true;
    if (code === PAD) at += 1;
    else {
      const start = at + 2;
      const end = start + (field[at + 1] ?? field.length);
      if (end > field.length) return false;
      options.set(code, [...(options.get(code) ?? []), ...field.subarray(start, end)]);
      at = end;
    }
  }
  return true;
}
