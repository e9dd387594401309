import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';

/** Largest text read: a rule folder of all vendors is a fiftieth of this. */
export const MAX_DOCUMENT_LENGTH = 4 * 1024 * 1024;

/** Deepest nesting read. Files of ours need five levels; the parser's own recursion gives up near a thousand. */
const MAX_DEPTH = 40;

export type Path = readonly (string | number)[];

/** Place of a value in its text, 1-based. */
export interface Place {
  line: number;
  column: number;
}

/** A YAML text as plain strings, lists and records, with the place of every value for error messages. */
export interface YamlDocument {
  file: string;
  /** Scalars are always strings: `1.10` stays `1.10` and `001565` keeps its zeros. */
  value: unknown;
  /** Where the value at `path` stands; with `key` set, where its key stands. */
  placeOf: (path: Path, part?: 'key' | 'value') => Place;
}

/** Reads one YAML text; every fault of syntax is reported with its line. Aliases are refused: nothing of ours needs them. */
export function readYaml(text: string, file: string): Outcome<YamlDocument, Fault[]> {
  if (text.length > MAX_DOCUMENT_LENGTH)
    return failure([
      fault(
        file,
        { line: 1, column: 1 },
        `the file is too large (${text.length} characters).`,
        `At most ${MAX_DOCUMENT_LENGTH} are read.`,
      ),
    ]);
  const deep = firstTooDeepLine(text);
  if (deep !== null)
    return failure([
      fault(
        file,
        { line: deep, column: 1 },
        'the nesting is too deep.',
        `At most ${MAX_DEPTH} levels are read.`,
      ),
    ]);

  const lines = new LineCounter();
  const parsed = parseDocument(text, {
    schema: 'failsafe',
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  if (parsed.errors.length > 0)
    return failure(
      parsed.errors.map((error) =>
        fault(
          file,
          at(lines, error.pos[0]),
          sentence(error.message),
          'Check indentation, quotes and colons there.',
        ),
      ),
    );
  try {
    const value: unknown = parsed.toJS({ maxAliasCount: 0 });
    return success({ file, value, placeOf: (path, part = 'value') => placeOf(parsed, lines, path, part) });
  } catch {
    // Aliases are never resolved: a few of them can stand for gigabytes.
    return failure([
      fault(
        file,
        at(lines, firstAlias(parsed) ?? 0),
        'aliases (*name) are not read.',
        'Write the value out where it is needed.',
      ),
    ]);
  }
}

/** Where the first alias stands. */
function firstAlias(parsed: Document): number | null {
  let found: number | null = null;
  visit(parsed, {
    Alias(_, { range }) {
      found = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

function fault(file: string, place: Place | null, message: string, hint: string): Fault {
  return { file, line: place?.line ?? null, column: place?.column ?? null, message, hint };
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

function at(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Nesting is judged before parsing: flow brackets outright, and indentation as one level for two blanks. */
function firstTooDeepLine(text: string): number | null {
  let brackets = 0;
  let line = 1;
  let indent = 0;
  let atStart = true;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\n') {
      line += 1;
      indent = 0;
      atStart = true;
    } else if (atStart && (char === ' ' || char === '-')) {
      indent += 1;
      if (indent > MAX_DEPTH * 4) return line;
    } else {
      atStart = false;
      if (char === '[' || char === '{') brackets += 1;
      if (char === ']' || char === '}') brackets = Math.max(0, brackets - 1);
      if (brackets > MAX_DEPTH) return line;
    }
  }
  return null;
}

function placeOf(parsed: Document, lines: LineCounter, path: Path, part: 'key' | 'value'): Place {
  let node: unknown = parsed.contents;
  let best = 0;
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      best = startOf(pair.key) ?? best;
      if (isLast && part === 'key') break;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
    } else break;
    best = startOf(node) ?? best;
  }
  return at(lines, best);
}

const startOf = (node: unknown): number | null => (isNode(node) ? ((node as Node).range?.[0] ?? null) : null);
