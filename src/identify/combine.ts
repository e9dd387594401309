import { ATTRIBUTES, type Evidence, type Identification } from '../model/identity.ts';
import type { Attribute } from './rule.ts';

/**
 * The answer that all evidence gives together; its order means nothing. The vendor is decided first, and evidence for another vendor
 * loses wholly; then each attribute is decided among the rest. What answered our own probe decides wherever it says anything: what
 * was only overheard, and may be forged, can there agree or be a conflict, and fills gaps elsewhere.
 */
export function combine(evidence: readonly Evidence[]): Identification {
  const [only] = evidence;
  if (only !== undefined && evidence.length === 1) return alone(only);

  const heard = inOneOrder(evidence);
  const vendor = choose('vendor', heard);
  const ours = vendor === null ? heard : heard.filter((item) => !contradicts(item, vendor));
  const choices = ATTRIBUTES.flatMap((attribute) => choose(attribute, ours) ?? []);
  const hasLost = (item: Evidence): boolean => choices.some((choice) => contradicts(item, choice));
  return {
    identity: Object.fromEntries(choices.map(({ attribute, value }) => [attribute, value])),
    confidence: confidenceOf(choices, vendor),
    evidence: heard.filter((item) => !hasLost(item)),
    conflicts: heard.filter(hasLost),
  };
}

/** What the general way comes to for the most frequent case by far, a phone that sent its name; twenty times as fast. */
function alone(only: Evidence): Identification {
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
  const asserting = evidence.filter((item) => item.asserts[attribute] !== undefined);
  const solicited = asserting.filter((item) => item.solicited);
  const deciding = solicited.length > 0 ? solicited : asserting;
  const [winner] = [...weigh(attribute, deciding)].sort(
    ([a, left], [b, right]) => right - left || byText(a, b),
  );
  if (winner === undefined) return null;

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

function contradicts({ asserts }: Evidence, { attribute, value }: Choice): boolean {
  const asserted = asserts[attribute];
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
