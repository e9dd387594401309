import { RE2JS, type Matcher } from 're2js';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { tokensOf } from './pattern-tokens.ts';
import { rememberRecent } from './recent.ts';
import type { Trouble } from './trouble.ts';

/**
 * Largest program of a pattern, in instructions of the RE2 machine. The 1024 units that are read of a value then cost at most some
 * 9 ms (8 to 18 ns for each instruction and unit were measured), however hostile they are. Ours need no more than 150.
 */
export const MAX_PROGRAM_SIZE = 500;

/** A pattern that is right. */
export interface Pattern {
  text: string;
  matcher: (value: string) => Matcher;
}

/** Of a text that is known to be right. Where it is not compiled yet, it is when it is first asked: most of the shipped ones never are. */
export function rightPattern(text: string, known?: RE2JS): Pattern {
  let compiled = known;
  return { text, matcher: (value) => (compiled ??= compiledOrThrow(text)).matcher(value) };
}

function compiledOrThrow(text: string): RE2JS {
  const compiled = compile(text);
  if (compiled.ok) return compiled.value;
  throw new Error(`${text}: ${compiled.fault.message}`);
}

/** Compiles the pattern of a rule: anchored, with named groups only. */
export function readPattern(text: string): Outcome<RE2JS, Trouble> {
  const trouble = formTrouble(text);
  return trouble === null ? compile(text) : failure(trouble);
}

/** Compiles the pattern of a rewrite: any RE2, and a replacement that names only groups that it has. */
export function readRewrite(text: string, replacement: string): Outcome<RE2JS, Trouble> {
  const compiled = compile(text);
  if (!compiled.ok) return compiled;
  const count = compiled.value.groupCount();
  const missing = [...replacement.replaceAll('$$', '').matchAll(/\$(\d)/g)].find(
    ([, digit]) => digit === '0' || Number(digit) > count,
  );
  if (missing === undefined) return compiled;
  return failure({
    message: `the replacement "${replacement}" wants group ${missing[0]}, and the pattern has ${count}.`,
    hint: 'Count the opening brackets, and write $& for the whole match, $$ for a dollar sign.',
  });
}

function formTrouble(text: string): Trouble | null {
  const [first, ...rest] = tokensOf(text.replace(/^\(\?i\)/, ''));
  const look = rest.find((token) => /^\(\?<?[=!]/.test(token));
  if (look !== undefined)
    return {
      message: `the pattern looks around with "${look}", which RE2 cannot.`,
      hint: 'Match the text itself, or write a second rule that refines this one.',
    };
  if (first !== '^') return { message: 'the pattern is not anchored.', hint: 'Begin it with ^ or (?i)^.' };
  if (rest.includes('('))
    return { message: 'the pattern has a group without a name.', hint: 'Write (?:…) or (?<name>…).' };
  const flags = rest.find((token) => /^\(\?[\w-]+[:)]$/.test(token));
  if (flags !== undefined)
    return { message: `the pattern sets "${flags}" inside.`, hint: 'Only (?i) in front of it all is read.' };
  return hasTopLevelChoice(rest)
    ? { message: 'only the first choice of the pattern is anchored.', hint: 'Write ^(?:…|…).' }
    : null;
}

function hasTopLevelChoice(tokens: readonly string[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (token.startsWith('(')) depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|' && depth === 0) return true;
  }
  return false;
}

/** Patterns that are remembered: rewrites such as `_` to a blank stand in many rules, and compiling is most of what loading costs. */
const REMEMBERED_PATTERNS = 512;

const compile = rememberRecent(REMEMBERED_PATTERNS, (text: string): Outcome<RE2JS, Trouble> => {
  try {
    const pattern = RE2JS.compile(text);
    const size = pattern.programSize();
    if (size <= MAX_PROGRAM_SIZE) return success(pattern);
    return failure({
      message: `the pattern is too large: ${size} instructions, at most ${MAX_PROGRAM_SIZE} are allowed.`,
      hint: 'Describe how the names are built instead of listing them, or split the rule.',
    });
  } catch (error) {
    const why = (error as Error).message.replace(/^error parsing regexp: /, '');
    return failure({
      message: `the pattern cannot be read: ${why}.`,
      hint: 'It is RE2: no look-around, no back-references.',
    });
  }
});
