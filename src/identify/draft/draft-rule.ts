import { RE2JS } from 're2js';
import type { Fact, Field } from '../../model/fact.ts';
import { bounded } from '../../model/text.ts';
import { redacted } from './redact.ts';
import { escaped, takeApart } from './take-apart.ts';

/** A rule that a person is to finish: it already fits the device that it was drafted from. */
export interface Draft {
  /** Of the file's heading. A guess: the device's first word, unless the vocabulary has it. */
  vendor: string;
  isNewVendor: boolean;
  id: string;
  on: readonly Field[];
  pattern: string;
  also: readonly { field: Field; pattern: string; value: string }[];
  asserts: readonly (readonly [attribute: string, template: string])[];
  certainty: number;
  /** Rules that say something about the same text, less than this one will. */
  refines: readonly string[];
  /** The example, without what identifies people. */
  input: string;
  expect: readonly (readonly [attribute: string, value: string])[];
  counterExample: string;
}

/** What the draft is made with. */
export interface DraftContext {
  vendors: ReadonlySet<string>;
  /** The vendor that what is known already tells, or null. */
  vendor: string | null;
  /** Ids of the rules that match the same fact. */
  matching: (fact: Fact) => readonly string[];
}

/** Fields that name a product, the best first; a rule for one of the names in SIP reads both headers. */
const NAMES: readonly (readonly Field[])[] = [
  ['sip.user_agent', 'sip.server'],
  ['sip.server', 'sip.user_agent'],
  ['pnp.model'],
];
/** What tells a device that sends no name, if anything does. */
const HABITS: readonly Field[] = ['sip.allow', 'sip.supported', 'sip.accept', 'sip.allow_events'];

/** Drafts a rule from the facts of one device; null when nothing was heard that a rule could go by. */
export function draftRule(facts: readonly Fact[], context: DraftContext): Draft | null {
  const valueOf = (field: Field): string | null =>
    facts.find((fact) => fact.field === field && fact.value.trim() !== '')?.value ?? null;
  for (const on of NAMES) {
    const [field] = on;
    const value = field === undefined ? null : valueOf(field);
    if (field !== undefined && value !== null)
      return fromName({ field, value }, on, valueOf('pnp.vendor'), context);
  }
  const habits = HABITS.flatMap((field) => {
    const value = valueOf(field);
    return value === null ? [] : { field, value: bounded(value, MOST_READ) };
  });
  return habits.length < 2 ? null : fromHabits(habits, context);
}

/** Most of a text that a pattern describes; whatever follows fits. */
export const MOST_READ = 160;

function fromName(
  { field, value }: Fact,
  on: readonly Field[],
  pnpVendor: string | null,
  context: DraftContext,
): Draft {
  const whole = bounded(redacted(value));
  const input = bounded(whole, MOST_READ);
  const pieces = takeApart(input);
  const taken = pieces.filter((piece) => piece.as !== null);
  const spoken = field === 'pnp.model' ? (pnpVendor ?? '') : (/[\p{L}\d]+/u.exec(input)?.[0] ?? '');
  const vendor = vendorOf(spoken, context);
  const model = taken.find((piece) => piece.as === 'model')?.text;
  const pattern = `^${pieces.map((piece) => piece.pattern).join('')}${whole === input ? '$' : ''}`;
  return {
    ...vendor,
    id: `${slug(vendor.vendor)}.${field === 'pnp.model' ? 'pnp' : 'sip-ua'}.${slug(model ?? 'device')}`,
    on,
    pattern,
    also:
      field === 'pnp.model' && pnpVendor !== null
        ? [
            {
              field: 'pnp.vendor',
              pattern: `(?i)^${escaped(bounded(pnpVendor, MOST_READ))}`,
              value: pnpVendor,
            },
          ]
        : [],
    asserts: [...taken.map((piece) => [piece.as ?? '', `\${${piece.as}}`] as const), ['kind', 'other']],
    certainty: taken.some((piece) => piece.as === 'model') ? 0.9 : 0.7,
    refines: context.matching({ field, value }),
    input: whole,
    expect: [
      ['vendor', vendor.vendor],
      ...taken.filter((piece) => piece.as !== 'mac').map((piece) => [piece.as ?? '', piece.text] as const),
    ],
    counterExample: counterExampleOf(pattern, input, spoken),
  };
}

function fromHabits(habits: readonly Fact[], context: DraftContext): Draft {
  const [first, ...others] = habits as [Fact, ...Fact[]];
  const vendor = vendorOf('', context);
  const whole = (text: string): string => `^${escaped(text)}${text.length < MOST_READ ? '$' : ''}`;
  return {
    ...vendor,
    id: `${slug(vendor.vendor)}.sip-signature.device`,
    on: [first.field],
    pattern: whole(first.value),
    also: others.map(({ field, value }) => ({ field, pattern: whole(value), value })),
    asserts: [['kind', 'other']],
    certainty: 0.4,
    refines: context.matching(first),
    input: first.value,
    expect: [['vendor', vendor.vendor]],
    counterExample: first.value.slice(0, -1),
  };
}

/** The vocabulary's spelling of a word; else the vendor known otherwise; else the word itself, for people to correct. */
function vendorOf(spoken: string, { vendors, vendor }: DraftContext): Pick<Draft, 'vendor' | 'isNewVendor'> {
  const known = [...vendors].find((word) => word.toLowerCase() === spoken.toLowerCase()) ?? vendor;
  if (known !== null) return { vendor: known, isNewVendor: false };
  const letters = /^[\p{L}][\p{L}\d-]*/u.exec(spoken)?.[0] ?? 'Unknown';
  return { vendor: letters, isNewVendor: true };
}

/** The nearest text that the pattern does not match: the vendor's name alone, mostly. */
function counterExampleOf(pattern: string, input: string, spoken: string): string {
  const compiled = RE2JS.compile(pattern);
  const near = [spoken, `${spoken}-`, `- ${input}`, ''];
  return near.find((text) => !compiled.matcher(text).lookingAt()) ?? '';
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40) || 'unknown';
