import { createHash } from 'node:crypto';
import type { Place } from '../document/read-yaml.ts';
import { VERSION } from '../model/product.ts';
import type { Heading } from './build-heading.ts';
import type { UnlinkedRule } from './build-rule.ts';
import type { Draft, FileDraft } from './load.ts';
import { rightPattern } from './pattern.ts';
import { rewriteWith } from './rewrite.ts';
import type { Assertion, Example, FilePlace, FirmwareScheme, MacPrefix } from './rule.ts';
import type { SourceText } from './vocabulary.ts';

/** Where the digest comes from. It holds for these very texts and no others, in this order. */
export interface DigestSources {
  files: readonly SourceText[];
  /** The lists of words that the files were checked against. */
  words: readonly SourceText[];
}

/** What was read of rule files that are right, as text; places are without their files, which may stand elsewhere next time. */
export const writeDigest = (read: readonly FileDraft[], sources: DigestSources): string =>
  JSON.stringify({ sha256: sha256Of(sources), files: read }, (key, value: unknown) =>
    key === 'file' ? undefined : value,
  );

/** What a digest holds of these sources; null where it was made of others, or by another version. Nothing is checked once more. */
export function readDigest(text: string, sources: DigestSources): FileDraft[] | null {
  const { sha256, files } = JSON.parse(text) as { sha256: string; files: Stored<FileDraft>[] };
  if (sha256 !== sha256Of(sources)) return null;
  return files.flatMap((stored, at) => fileDraftOf(stored, sources.files[at]?.file ?? ''));
}

const sha256Of = ({ files, words }: DigestSources): string =>
  createHash('sha256')
    .update(JSON.stringify([VERSION, ...[files, words].map((list) => list.map(({ text }) => text))]))
    .digest('hex');

/** A value as it comes out of JSON: without its functions, and without the file of its place. */
type Stored<T> = T extends readonly (infer E)[]
  ? Stored<E>[]
  : T extends FilePlace
    ? Place
    : T extends (...args: never) => unknown
      ? never
      : T extends object
        ? { [K in keyof T as T[K] extends (...args: never) => unknown ? never : K]: Stored<T[K]> }
        : T;

function fileDraftOf({ heading, rules }: Stored<FileDraft>, file: string): FileDraft {
  const at = (place: Place): FilePlace => ({ file, ...place });
  const headingOf = ({ macPrefixes, firmware, ...rest }: Stored<Heading>): Heading => ({
    ...rest,
    macPrefixes: macPrefixes.map((one): MacPrefix => ({ ...one, place: at(one.place) })),
    firmware: firmware.map((one): FirmwareScheme => ({
      ...one,
      pattern: rightPattern(one.pattern.text),
      place: at(one.place),
    })),
  });
  const ruleOf = (rule: Stored<UnlinkedRule>): UnlinkedRule => ({
    ...rule,
    place: at(rule.place),
    pattern: rightPattern(rule.pattern.text),
    also: rule.also.map(({ field, pattern }) => ({ field, pattern: rightPattern(pattern.text) })),
    asserts: rule.asserts.map(assertionOf),
    examples: rule.examples.map((one): Example => ({ ...one, place: at(one.place) })),
    counterExamples: rule.counterExamples.map((one) => ({ ...one, place: at(one.place) })),
  });
  const draftOf = ({ rule: stored, refines }: Stored<Draft>): Draft => {
    const rule = ruleOf(stored);
    // These files are right together, so that nothing is ever told of them.
    return { rule, refines, faultAt: (_, trouble) => ({ ...rule.place, ...trouble }) };
  };
  return { heading: headingOf(heading), rules: rules.map(draftOf) };
}

const assertionOf = ({ rewrite, ...rest }: Stored<Assertion>): Assertion => ({
  ...rest,
  rewrite: rewriteWith(
    rewrite.pairs.map(({ pattern, replacement }) => ({ pattern: rightPattern(pattern.text), replacement })),
  ),
});
