import { ATTRIBUTES, type Evidence, type Identification, type Identity } from '../model/identity.ts';
import type { Attribute } from './rule.ts';

/** For a brand, the makers whose devices it sells: `builtBy` of the rule files. */
export type Makers = ReadonlyMap<string, ReadonlySet<string>>;

/** What is less sure than this is a hint, kept as evidence, and no answer: a device that sends no name is not guessed at. */
export const LEAST_CERTAINTY = 0.5;

const NO_MAKERS: Makers = new Map();

/**
 * The answer that all evidence gives together; its order means nothing. The vendor is decided first, and evidence for another vendor
 * loses wholly, unless that one is the maker of what the vendor sells; then each attribute is decided among the rest. What answered
 * our own probe decides wherever it says anything: what was only overheard, and may be forged, can there agree or be a conflict, and
 * fills gaps elsewhere.
 */
export function combine(evidence: readonly Evidence[], makers: Makers = NO_MAKERS): Identification {
  const [only] = evidence;
  if (only !== undefined && evidence.length === 1) return alone(only);

  const heard = inOneOrder(evidence);
  const vendor = chooseVendor(heard, makers);
  const ours = vendor === null ? new Map(heard.map((item) => [item, item])) : onlyOf(vendor, heard, makers);
  const choices = ATTRIBUTES.flatMap((attribute) =>
    attribute === 'vendor' ? (vendor ?? []) : (choose(attribute, [...ours.values()]) ?? []),
  );
  const hasLost = (item: Evidence): boolean => {
    const said = ours.get(item);
    return said === undefined || choices.some((choice) => contradicts(said, choice));
  };
  return {
    identity: Object.fromEntries(choices.map(({ attribute, value }) => [attribute, value])),
    confidence: confidenceOf(choices, vendor),
    evidence: heard.filter((item) => !hasLost(item)),
    conflicts: heard.filter(hasLost),
  };
}

/**
 * What speaks for a maker speaks as well for every brand of its devices: where a brand is heard at least as surely in one word, the
 * maker is no rival of it, however much shows the maker.
 */
function chooseVendor(heard: readonly Evidence[], makers: Makers): Choice | null {
  const surest = new Map<string, number>();
  for (const { asserts, certainty } of decidingOf('vendor', heard)) {
    const vendor = asserts.vendor ?? '';
    surest.set(vendor, Math.max(certainty, surest.get(vendor) ?? 0));
  }
  const isBehindABrand = (maker: string): boolean =>
    [...surest].some(
      ([brand, certainty]) => certainty >= (surest.get(maker) ?? 0) && makers.get(brand)?.has(maker) === true,
    );
  return choose(
    'vendor',
    heard.filter(({ asserts }) => asserts.vendor === undefined || !isBehindABrand(asserts.vendor)),
  );
}

/** What the evidence says of a device of this vendor; the evidence for others is left out. */
function onlyOf(vendor: Choice, heard: readonly Evidence[], makers: Makers): ReadonlyMap<Evidence, Evidence> {
  const behind = makers.get(vendor.value);
  return new Map(
    heard.flatMap((item): [Evidence, Evidence][] => {
      if (!contradicts(item, vendor)) return [[item, item]];
      return behind?.has(item.asserts.vendor ?? '') === true ? [[item, asMaker(item)]] : [];
    }),
  );
}

/** Of a maker's word, what is true of the device under another brand too: its names are not. */
function asMaker(item: Evidence): Evidence {
  const asserts = { ...item.asserts };
  delete asserts.vendor;
  delete asserts.family;
  delete asserts.model;
  return { ...item, asserts };
}

/** What one piece of evidence says otherwise than the answer does. */
export interface Difference {
  attribute: Attribute;
  said: string;
  answer: string;
}

/** Why evidence lost: where it contradicts the answer that all evidence gave. */
export const differencesFrom = (identity: Partial<Identity>, item: Evidence): Difference[] =>
  ATTRIBUTES.flatMap((attribute): Difference | [] => {
    const [said, answer] = [item.asserts[attribute], identity[attribute]];
    if (said === undefined || answer === undefined) return [];
    return contradicts(item, { attribute, value: answer }) ? { attribute, said, answer } : [];
  });

/** What the general way comes to for the most frequent case by far, a phone that sent its name; twenty times as fast. */
function alone(only: Evidence): Identification {
  if (only.certainty < LEAST_CERTAINTY)
    return { identity: {}, confidence: 0, evidence: [only], conflicts: [] };
  const { vendor, kind } = only.asserts;
  const confidence = vendor === undefined && kind === undefined ? 0 : rounded(only.certainty);
  return { identity: { ...only.asserts }, confidence, evidence: [only], conflicts: [] };
}

/** What one attribute was decided to be. */
interface Choice {
  attribute: Attribute;
  value: string;
  /** How much speaks for it, and for the strongest of the values that lost; 0..1. */
  weight: number;
  rivalWeight: number;
}

