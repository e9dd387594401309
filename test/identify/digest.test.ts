import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDigest, writeDigest } from '../../src/identify/digest.ts';
import { loadRules, readRuleFiles, type FileDraft, type RuleSet } from '../../src/identify/load.ts';
import { createMatcher } from '../../src/identify/match.ts';
import { rightPattern } from '../../src/identify/pattern.ts';
import { selfTest } from '../../src/identify/self-test.ts';
import { readVocabulary } from '../../src/identify/vocabulary.ts';
import type { Fact } from '../../src/model/fact.ts';
import { formatFault, type Fault } from '../../src/model/fault.ts';
import type { Outcome } from '../../src/model/outcome.ts';

const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') });
const orThrow = <T>(outcome: Outcome<T, Fault[]>): T => {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.fault.map(formatFault).join('\n'));
};

const folder = 'rules/fingerprints';
const files = readdirSync(folder).map((name) => read(`${folder}/${name}`));
const words = [read('rules/vocabulary/vendors.txt'), read('rules/vocabulary/kinds.txt')] as const;
const vocabulary = orThrow(readVocabulary({ vendors: [words[0]], kinds: words[1] }));
const sources = { files, words };

const ordinary = orThrow(loadRules(files, vocabulary));
let digest = '';
let drafts: readonly FileDraft[] = [];
let digested: RuleSet;
beforeAll(() => {
  digest = writeDigest(orThrow(readRuleFiles(files, vocabulary)), sources);
  drafts = readDigest(digest, sources) ?? [];
  digested = orThrow(loadRules([], vocabulary, drafts));
});

/** All that a rule set says, its functions left out. */
const shown = (ruleSet: RuleSet): unknown =>
  JSON.parse(
    JSON.stringify(ruleSet, (_, value: unknown) =>
      value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
    ),
  );

describe('the digest of the shipped rules', () => {
  it('says the same as the files: every rule, pattern, word, example and place', () => {
    expect(digested.rules.size).toBe(ordinary.rules.size);
    expect(digested.rules.size).toBeGreaterThan(300);
    expect(shown(digested)).toEqual(shown(ordinary));
    expect([...digested.rules.values()][0]?.place).toMatchObject({ file: files[0]?.file });
  });

  it('gives the same answers to every example and counter-example, with the same trials', () => {
    const [one, other] = [createMatcher(digested), createMatcher(ordinary)];
    const heard = [...ordinary.rules.values()].flatMap(({ on, examples, counterExamples }) => {
      const also = examples.flatMap((example): Fact[] =>
        Object.entries(example.also).map(([field, value]) => ({ field: field as Fact['field'], value })),
      );
      return [...examples, ...counterExamples].flatMap(({ input }) =>
        on.map((field): Fact[] => [{ field, value: input }, ...also]),
      );
    });
    const answer = (matcher: typeof one, facts: readonly Fact[]) => {
      const evidence = matcher.match(facts, true);
      const { identity, ...rest } = matcher.combine(evidence);
      const trials = matcher
        .trials(facts)
        .flatMap((fact) => fact.trials)
        .map(({ rule, outcome, by, asserts }) => [rule.id, rule.place, outcome, by?.id, asserts]);
      return { identity, ...rest, order: matcher.orderOf(identity), trials };
    };
    expect(heard.length).toBeGreaterThan(1500);
    for (const facts of heard) expect(answer(one, facts)).toEqual(answer(other, facts));
    expect(selfTest(digested)).toEqual([]);
  });

  it('holds for these very texts: one letter more in a rule file or a list of words, and it is not read', () => {
    const longer = ({ file, text }: { file: string; text: string }) => ({ file, text: `${text}#` });
    const [first, ...others] = files;
    expect(readDigest(digest, { files: [longer(first!), ...others], words })).toBeNull();
    expect(readDigest(digest, { files: others, words })).toBeNull();
    expect(readDigest(digest, { files, words: [longer(words[0]), words[1]] })).toBeNull();
    expect(readDigest(digest, sources)).toHaveLength(files.length);
  });

  it('names places in the files as they are called now', () => {
    const moved = files.map(({ file, text }) => ({ file: `/elsewhere/${file}`, text }));
    const rules = orThrow(loadRules([], vocabulary, readDigest(digest, { files: moved, words }) ?? [])).rules;
    for (const [id, { place }] of rules)
      expect(place).toEqual({
        ...ordinary.rules.get(id)!.place,
        file: `/elsewhere/${ordinary.rules.get(id)!.place.file}`,
      });
    expect(digest).not.toContain(folder);
  });
});

describe('a rule file of the user, read after the digest', () => {
  const rule = (id: string, more = '', pattern = '^Acme$') =>
    `rules:\n  - { id: ${id}, on: sip.user_agent, pattern: '${pattern}', asserts: { vendor: Snom }, certainty: 1, source: test${more} }`;

  it.each([
    ['an id that is taken', rule('snom.sip-ua.phone')],
    ['a rule refined that is nowhere', rule('mine', ', refines: snom.sip-ua.fone')],
    ['a rule that refines itself', rule('mine', ', refines: [snom.sip-ua.any, mine]')],
    ['a pattern that cannot be read', rule('mine', '', '^Acme(?<=x)$')],
    ['a pattern that is too large', rule('mine', '', '^(?:Acme{100}){90}$')],
    ['a vendor that is unknown', rule('mine').replace('Snom', 'Snomm')],
    [
      'a prefix that is taken',
      `vendor: Snom\nmacPrefixes:\n  - { prefixes: ['000413'], certainty: 1, source: x }`,
    ],
    ['no YAML', 'rules: ['],
  ])('is refused for %s in the same words', (_, text) => {
    const file = { file: 'mine.yaml', text };
    const [slow, quick] = [loadRules([...files, file], vocabulary), loadRules([file], vocabulary, drafts)];
    expect(slow.ok).toBe(false);
    expect(quick).toEqual(slow);
  });

  it('refines shipped rules, with all that they refine', () => {
    const file = { file: 'mine.yaml', text: rule('mine', ', refines: snom.sip-ua.phone') };
    const [slow, quick] = [
      orThrow(loadRules([...files, file], vocabulary)),
      orThrow(loadRules([file], vocabulary, drafts)),
    ];
    expect([...(quick.rules.get('mine')?.refines ?? [])]).toEqual(['snom.sip-ua.phone', 'snom.sip-ua.any']);
    expect(shown(quick)).toEqual(shown(slow));
  });
});

describe('a pattern that is right', () => {
  it('is compiled when it is first asked', () => {
    const wrong = rightPattern('^(');
    expect(() => wrong.matcher('x')).toThrow('cannot be read');
    expect(rightPattern('^a+').matcher('aab').lookingAt()).toBe(true);
  });
});
