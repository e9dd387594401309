import type { Matcher } from 're2js';
import type { Fact } from '../model/fact.ts';
import type { Identity } from '../model/identity.ts';
import { parseMac } from '../model/mac.ts';
import { bounded } from '../model/text.ts';
import type { Assertion, Attribute, Rule } from './rule.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What the patterns of a rule matched: its own, then those of its `also`. */
export type Captures = readonly Matcher[];

/** Tries a rule on a bounded value. For `also`, any value of that field will do; the first in text order counts, not in time. */
export function tryRule(rule: Rule, value: string, facts: readonly Fact[]): Captures | null {
  const own = rule.pattern.matcher(value);
  if (!own.lookingAt()) return null;
  const captures = [own];
  for (const { field, pattern } of rule.also) {
    const match = valuesOf(facts, field)
      .map((text) => pattern.matcher(text))
      .find((matcher) => matcher.lookingAt());
    if (match === undefined) return null;
    captures.push(match);
  }
  return captures;
}

const valuesOf = (facts: readonly Fact[], field: Fact['field']): string[] =>
  facts
    .filter((fact) => fact.field === field)
    .map((fact) => bounded(fact.value))
    .sort();

/** What a rule asserts of what it matched, in the spellings of the vocabulary; a word that is in none is not asserted. */
export function assertionsOf(rule: Rule, captures: Captures, vocabulary: Vocabulary): Partial<Identity> {
  const asserted: Partial<Record<Attribute, string>> = {};
  for (const assertion of rule.asserts) {
    const value = normalised(assertion.attribute, fill(assertion, captures), vocabulary);
    if (value !== null) asserted[assertion.attribute] = value;
  }
  return asserted as Partial<Identity>;
}

/** Longest word asserted. No vendor, model or version is as long; what is, is not read as one. */
const MAX_WORD_LENGTH = 128;

/** Empty where a group of the template took no part in the match. */
function fill({ template, rewrite }: Assertion, captures: Captures): string {
  let filled = '';
  for (const piece of template) {
    const text = typeof piece === 'string' ? piece : captures[piece.of]?.group(piece.group);
    if (text === undefined || text === null || text === '') return '';
    filled += text;
  }
  return filled.length > MAX_WORD_LENGTH ? '' : rewrite.apply(filled);
}

function normalised(attribute: Attribute, value: string, { vendors, kinds }: Vocabulary): string | null {
  if (value === '' || value.length > MAX_WORD_LENGTH) return null;
  if (attribute === 'mac') return parseMac(value);
  const words = attribute === 'vendor' ? vendors : attribute === 'kind' ? kinds : null;
  return words === null || words.has(value) ? value : null;
}
