/** Longest value kept of anything a stranger sent (docs/architecture.md, "Bounds"), in UTF-16 units. */
export const MAX_FIELD_LENGTH = 1024;

/** A stranger's text cut to what we keep; the cut never splits a surrogate pair. */
export function bounded(text: string, limit = MAX_FIELD_LENGTH): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

// C0, DEL, C1, and the bidirectional marks that can make a line read as something else.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A stranger's text made safe to print in a terminal or a log: controls and bidi marks become visible escapes. */
export const printable = (text: string): string =>
  text.replace(INVISIBLE, (unit) => {
    const code = unit.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });

export const LANGUAGES = ['en', 'nl'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text for people, in every language the product speaks. */
export type LocalText = Readonly<Record<Language, string>>;
