import type { Path } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import { ATTRIBUTES } from '../model/identity.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { beginningsOf, insidesOf } from './beginnings.ts';
import { fieldsOf, templateFaults, wordFaults } from './check.ts';
import type { Assertion, FilePlace, Group, Rule, RuleText } from './rule.ts';
import { rewriteWith } from './rewrite.ts';
import { compilePatterns, type RulePatterns } from './rule-patterns.ts';
import { readTemplate } from './template.ts';
import type { FaultAt } from './trouble.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A rule that is right in itself; what it refines is known only with all the others. */
export type UnlinkedRule = Omit<Rule, 'refines'>;

export interface RuleContext {
  /** The vendor of the file's heading. */
  vendor: string | undefined;
  vocabulary: Vocabulary;
  placeAt: (path: Path, part?: 'key' | 'value') => FilePlace;
  faultAt: FaultAt;
}

/** Makes a rule out of its text, or says all that is wrong with it. */
export function buildRule(text: RuleText, context: RuleContext): Outcome<UnlinkedRule, Fault[]> {
  const { vendor, vocabulary, placeAt, faultAt } = context;
  const on = fieldsOf(text.on, faultAt);
  const patterns = compilePatterns(text, faultAt);
  const faults = [
    ...on.faults,
    ...wordFaults(text, vocabulary, faultAt),
    ...(patterns.ok ? templateFaults(text, patterns.value.groups, faultAt) : patterns.fault),
  ];
  if (!patterns.ok || faults.length > 0) return failure(faults);
  return success({
    id: text.id,
    place: placeAt(['id']),
    on: on.fields,
    pattern: patterns.value.pattern,
    ...literalsOf(text.pattern),
    also: patterns.value.also,
    asserts: toAssertions(withVendor(text.asserts, vendor), patterns.value),
    certainty: text.certainty,
    source: text.source,
    examples: text.examples.map(({ input, also = {}, expect }, at) => ({
      input,
      also,
      expect,
      place: placeAt(['examples', at]),
    })),
    counterExamples: text.counterExamples.map((input, at) => ({
      input,
      place: placeAt(['counterExamples', at]),
    })),
  });
}

function literalsOf(pattern: string): Pick<Rule, 'beginnings' | 'insides'> {
  const beginnings = beginningsOf(pattern);
  return { beginnings, insides: beginnings.includes('') ? insidesOf(pattern) : [] };
}

/** `asserts: {}` means nothing at all, not even the vendor of the heading. */
const withVendor = (asserts: RuleText['asserts'], vendor: string | undefined): RuleText['asserts'] =>
  vendor === undefined || Object.keys(asserts).length === 0 ? asserts : { vendor, ...asserts };

/** In the order of `ATTRIBUTES`, so that what is asserted always reads alike. */
function toAssertions(asserts: RuleText['asserts'], { groups, rewrites }: RulePatterns): Assertion[] {
  const byName = new Map(groups);
  return ATTRIBUTES.flatMap((attribute): Assertion | [] => {
    const text = asserts[attribute];
    if (text === undefined) return [];
    const rewrite = rewriteWith(rewrites.get(attribute) ?? []);
    return { attribute, template: resolved(text, byName), rewrite };
  });
}

const resolved = (text: string, groups: ReadonlyMap<string, Group>): Assertion['template'] =>
  (readTemplate(text) ?? []).map((piece) =>
    typeof piece === 'string' ? piece : (groups.get(piece.name) ?? ''),
  );
