import type { Fact, Field } from '../model/fact.ts';
import type { Evidence, Identification, Identity } from '../model/identity.ts';
import { bounded } from '../model/text.ts';
import { assertionsOf, tryRule, type Captures } from './apply-rule.ts';
import { combine } from './combine.ts';
import { createMacPrefixes } from './mac-prefix.ts';
import { rememberRecent } from './recent.ts';
import { FIELD_NAMES, type Rule, type RuleSet } from './rule.ts';
import { indexRules } from './rule-index.ts';

/** Values of each field for which it is remembered what the rules make of them; up to twice as many while they keep changing. */
export const REMEMBERED_VALUES = 2048;

/** Turns facts into evidence. */
export interface Matcher {
  /**
   * What the rules make of the facts of one sighting; their order means nothing. Where several rules match one value, those that
   * another of them refines are silent.
   */
  match(facts: readonly Fact[], solicited: boolean): Evidence[];
  /** The answer that the evidence of any number of sightings gives together. */
  combine(evidence: readonly Evidence[]): Identification;
}

interface Hit {
  rule: string;
  asserts: Partial<Identity>;
  certainty: number;
}

/** A matcher keeps to its rule set for good: a reload makes a new one. */
export function createMatcher({ rules, macPrefixes, builtBy, vocabulary }: RuleSet): Matcher {
  const index = indexRules(rules.values());
  const prefixes = createMacPrefixes(macPrefixes);
  const toHits = (matches: readonly Match[]): Hit[] =>
    matches.flatMap(({ rule: { id, certainty }, rule, captures }): Hit[] => {
      const asserts = assertionsOf(rule, captures, vocabulary);
      const prefix = asserts.mac === undefined ? null : prefixes.find(asserts.mac);
      const hit = { rule: id, asserts, certainty };
      return prefix === null ? [hit] : [hit, prefix];
    });

  /** Null where the rules look at other facts too. */
  const hitsAlone = (field: Field, value: string): Hit[] | null => {
    const candidates = index.candidates(field, value);
    return candidates.some((rule) => rule.also.length > 0) ? null : toHits(matchesOf(candidates, value, []));
  };
  const remembered = new Map(
    FIELD_NAMES.map((field) => [
      field,
      rememberRecent(REMEMBERED_VALUES, (value) => hitsAlone(field, value)),
    ]),
  );
  const hitsOf = (field: Field, value: string, facts: readonly Fact[]): Hit[] =>
    remembered.get(field)?.(value) ?? toHits(matchesOf(index.candidates(field, value), value, facts));

  return {
    match: (facts, solicited) =>
      facts.flatMap((heard) => {
        const fact = { field: heard.field, value: bounded(heard.value) };
        return hitsOf(fact.field, fact.value, facts).map(({ rule, asserts, certainty }) => ({
          rule,
          fact,
          asserts,
          certainty,
          solicited,
        }));
      }),
    combine: (evidence) => combine(evidence, builtBy),
  };
}

interface Match {
  rule: Rule;
  captures: Captures;
}

/** The candidates that match and are not silenced by one before them. */
function matchesOf(candidates: readonly Rule[], value: string, facts: readonly Fact[]): Match[] {
  const matches: Match[] = [];
  for (const rule of candidates) {
    if (matches.some((match) => match.rule.refines.has(rule.id))) continue;
    const captures = tryRule(rule, value, facts);
    if (captures !== null) matches.push({ rule, captures });
  }
  return matches;
}
