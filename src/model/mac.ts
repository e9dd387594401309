const SEPARATED = /^[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i;
const CISCO_DOTTED = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i;

/** A MAC address in any usual notation as 12 lower-case hex digits, or null when the text is none. */
export function parseMac(text: string): string | null {
  if (!SEPARATED.test(text) && !CISCO_DOTTED.test(text)) return null;
  return text.replace(/[^0-9a-f]/gi, '').toLowerCase();
}

/** `001565aabbcc` as people write it: `00:15:65:aa:bb:cc`. */
export const formatMac = (mac: string): string => mac.replace(/(..)(?!$)/g, '$1:');
