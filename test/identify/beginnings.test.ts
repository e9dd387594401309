import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { beginningsOf, insidesOf } from '../../src/identify/beginnings.ts';

/** Patterns of all that is understood, and of much that is not. */
const atom = fc.constantFrom(
  'a',
  'B',
  ' ',
  '/',
  '\\.',
  '\\d',
  '[ab]',
  '[^a]',
  '[a-c]',
  '.',
  '[-/]',
  '\\w',
  'é',
  '\\Qab\\E',
);
const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3 },
    atom,
    fc
      .tuple(atom, fc.constantFrom('?', '*', '+', '{2}', '{0,2}', '??', '+?'))
      .map(([one, times]) => one + times),
    fc
      .tuple(tie('pattern'), fc.constantFrom('', '?', '*', '{2}'))
      .map(([inner, times]) => `(?:${inner})${times}`),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(?:${left}|${right})`),
  ),
  pattern: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
}));
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', 'c', ' ', '/', '.', '-', '1', 'é'),
  maxLength: 8,
});

describe('the beginnings of what a pattern matches', () => {
  it.each([
    ['^Acme P\\d+$', ['acme p']],
    ['(?i)^ACME[ -]P', ['acme p', 'acme-p']],
    ['^(?:The )?Acme (?<model>[PQ])', ['the acme p', 'the acme q', 'acme p', 'acme q']],
    ['^(?:Acme|Acmeline|Bolt)\\b', ['acme', 'bolt']],
    ['^Acme\\.com/\\(x', ['acme.com/(x']],
    ['^Acme+z', ['acme']],
    ['^Acme?z', ['acmez', 'acmz']],
    ['^a{2}b', ['a']],
    ['^ab{0,2}c', ['ab', 'ac']],
    ['^(?:ab)*c', ['ab', 'c']],
    ['^ab(?:c|)d', ['abcd', 'abd']],
    ['^A[^b]c', ['a']],
    ['^A[b-d]c', ['a']],
    ['^ab\\x41', ['ab']],
    ['^ab\\pLc', ['ab']],
    ['^ab\\Qc.d\\Ee', ['ab']],
    ['^ab[[:alpha:])]|cd', ['ab', 'cd']],
    ['^Über', ['']],
    ['^.*Acme', ['']],
    ['^[A-Z]{2}', ['']],
    ['^(?:Acme |)\\d', ['']],
  ])('%s: %j', (pattern, beginnings) => {
    expect(beginningsOf(pattern)).toEqual(beginnings);
  });

  it('are shortened where there would be too many', () => {
    expect(beginningsOf('^(?:The )?(?:Acmephone[12345](?: a| b| c)?)$')).toEqual(['the acme', 'acmephon']);
  });

  it('are those of every text that the pattern matches', () => {
    let matches = 0;
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { minLength: 20, maxLength: 20 }),
        fc.constantFrom('', '(?i)'),
        (body, texts, flags) => {
          const anchored = `${flags}^(?:${body})`;
          const compiled = RE2JS.compile(anchored);
          const beginnings = beginningsOf(anchored);
          for (const one of texts.filter((candidate) => compiled.matcher(candidate).lookingAt())) {
            matches += 1;
            expect(beginnings.some((beginning) => one.toLowerCase().startsWith(beginning))).toBe(true);
          }
        },
      ),
    );
    expect(matches).toBeGreaterThan(0);
  });
});

describe('what every match of a pattern contains', () => {
  it.each([
    ['^(?:\\S+ )+(?:Acme|Bolt)/\\d', ['acme/', 'bolt/']],
    ['^.*-UA/\\d', ['-ua/']],
    ['^\\d+(?: Acme)?$', []],
    ['^\\w+(?: Acme)+$', [' acme']],
    ['^.*Acme?$', ['acm']],
    ['^.+Acme{0,2}', ['acm']],
    ['^.*a|Acme', []],
    ['^.*(?:a|)$', []],
    ['^[A-Z]+/x?', ['/']],
    ['^.*Über$', ['ber']],
  ])('%s: %j', (pattern, insides) => {
    expect(insidesOf(pattern)).toEqual(insides);
  });

  it('is in every text that the pattern matches', () => {
    let matches = 0;
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { minLength: 20, maxLength: 20 }),
        fc.constantFrom('', '(?i)'),
        (body, texts, flags) => {
          const anchored = `${flags}^${body}`;
          const compiled = RE2JS.compile(anchored);
          const insides = insidesOf(anchored);
          if (insides.length === 0) return;
          for (const one of texts.filter((candidate) => compiled.matcher(candidate).lookingAt())) {
            matches += 1;
            expect(insides.some((inside) => one.toLowerCase().includes(inside))).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(matches).toBeGreaterThan(0);
  });
});
