import type { Fact, Field } from '../model/fact.ts';
import type { OrderedFirmware } from '../model/firmware.ts';
import type { DeviceKind, Evidence, Identification, Identity } from '../model/identity.ts';
import { bounded, type LocalText } from '../model/text.ts';
import { assertionsOf, tryRule, type Captures } from './apply-rule.ts';
import { combine } from './combine.ts';
import { createFirmwareReader } from './firmware-order.ts';
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
  /** Every rule that was tried on the facts of one sighting, and what came of it: how `match` comes to what it says. */
  trials(facts: readonly Fact[]): FactTrials[];
  /** How the firmware of this identity is read: its platform, and what of it is compared; null where it has no order. */
  orderOf(identity: Partial<Identity>): OrderedFirmware | null;
  /** How a vendor's phones are made to answer us, where they trust only their PBX; null where the rules do not say. */
  howToBeHeard(vendor: string | undefined): LocalText | null;
  /** What kind of device the facts of one sighting speak of. */
  kindOf(sighting: { facts: readonly Fact[]; solicited: boolean }): DeviceKind | undefined;
  /** How many rules there are. */
  size: number;
}

/** The rules tried on one fact: those that the index found by how the value begins, the more special before the more general. */
export interface FactTrials {
  fact: Fact;
  trials: readonly RuleTrial[];
}

export interface RuleTrial {
  rule: Rule;
  outcome: 'matched' | 'silenced' | 'not-matched';
  /** The more special rule that matched too, where it is silenced. */
  by: Rule | null;
  asserts: Partial<Identity>;
}

interface Hit {
  rule: string;
  asserts: Partial<Identity>;
  certainty: number;
}

/** A matcher keeps to its rule set for good: a reload makes a new one. */
export function createMatcher({
  rules,
  macPrefixes,
  firmware,
  builtBy,
  silence,
  vocabulary,
}: RuleSet): Matcher {
  const index = indexRules(rules.values());
  const prefixes = createMacPrefixes(macPrefixes);
  const reader = createFirmwareReader(firmware);
  const trialOf = (
    rule: Rule,
    value: string,
    facts: readonly Fact[],
    matches: readonly Match[],
  ): RuleTrial => {
    const captures = matches.find((match) => match.rule === rule)?.captures ?? tryRule(rule, value, facts);
    if (captures === null) return { rule, outcome: 'not-matched', by: null, asserts: {} };
    const by = silencer(rule, matches);
    const asserts = assertionsOf(rule, captures, vocabulary);
    return { rule, outcome: by === null ? 'matched' : 'silenced', by, asserts };
  };
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

  const match: Matcher['match'] = (facts, solicited) =>
    facts.flatMap((heard) => {
      const fact = { field: heard.field, value: bounded(heard.value) };
      return hitsOf(fact.field, fact.value, facts).map(({ rule, asserts, certainty }) => ({
        rule,
        fact,
        asserts,
        certainty,
        solicited,
      }));
    });
  return {
    match,
    kindOf: ({ facts, solicited }) => combine(match(facts, solicited), builtBy).identity.kind,
    combine: (evidence) => combine(evidence, builtBy),
    trials: (facts) =>
      facts.map((heard) => {
        const fact = { field: heard.field, value: bounded(heard.value) };
        const candidates = index.candidates(fact.field, fact.value);
        const matches = matchesOf(candidates, fact.value, facts);
        return { fact, trials: candidates.map((rule) => trialOf(rule, fact.value, facts, matches)) };
      }),
    orderOf: ({ firmware: version, vendor, family }) =>
      version === undefined ? null : reader.read({ vendor, family }, version),
    howToBeHeard: (vendor) => silence.get(vendor ?? '') ?? null,
    size: rules.size,
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
    if (silencer(rule, matches) !== null) continue;
    const captures = tryRule(rule, value, facts);
    if (captures !== null) matches.push({ rule, captures });
  }
  return matches;
}

const silencer = (rule: Rule, matches: readonly Match[]): Rule | null =>
  matches.find((match) => match.rule.refines.has(rule.id))?.rule ?? null;
