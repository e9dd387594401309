import { tokensOf } from './pattern-tokens.ts';

/** A text with which a match may begin; open while what follows in the pattern may still be appended. */
interface Head {
  text: string;
  isOpen: boolean;
}

/** Longer beginnings would tell rules apart no better; shorter ones are taken where there would be too many. */
const LENGTHS = [16, 8, 4] as const;
export const MAX_LENGTH = LENGTHS[0];
const MAX_HEADS = 32;

const START: Head = { text: '', isOpen: true };
const ANYTHING: readonly Head[] = [{ text: '', isOpen: false }];
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??$/;
const CHARACTER = /^([^\\.$[(])$/s;
const ESCAPED_SIGN = /^\\(\W)$/;
const CLASS_THAT_LISTS = /^\[(-?[^\\^[\]-]+-?)\]$/;

/**
 * The texts, in small letters, with one of which every match of an anchored pattern begins: `^(?:The )?Acme [PQ]\d` gives
 * `the acme p`, `the acme q`, `acme p`, `acme q`. None begins with another. What is not understood ends a text early, at worst
 * as `['']`: a match may begin with anything.
 */
export function beginningsOf(pattern: string): string[] {
  const tokens = tokensOf(pattern);
  for (const length of LENGTHS) {
    const beginnings = readChoices(cursorOver(tokens), length).map(({ text }) => text);
    if (!beginnings.includes('')) return withoutLonger(beginnings);
  }
  return [''];
}

/**
 * The texts, in small letters, one of which every match of a pattern contains: `^.+ (?:Acme|Bolt)/` gives `acme/`, `bolt/`. For
 * patterns of which nobody knows how a match begins; empty where nothing is known either.
 */
export function insidesOf(pattern: string): string[] {
  const tokens = tokensOf(pattern);
  const inside = outermost(tokens).map((at) =>
    readSequence(cursorOver(tokens.slice(at)), MAX_LENGTH).map(({ text }) => text),
  );
  const [best = []] = inside.toSorted((a, b) => shortest(b) - shortest(a));
  return shortest(best) === 0 ? [] : withoutLonger(best);
}

/** Where, outside of all brackets, something begins that a quantifier or a choice does not belong to. */
function outermost(tokens: readonly string[]): number[] {
  if (tokens.includes('|') && depthsOf(tokens).some((depth, at) => depth === 0 && tokens[at] === '|'))
    return [];
  return depthsOf(tokens).flatMap((depth, at) =>
    depth === 0 && tokens[at] !== ')' && !QUANTIFIER.test(tokens[at] ?? '') ? at : [],
  );
}

/** How many brackets are open before each token. */
function depthsOf(tokens: readonly string[]): number[] {
  let depth = 0;
  return tokens.map((token) => {
    const before = depth;
    if (token.startsWith('(') && token !== '(?i)') depth += 1;
    if (token === ')') depth -= 1;
    return before;
  });
}

const shortest = (texts: readonly string[]): number =>
  texts.length === 0 ? 0 : Math.min(...texts.map((text) => text.length));

const withoutLonger = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((text) => !texts.some((other) => other !== text && text.startsWith(other)))),
];

interface Cursor {
  peek(): string | undefined;
  next(): string;
}

function cursorOver(tokens: readonly string[]): Cursor {
  let at = 0;
  return { peek: () => tokens[at], next: () => tokens[at++] ?? '' };
}

function readChoices(cursor: Cursor, length: number): readonly Head[] {
  const heads = [...readSequence(cursor, length)];
  while (cursor.peek() === '|') {
    cursor.next();
    heads.push(...readSequence(cursor, length));
  }
  return heads;
}

function readSequence(cursor: Cursor, length: number): readonly Head[] {
  let heads: readonly Head[] = [START];
  for (
    let token = cursor.peek();
    token !== undefined && token !== '|' && token !== ')';
    token = cursor.peek()
  )
    heads = followedBy(heads, repeated(readAtom(cursor, length), cursor), length);
  return heads;
}

function readAtom(cursor: Cursor, length: number): readonly Head[] {
  const token = cursor.next();
  if (token === '^' || token === '(?i)') return [START];
  if (!token.startsWith('(')) return literalsOf(token);
  const heads = readChoices(cursor, length);
  cursor.next(); // its closing bracket
  return heads;
}

/** Letters beyond ASCII have no one small form: they are not understood. */
function literalsOf(token: string): readonly Head[] {
  const [, characters = ''] =
    CHARACTER.exec(token) ?? ESCAPED_SIGN.exec(token) ?? CLASS_THAT_LISTS.exec(token) ?? [];
  if (!/^[ -~]+$/.test(characters)) return ANYTHING;
  return Array.from(characters.toLowerCase(), (text) => ({ text, isOpen: true }));
}

function repeated(atom: readonly Head[], cursor: Cursor): readonly Head[] {
  const quantifier = cursor.peek() ?? '';
  if (!QUANTIFIER.test(quantifier)) return atom;
  cursor.next();
  const once = quantifier.startsWith('?') ? atom : atom.map(closed);
  return /^(?:[*?]|\{0)/.test(quantifier) ? [...once, START] : once;
}

function followedBy(heads: readonly Head[], next: readonly Head[], length: number): readonly Head[] {
  if (!heads.some((head) => head.isOpen)) return heads;
  const joined = heads.flatMap((head) =>
    head.isOpen ? next.map(({ text, isOpen }) => cut(head.text + text, isOpen, length)) : head,
  );
  const distinct = [...new Map(joined.map((head) => [`${head.text}${head.isOpen}`, head])).values()];
  return distinct.length > MAX_HEADS ? heads.map(closed) : distinct;
}

const cut = (text: string, isOpen: boolean, length: number): Head => ({
  text: text.slice(0, length),
  isOpen: isOpen && text.length < length,
});

const closed = ({ text }: Head): Head => ({ text, isOpen: false });
