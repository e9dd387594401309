import Type, { type Static, type TSchema } from 'typebox';
import type { Place } from '../document/read-yaml.ts';
import { FIELDS, type Field } from '../model/fact.ts';
import { ATTRIBUTES, type Identity } from '../model/identity.ts';
import type { LocalText } from '../model/text.ts';
import type { Pattern } from './pattern.ts';
import type { Rewrite } from './rewrite.ts';
import type { Vocabulary } from './vocabulary.ts';

export type Attribute = keyof Identity;

export const FIELD_NAMES = Object.keys(FIELDS) as Field[];
const MAX_PATTERN_LENGTH = 2000;

const words = (description: string) => Type.String({ minLength: 1, description });
const pattern = (description: string) =>
  Type.String({ minLength: 1, maxLength: MAX_PATTERN_LENGTH, description });
const some = <N extends string, S extends TSchema>(names: readonly N[], value: S, description: string) =>
  Type.Unsafe<Partial<Record<N, Static<S>>>>(
    Type.Object(Object.fromEntries(names.map((name) => [name, Type.Optional(value)])), {
      additionalProperties: false,
      description,
    }),
  );

const example = Type.Object(
  {
    input: Type.String({ description: 'value of the field, of the first one where `on` lists several' }),
    also: Type.Optional(some(FIELD_NAMES, Type.String(), 'values of the fields of `also`')),
    expect: some(
      ATTRIBUTES,
      Type.String(),
      "what the rule must assert of it; '' where it must assert nothing",
    ),
  },
  { additionalProperties: false },
);

const rule = Type.Object(
  {
    id: Type.String({
      pattern: '^[a-z0-9][a-z0-9._-]*$',
      maxLength: 100,
      description: 'unique over all files',
    }),
    // Not a closed list here: to the shape checker that costs as much as all the rest together.
    on: Type.Array(Type.String(), { minItems: 1, description: 'the field it reads, or a list of them' }),
    also: Type.Optional(
      some(FIELD_NAMES, pattern('an RE2 pattern like `pattern`'), 'fields that must match too'),
    ),
    pattern: pattern(
      'RE2: anchored by ^, with named groups only; (?i) in front reads capitals and small letters alike',
    ),
    asserts: some(
      ATTRIBUTES,
      words('a word, or a template with ${group}'),
      'what a match tells; a template with a group that took no part tells nothing; {} tells nothing at all, not even the vendor of the heading',
    ),
    rewrite: Type.Optional(
      some(
        ATTRIBUTES,
        Type.Array(Type.Array(Type.String({ maxLength: MAX_PATTERN_LENGTH }), { minItems: 2, maxItems: 2 })),
        'pairs of RE2 pattern and replacement ($1, $<name>), applied to the asserted value in their order, to every occurrence',
      ),
    ),
    certainty: Type.Number({ minimum: 0, maximum: 1, description: 'how sure a match makes us' }),
    refines: Type.Optional(
      Type.Array(Type.String(), {
        description: 'id, or a list of ids, of rules that are silent where this one matches',
      }),
    ),
    source: words('where the knowledge comes from, publicly'),
    examples: Type.Array(example, { default: [], description: 'the tests of the rule; at least one' }),
    counterExamples: Type.Array(Type.String(), {
      default: [],
      description: 'values that it must not match; at least one',
    }),
  },
  { additionalProperties: false },
);

const maker = Type.Object(
  { vendor: words('who builds them'), source: words('where the knowledge comes from, publicly') },
  { additionalProperties: false },
);

const prefixes = Type.Object(
  {
    prefixes: Type.Array(Type.String(), {
      minItems: 1,
      description:
        'how the MAC addresses begin: 6 to 11 hex digits (24, 28, 36 bits, or what is known of a part); the longest decides',
    }),
    certainty: Type.Number({ minimum: 0, maximum: 1, description: 'how sure such an address makes us' }),
    source: words('where the knowledge comes from, publicly'),
  },
  { additionalProperties: false },
);

const text = Type.Object({ en: words('in English'), nl: words('in Dutch') }, { additionalProperties: false });

