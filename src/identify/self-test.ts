import type { Fact } from '../model/fact.ts';
import type { Fault } from '../model/fault.ts';
import { compareFirmware } from '../model/firmware.ts';
import type { Identity } from '../model/identity.ts';
import { bounded } from '../model/text.ts';
import { assertionsOf, tryRule, type Captures } from './apply-rule.ts';
import { entriesOf } from './check.ts';
import { createFirmwareReader } from './firmware-order.ts';
import type { Example, FilePlace, FirmwareScheme, Rule, RuleSet } from './rule.ts';
import { indexRules, type RuleIndex } from './rule-index.ts';

/**
 * Whether the rules do what their examples say: each example matches and gives what it expects, no counter-example matches, and no
 * rule matches the example of another unless one of them refines the other; versions are in the order that they are listed in. (What a pattern may cost is bounded when it is read.)
 */
export function selfTest({ rules, firmware, vocabulary }: RuleSet): Fault[] {
  const all = [...rules.values()];
  const index = indexRules(all);
  const ofRules = all.flatMap((rule) => [
    ...lackFaults(rule),
    ...rule.examples.flatMap((example) => {
      const matching = matchingRules(index, factsOf(rule, example.input, example.also));
      const captures = matching.get(rule);
      if (captures === undefined) return unmatchedFault(rule, example);
      return [
        ...expectationFaults(rule, example, assertionsOf(rule, captures, vocabulary)),
        ...strangerFaults(rule, example, [...matching.keys()]),
      ];
    }),
    ...counterExampleFaults(rule),
  ]);
  return [...ofRules, ...firmwareFaults(firmware)];
}

function lackFaults({ id, place, examples, counterExamples }: Rule): Fault[] {
  const faults: Fault[] = [];
  if (examples.length === 0)
    faults.push(faultAt(place, `"${id}" has no example.`, 'Add one: { input: …, expect: { … } }.'));
  if (counterExamples.length === 0)
    faults.push(
      faultAt(place, `"${id}" has no counter-example.`, 'Add a value that looks alike and must not match.'),
    );
  return faults;
}

/** The facts that an example stands for; the one that the rule is `on` is the first. */
function factsOf(rule: Rule, input: string, also: Example['also']): Fact[] {
  const others = entriesOf(also).map(([field, value]) => ({ field, value }));
  return [...rule.on.slice(0, 1).map((field) => ({ field, value: bounded(input) })), ...others];
}

function matchingRules(index: RuleIndex, facts: readonly Fact[]): ReadonlyMap<Rule, Captures> {
  const matching = new Map<Rule, Captures>();
  for (const { field, value } of facts.slice(0, 1))
    for (const rule of index.candidates(field, value)) {
      const captures = tryRule(rule, value, facts);
      if (captures !== null) matching.set(rule, captures);
    }
  return matching;
}

function unmatchedFault(rule: Rule, { also, place }: Example): Fault {
  const unsaid = rule.also.find(({ field }) => also[field] === undefined)?.field;
  return unsaid === undefined
    ? faultAt(place, `"${rule.id}" does not match its example.`, 'Compare it with the pattern.')
    : faultAt(
        place,
        `the example of "${rule.id}" does not say what ${unsaid} is.`,
        `Add also: { ${unsaid}: … }.`,
      );
}

const expectationFaults = (rule: Rule, { expect, place }: Example, asserts: Partial<Identity>): Fault[] =>
  entriesOf(expect)
    .filter(([attribute, wanted]) => (asserts[attribute] ?? '') !== wanted)
    .map(([attribute, wanted]) =>
      faultAt(
        place,
        `"${rule.id}" makes the ${attribute} of its example ${shown(asserts[attribute])}.`,
        `Expected is ${shown(wanted)}.`,
      ),
    );

const shown = (value = ''): string => (value === '' ? 'nothing' : `"${value}"`);

const strangerFaults = (rule: Rule, { place }: Example, matching: readonly Rule[]): Fault[] =>
  matching
    .filter((other) => other !== rule && !rule.refines.has(other.id) && !other.refines.has(rule.id))
    .map((other) =>
      faultAt(
        place,
        `"${other.id}" (${other.place.file}:${other.place.line}) matches this example of "${rule.id}" too.`,
        'Make one of them narrower, or let the more special one refine the other.',
      ),
    );

/** Counter-examples stand in the same company as the first example. */
const counterExampleFaults = (rule: Rule): Fault[] =>
  rule.counterExamples.flatMap(({ input, place }) => {
    const facts = factsOf(rule, input, rule.examples[0]?.also ?? {});
    return tryRule(rule, bounded(input), facts) === null
      ? []
      : faultAt(place, `"${rule.id}" matches its counter-example.`, 'Make the pattern narrower.');
  });

/** Versions that are not read, or not in the order, as their scheme lists them. */
function firmwareFaults(schemes: readonly FirmwareScheme[]): Fault[] {
  const reader = createFirmwareReader(schemes);
  return schemes.flatMap(({ vendor, families, ascending, unordered, place }) => {
    const read = (text: string) => reader.read({ vendor, family: families?.[0] }, text);
    const inOrder = (older: string, newer: string): boolean => {
      const [a, b] = [read(older), read(newer)];
      return a !== null && b !== null && (compareFirmware(a, b) ?? 0) < 0;
    };
    return [
      ...ascending.flatMap((versions) =>
        versions.slice(1).flatMap((newer, at) => {
          const older = versions[at] ?? '';
          if (inOrder(older, newer)) return [];
          return faultAt(
            place,
            `"${older}" is not older than "${newer}" for ${vendor}.`,
            'Compare both with the patterns, and the list with the maker’s own.',
          );
        }),
      ),
      ...unordered
        .filter((version) => read(version) !== null)
        .map((version) =>
          faultAt(place, `"${version}" has an order for ${vendor}.`, 'Make the patterns narrower.'),
        ),
    ];
  });
}

const faultAt = (place: FilePlace, message: string, hint: string): Fault => ({ ...place, message, hint });
