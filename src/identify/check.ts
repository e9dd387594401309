import { didYouMean } from '../document/did-you-mean.ts';
import type { Field } from '../model/fact.ts';
import type { Fault } from '../model/fault.ts';
import { FIELD_NAMES, type Attribute, type Group, type RuleText } from './rule.ts';
import { readTemplate } from './template.ts';
import type { FaultAt, Trouble } from './trouble.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Why a vendor or kind may not be asserted, else null. Words of other attributes are free. */
export function spellingTrouble(attribute: Attribute, word: string, vocabulary: Vocabulary): Trouble | null {
  const known = attribute === 'vendor' ? vocabulary.vendors : attribute === 'kind' ? vocabulary.kinds : null;
  if (known === null || known.has(word)) return null;
  return {
    message: `no ${attribute} is called "${word}".`,
    hint: didYouMean(word, [...known]) ?? `The spellings stand in rules/vocabulary/${attribute}s.txt.`,
  };
}

/** The fields that a rule reads, those unknown left out; each of these is a fault. */
export function fieldsOf(names: readonly string[], faultAt: FaultAt): { fields: Field[]; faults: Fault[] } {
  const isField = (name: string): name is Field => (FIELD_NAMES as readonly string[]).includes(name);
  const faults = names.flatMap((name, at) =>
    isField(name)
      ? []
      : faultAt(['on', at], {
          message: `no field is called "${name}".`,
          hint: didYouMean(name, FIELD_NAMES) ?? `The fields are ${FIELD_NAMES.join(', ')}.`,
        }),
  );
  return { fields: names.filter(isField), faults };
}

/** Words of a rule, asserted or written by a rewrite, that are not in the vocabulary. */
export function wordFaults(
  { asserts, rewrite = {} }: RuleText,
  vocabulary: Vocabulary,
  faultAt: FaultAt,
): Fault[] {
  const used = [
    ...entriesOf(asserts).map(([attribute, word]) => ({ attribute, word, path: ['asserts', attribute] })),
    ...entriesOf(rewrite).flatMap(([attribute, pairs]) =>
      pairs.map(([, word = ''], at) => ({ attribute, word, path: ['rewrite', attribute, at, 1] })),
    ),
  ];
  return used
    .filter(({ word }) => word !== '' && !word.includes('$'))
    .flatMap(({ attribute, word, path }) => {
      const trouble = spellingTrouble(attribute, word, vocabulary);
      return trouble === null ? [] : faultAt(path, trouble);
    });
}

/** Placeholders that cannot be filled, groups that nothing uses or that stand twice, rewrites of what is not asserted. */
export function templateFaults(
  { asserts, rewrite = {} }: RuleText,
  groups: readonly (readonly [name: string, group: Group])[],
  faultAt: FaultAt,
): Fault[] {
  const names = groups.map(([name]) => name);
  const wanted = entriesOf(asserts).flatMap(([attribute, text]) =>
    namesIn(text).map((name) => ({ name, attribute })),
  );
  return [
    ...entriesOf(asserts)
      .filter(([, text]) => readTemplate(text) === null)
      .map(([attribute, text]) => faultAt(['asserts', attribute], brokenPlaceholder(text))),
    ...wanted
      .filter(({ name }) => !names.includes(name))
      .map(({ name, attribute }) => faultAt(['asserts', attribute], noGroup(name, names))),
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => faultAt(['also'], groupTwice(name))),
    ...groups
      .filter(([name]) => !wanted.some((one) => one.name === name))
      .map(([name, { of }]) => faultAt([of === 0 ? 'pattern' : 'also'], unusedGroup(name))),
    ...entriesOf(rewrite)
      .filter(([attribute]) => asserts[attribute] === undefined)
      .map(([attribute]) => faultAt(['rewrite', attribute], nothingToRewrite(attribute), 'key')),
  ];
}

const namesIn = (text: string): string[] =>
  (readTemplate(text) ?? []).flatMap((piece) => (typeof piece === 'string' ? [] : piece.name));

const brokenPlaceholder = (text: string): Trouble => ({
  message: `"${text}" has a broken placeholder.`,
  hint: 'Write ${name}.',
});

const noGroup = (name: string, known: readonly string[]): Trouble => ({
  message: `no group of the pattern is called "${name}".`,
  hint: didYouMean(name, known) ?? `Name one there: (?<${name}>…).`,
});

const groupTwice = (name: string): Trouble => ({
  message: `two patterns have a group "${name}".`,
  hint: 'Give one of them another name.',
});

const unusedGroup = (name: string): Trouble => ({
  message: `nothing uses the group "${name}".`,
  hint: 'Use it in "asserts", or write (?:…).',
});

const nothingToRewrite = (attribute: Attribute): Trouble => ({
  message: `the rule asserts no ${attribute} to rewrite.`,
  hint: 'Add it to "asserts".',
});

/** The entries of a record whose keys are a closed list. */
export const entriesOf = <K extends string, V>(record: Partial<Record<K, V>>): [K, V][] =>
  Object.entries(record) as [K, V][];