/** Sorted, so that the answer is the same to the last bit; and what was heard twice only once. */
function inOneOrder(evidence: readonly Evidence[]): readonly Evidence[] {
  const byKey = new Map<string, Evidence>();
  for (const item of evidence) {
    const key = JSON.stringify([item.rule, item.fact.field, item.fact.value, item.certainty, item.asserts]);
    if (item.solicited || !byKey.has(key)) byKey.set(key, item);
  }
  return [...byKey].sort(([a], [b]) => byText(a, b)).map(([, item]) => item);
}

function choose(attribute: Attribute, evidence: readonly Evidence[]): Choice | null {
  const asserting = assertingOf(attribute, evidence);
  const deciding = decidingOf(attribute, evidence);
  const [winner] = [...weigh(attribute, deciding)].sort(
    ([a, left], [b, right]) => right - left || byText(a, b),
  );
  if (winner === undefined || winner[1] < LEAST_CERTAINTY) return null;

  const [key] = winner;
  const weights = weigh(attribute, asserting);
  const rivals = [...weights].filter(([other]) => other !== key).map(([, weight]) => weight);
  return {
    attribute,
    value: spelling(attribute, key, deciding),
    weight: weights.get(key) ?? 0,
    rivalWeight: Math.max(0, ...rivals),
  };
}

/** `other` is what is said where the kind is not certain: it yields to every kind that is. */
function assertingOf(attribute: Attribute, evidence: readonly Evidence[]): readonly Evidence[] {
  const asserting = evidence.filter((item) => item.asserts[attribute] !== undefined);
  if (attribute !== 'kind') return asserting;
  const certain = asserting.filter(({ asserts }) => asserts.kind !== 'other');
  return certain.length > 0 ? certain : asserting;
}

/** Those that answered our own probe, where there are any that are more than a hint. */
function decidingOf(attribute: Attribute, evidence: readonly Evidence[]): readonly Evidence[] {
  const asserting = assertingOf(attribute, evidence);
  const solicited = asserting.filter((item) => item.solicited);
  return Math.max(0, ...weigh(attribute, solicited).values()) >= LEAST_CERTAINTY ? solicited : asserting;
}

/** For each value 1 - Π (1 - certainty) over the rules that assert it: a rule counts once, however often it is heard. */
function weigh(attribute: Attribute, evidence: readonly Evidence[]): Map<string, number> {
  const certainties = new Map<string, Map<string, number>>();
  for (const { rule, certainty, asserts } of evidence) {
    const key = keyOf(attribute, asserts[attribute] ?? '');
    certainties.set(key, (certainties.get(key) ?? new Map<string, number>()).set(rule, certainty));
  }
  return new Map(
    [...certainties].map(([key, byRule]) => [
      key,
      1 - [...byRule.values()].reduce((doubt, certainty) => doubt * (1 - certainty), 1),
    ]),
  );
}

/** Of the ways in which the winning value is written, the one that the surest rule writes. */
function spelling(attribute: Attribute, key: string, evidence: readonly Evidence[]): string {
  const [best] = evidence
    .map(({ asserts, certainty }) => ({ value: asserts[attribute] ?? '', certainty }))
    .filter(({ value }) => keyOf(attribute, value) === key)
    .sort((a, b) => b.certainty - a.certainty || byText(a.value, b.value));
  return best?.value ?? key;
}

/** Vendors write models in capitals here and in small letters there; all other words are compared as they stand. */
const keyOf = (attribute: Attribute, value: string): string =>
  attribute === 'model' ? value.toLowerCase() : value;

function contradicts(
  { asserts }: Evidence,
  { attribute, value }: Pick<Choice, 'attribute' | 'value'>,
): boolean {
  const asserted = asserts[attribute];
  if (attribute === 'kind' && asserted === 'other') return false;
  return asserted !== undefined && keyOf(attribute, asserted) !== keyOf(attribute, value);
}

/** The weight of the vendor, else of the kind; a conflict about vendor or model leaves the winner's share of the two weights. */
function confidenceOf(choices: readonly Choice[], vendor: Choice | null): number {
  const find = (attribute: Attribute): Choice | undefined =>
    choices.find((choice) => choice.attribute === attribute);
  const sure = (vendor ?? find('kind'))?.weight ?? 0;
  return rounded([vendor, find('model')].reduce((left, choice) => left * shareOf(choice), sure));
}

/** Four digits say all that certainties of two digits can; more would only show how floating point rounds. */
const rounded = (confidence: number): number => Math.round(confidence * 10_000) / 10_000;

const shareOf = (choice: Choice | null | undefined): number =>
  choice == null || choice.rivalWeight === 0 ? 1 : choice.weight / (choice.weight + choice.rivalWeight);

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
