import { HIDDEN_ADDRESS, HIDDEN_NAME } from './redact.ts';

/** A part of a device's text, with the pattern for what may stand there on other devices. */
export interface Piece {
  text: string;
  pattern: string;
  /** What it is taken for. */
  as: 'model' | 'firmware' | 'mac' | null;
}

const MAC = /^(?:[0-9a-f]{12}|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2})(?![0-9a-f])/i;
const VERSION = /^\d+(?:[._]\d+)+(?:[-_.]?[a-z0-9]+)*/i;
const WORD = /^[\p{L}\d]+(?:[-_][\p{L}\d]+)*/u;

/** What a redaction put in the place of something that varies. */
const REDACTED: readonly { text: string; pattern: string }[] = [
  { text: HIDDEN_ADDRESS, pattern: '\\S+' },
  { text: HIDDEN_NAME, pattern: '"[^"]*"' },
];

/** Takes a text apart into what varies from device to device, and what stays. */
export function takeApart(text: string): Piece[] {
  const pieces: Piece[] = [];
  const has = (as: Piece['as']): boolean => pieces.some((piece) => piece.as === as);
  let rest = text;
  while (rest !== '') {
    const piece = nextPiece(rest, has);
    pieces.push(piece);
    rest = rest.slice(piece.text.length);
  }
  return pieces;
}

function nextPiece(rest: string, has: (as: Piece['as']) => boolean): Piece {
  const placeholder = REDACTED.find(({ text }) => rest.startsWith(text));
  if (placeholder !== undefined) return { ...placeholder, as: null };
  const [mac] = MAC.exec(rest) ?? [];
  if (mac !== undefined)
    return piece(
      mac,
      mac.length === 12 ? '[0-9A-Fa-f]{12}' : '(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}',
      'mac',
      has,
    );
  const [version] = VERSION.exec(rest) ?? [];
  if (version !== undefined) return piece(version, '\\d[\\w.-]*', 'firmware', has);
  if (/^v\d+[._]\d/i.test(rest)) return { text: rest.slice(0, 1), pattern: '[vV]?', as: null };
  const [word] = WORD.exec(rest) ?? [];
  if (word === undefined) {
    const [character = ''] = rest;
    return { text: character, pattern: escaped(character), as: null };
  }
  if (/^0{4,}$/.test(word)) return { text: word, pattern: '[0-9A-Za-z-]+', as: null };
  return /\d/.test(word)
    ? piece(word, varied(word), 'model', has)
    : { text: word, pattern: escaped(word), as: null };
}

/** A piece that may be taken for something, once; what stands there a second time varies all the same. */
const piece = (
  text: string,
  pattern: string,
  as: 'model' | 'firmware' | 'mac',
  has: (as: Piece['as']) => boolean,
): Piece => (has(as) ? { text, pattern, as: null } : { text, pattern: `(?<${as}>${pattern})`, as });

/** `T46S` becomes `T\d{2}[A-Z]*`: the vendor's way of naming, as far as one name shows it. */
function varied(word: string): string {
  const digits = escaped(word).replace(/\d+/g, (run) => (run.length === 1 ? '\\d' : `\\d{${run.length}}`));
  return /[A-Z]$/.test(word) && /\d[A-Z]+$/.test(word) ? digits.replace(/[A-Z]+$/, '[A-Z]*') : digits;
}

/** A text as a pattern for exactly itself. */
export const escaped = (text: string): string =>
  text
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (unit) => `\\x{${unit.charCodeAt(0).toString(16)}}`);
