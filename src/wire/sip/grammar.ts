// The small pieces of RFC 3261 section 25 that header fields share. Each reads its text once, from left to right.

const TOKEN = /^[A-Za-z0-9.!%*_+`'~-]+$/;

/** Whether a text is a `token` of RFC 3261 25.1: a method, a header name, a parameter name. */
export const isToken = (text: string): boolean => TOKEN.test(text);

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d;

/** Text without blanks, tabs and CRs at its ends. Other white space of Unicode is content here. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Index of `wanted` outside of "quotes" and <brackets>, or the text's length. What is opened and never closed reaches to the end. */
export function indexOutside(text: string, wanted: string, from = 0): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === wanted) return at;
    if (char === '"') at = closingQuote(text, at);
    else if (char === '<') at = indexOrEnd(text, '>', at);
  }
  return text.length;
}

/** Pieces between separators that stand outside of quotes and brackets, trimmed; empty ones are left out. */
export function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = indexOutside(text, separator, from);
    const piece = trimBlanks(text.slice(from, end));
    if (piece !== '') pieces.push(piece);
    from = end + 1;
  }
  return pieces;
}

/** What a "quoted" text says, escapes taken out; a 'single-quoted' one, which no RFC knows, too. Other text is returned as it is. */
export function unquote(text: string): string {
  if (text.startsWith('"')) return text.slice(1, closingQuote(text, 0)).replace(/\\(.)/gs, '$1');
  if (text.length > 1 && text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1);
  return text;
}

/** Index of the first `wanted` from `from` on, or the text's length. */
export function indexOrEnd(text: string, wanted: string, from = 0): number {
  const at = text.indexOf(wanted, from);
  return at === -1 ? text.length : at;
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