const silence = Type.Object(
  {
    setting: words('what the maker calls the setting that makes its phones answer nobody but their PBX'),
    allow: Type.Unsafe<LocalText>(text),
    source: words('where the knowledge comes from, publicly'),
  },
  { additionalProperties: false },
);

const firmwareScheme = Type.Object(
  {
    families: Type.Optional(
      Type.Array(words('a family that a rule asserts'), { minItems: 1, description: 'all, where left out' }),
    ),
    pattern: pattern(
      'RE2 for a whole version: `(?<version>…)` is what is compared, `(?<platform>…)` names the hardware',
    ),
    ascending: Type.Array(Type.Array(Type.String(), { minItems: 2 }), {
      minItems: 1,
      description: 'its tests: versions from old to new',
    }),
    unordered: Type.Optional(Type.Array(Type.String(), { description: 'versions that have no order' })),
    source: words('where the knowledge comes from, publicly'),
  },
  { additionalProperties: false },
);

/** A rule file as people write it (docs/rule-format.md). */
export const ruleFile = Type.Object(
  {
    vendor: Type.Optional(words('asserted by every rule of the file that asserts something and no vendor')),
    builtBy: Type.Optional(
      Type.Array(maker, { description: 'makers whose name may show through on devices of this vendor' }),
    ),
    macPrefixes: Type.Optional(Type.Array(prefixes)),
    silence: Type.Optional(silence),
    firmware: Type.Optional(
      Type.Array(firmwareScheme, {
        description: 'how versions are ordered, where plain numbers do not say it',
      }),
    ),
    rules: Type.Array(rule, { default: [] }),
  },
  { additionalProperties: false },
);

export type RuleFile = Static<typeof ruleFile>;
export type RuleText = Static<typeof rule>;

/** Where something stands, for messages. */
export interface FilePlace extends Place {
  file: string;
}

/** A rule that is right, ready to be asked. Never changed once made. */
export interface Rule {
  id: string;
  place: FilePlace;
  on: readonly Field[];
  pattern: Pattern;
  /** The texts, in small letters, with one of which every match begins; `['']` where that is not known. */
  beginnings: readonly string[];
  /** Where that is not known: the texts, in small letters, one of which every match contains; empty where nothing is known. */
  insides: readonly string[];
  also: readonly { field: Field; pattern: Pattern }[];
  asserts: readonly Assertion[];
  certainty: number;
  /** All rules that it silences: those it refines, and those that they refine. */
  refines: ReadonlySet<string>;
  source: string;
  examples: readonly Example[];
  counterExamples: readonly { input: string; place: FilePlace }[];
}

/** How one attribute is put together from a match. */
export interface Assertion {
  attribute: Attribute;
  template: readonly (string | Group)[];
  rewrite: Rewrite;
}

/** Group number `group` of the rule's pattern (`of` 0), or of the pattern of its n-th `also` (`of` n). */
export interface Group {
  of: number;
  group: number;
}

export interface Example {
  input: string;
  also: Partial<Record<Field, string>>;
  expect: Partial<Record<Attribute, string>>;
  place: FilePlace;
}

/** How a vendor's MAC addresses begin. */
export interface MacPrefix {
  /** 6 to 11 lower-case hex digits. */
  prefix: string;
  vendor: string;
  certainty: number;
  source: string;
  place: FilePlace;
}

/** How the firmware of a vendor, or of some of its families, is ordered. */
export interface FirmwareScheme {
  vendor: string;
  /** Null for all. */
  families: readonly string[] | null;
  pattern: Pattern;
  hasPlatform: boolean;
  ascending: readonly (readonly string[])[];
  unordered: readonly string[];
  place: FilePlace;
}

/** All that the rule files say. Never changed: a reload makes a new one. */
export interface RuleSet {
  /** By their ids. */
  rules: ReadonlyMap<string, Rule>;
  macPrefixes: readonly MacPrefix[];
  firmware: readonly FirmwareScheme[];
  /** By vendor: why its phones may be silent, and how to be heard by them. */
  silence: ReadonlyMap<string, LocalText>;
  /** For a brand, the makers whose devices it sells. */
  builtBy: ReadonlyMap<string, ReadonlySet<string>>;
  vocabulary: Vocabulary;
}
