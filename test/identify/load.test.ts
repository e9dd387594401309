import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/identify/load.ts';
import { faultsOf, rulesOf, VOCABULARY } from './rules-of.ts';

const rule = (id: string, more = ''): string => `
  - { id: ${id}, on: sip.user_agent, pattern: '^${id}', asserts: { vendor: Acme }, certainty: 1, source: test${more} }`;

describe('rule files', () => {
  it('make one set, whatever their order', () => {
    const one = `rules:${rule('a', ', refines: b')}`;
    const two = `rules:${rule('b')}`;
    expect([...rulesOf(one, two).rules.keys()].sort()).toEqual(['a', 'b']);
    expect([...rulesOf(two, one).rules.keys()].sort()).toEqual(['a', 'b']);
  });

  it('make a new set each time, so that a reload can fail and leave the old one in use', () => {
    const text = `rules:${rule('a')}`;
    const before = rulesOf(text);
    expect(faultsOf('rules: [')).not.toEqual([]);
    expect(rulesOf(text)).not.toBe(before);
    expect([...before.rules.keys()]).toEqual(['a']);
  });

  it('follow what a rule refines to the end', () => {
    const { rules } = rulesOf(`rules:${rule('a', ', refines: b')}${rule('b', ', refines: [c]')}${rule('c')}`);
    expect([...(rules.get('a')?.refines ?? [])]).toEqual(['b', 'c']);
  });

  it('remember where each rule and each example stands', () => {
    const { rules } = rulesOf(`vendor: Acme
rules:
  - id: a
    on: [sip.user_agent, sip.server]
    pattern: ^Acme$
    asserts: { kind: pbx }
    certainty: 1
    source: test
    examples:
      - { input: Acme, expect: {} }
    counterExamples:
      - Acme 1
`);
    const place = { file: 'rules-1.yaml' };
    expect(rules.get('a')).toMatchObject({
      place: { ...place, line: 3, column: 9 },
      on: ['sip.user_agent', 'sip.server'],
      examples: [{ place: { ...place, line: 10, column: 9 } }],
      counterExamples: [{ place: { ...place, line: 12, column: 9 } }],
    });
  });

  it('may not share an id, and say where the other one stands', () => {
    expect(faultsOf(`rules:${rule('a')}`, `\nrules:${rule('a')}`)).toEqual([
      'rules-2.yaml:3:11: the id "a" is taken by rules-1.yaml:2. Every rule needs its own.',
    ]);
  });

  it('are refused all at once when one of them is wrong, without guessing at what it would have held', () => {
    expect(
      faultsOf(`rules:${rule('a', ', refines: b')}`, `rules:${rule('b').replace("'^b'", "'b'")}`),
    ).toEqual(['rules-2.yaml:2:43: the pattern is not anchored. Begin it with ^ or (?i)^.']);
  });

  it('are refused with the place where their syntax breaks', () => {
    expect(faultsOf("rules:\n  - id: 'a\n")).toEqual([
      "rules-1.yaml:3:1: Missing closing 'quote. Check indentation, quotes and colons there.",
    ]);
  });

  it('never throw, whatever stands in them', () => {
    const pieces = fc.constantFrom(
      'rules:',
      '\n',
      '  - ',
      'id: a',
      ': ',
      '[',
      ']',
      '{',
      '}',
      "'",
      '^(',
      '?<m>',
      '${',
      '&a',
      '*a',
      '|',
      'on',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const rules = loadRules([{ file: 'any.yaml', text }], VOCABULARY);
          expect(rules.ok ? rules.value.rules.size : rules.fault.length).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('never throw at a pattern, a template or a rewrite', () => {
    const pieces = fc.constantFrom(
      '^',
      '(?i)',
      '(?<m>',
      '(?:',
      '(',
      ')',
      '|',
      '[',
      ']',
      '^-',
      'a',
      '\\d',
      '\\',
      '.',
      '*',
      '+',
      '?',
      '{2,3}',
      '{1000}',
      '(?=',
      '(?<!',
      '\\Q',
      '\\E',
      '$1',
      '${m}',
      '${',
      'é',
    );
    const text = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, text, text, (pattern, template, from, to) => {
        const file = JSON.stringify({
          rules: [
            {
              id: 'a',
              on: 'sip.server',
              pattern,
              asserts: { model: template },
              rewrite: { model: [[from, to]] },
              certainty: 1,
              source: 'test',
            },
          ],
        });
        const rules = loadRules([{ file: 'any.yaml', text: file }], VOCABULARY);
        expect(rules.ok ? rules.value.rules.size : rules.fault.length).toBeGreaterThan(0);
      }),
    );
  });
});
