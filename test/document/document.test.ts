import Type from 'typebox';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkShape } from '../../src/document/check-shape.ts';
import { didYouMean } from '../../src/document/did-you-mean.ts';
import { MAX_DOCUMENT_LENGTH, readYaml } from '../../src/document/read-yaml.ts';
import { formatFault } from '../../src/model/fault.ts';

const shape = Type.Object(
  {
    ports: Type.Array(Type.Integer({ minimum: 1, maximum: 65535 }), { default: [5060] }),
    level: Type.Optional(Type.Union([Type.Literal('full'), Type.Literal('basic')])),
    on: Type.Optional(Type.Boolean()),
    version: Type.Optional(Type.String()),
    site: Type.Optional(Type.Object({ name: Type.String() }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);

const faultsOf = (text: string): string[] => {
  const document = readYaml(text, 'x.yaml');
  if (!document.ok) return document.fault.map(formatFault);
  const checked = checkShape(shape, document.value);
  return checked.ok ? [] : checked.fault.map(formatFault);
};

/** Each list holds the one before it nine times: a few lines that would fill any memory. */
const bomb = (levels: number): string =>
  Array.from({ length: levels }, (_, level) =>
    level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`,
  ).join('\n');

describe('readYaml', () => {
  it('keeps versions and zeros as they are written', () => {
    const document = readYaml('a: 1.10\nb: 001565\nc: no\nd: 0x1F', 'x.yaml');
    expect(document.ok && document.value.value).toEqual({ a: '1.10', b: '001565', c: 'no', d: '0x1F' });
  });

  it.each([
    ['an open bracket', 'a: [1, 2', 'x.yaml:1:'],
    ['a key twice', 'a: 1\na: 2', 'x.yaml:2:'],
    ['an alias', 'a: &x 1\nb: *x', 'x.yaml:2:4: aliases'],
    ['an alias bomb', bomb(30), 'x.yaml:2:10: aliases'],
    ['a tab', 'a:\n\t- 1', 'x.yaml:2:'],
    ['deep brackets', `a: ${'['.repeat(100)}`, 'too deep'],
    [
      'deep indentation',
      Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth * 2)}a:`).join('\n'),
      'too deep',
    ],
    ['a huge file', 'x'.repeat(MAX_DOCUMENT_LENGTH + 1), 'x.yaml:1:1: the file is too large'],
  ])('refuses %s with its place', (_, text, words) => {
    expect(faultsOf(text).join('\n')).toContain(words);
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readYaml(text, 'x.yaml')));
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'a',
            ':',
            ' ',
            '\n',
            '-',
            '[',
            ']',
            '{',
            '}',
            '"',
            "'",
            '&',
            '*',
            '!',
            '|',
            '>',
            '#',
            '\t',
            '__proto__',
          ),
        ),
        (parts) => void readYaml(parts.join(''), 'x.yaml'),
      ),
    );
  });
});

describe('checkShape', () => {
  it('reads numbers and booleans out of their text and fills defaults in', () => {
    const document = readYaml('on: true\nversion: 1.10', 'x.yaml');
    expect(document.ok && checkShape(shape, document.value)).toEqual({
      ok: true,
      value: { on: true, version: '1.10', ports: [5060] },
    });
  });

  it('tells every fault at once, each with line, column, what is wrong and what may have been meant', () => {
    expect(faultsOf('port: [5060]\nports: [5060, none, 70000]\nlevel: ful\non: maybe\nsite: {}')).toEqual([
      'x.yaml:1:1: unknown key "port". Did you mean "ports"?',
      'x.yaml:2:15: "ports.1" must be integer; it is "none".',
      'x.yaml:2:21: "ports.2" must be <= 65535; it is 70000.',
      'x.yaml:3:8: "level" must be one of full, basic; it is "ful". Did you mean "full"?',
      'x.yaml:4:5: "on" must be boolean; it is "maybe".',
      'x.yaml:5:7: "site" lacks the key "name".',
    ]);
  });

  it('takes __proto__ for an unknown key, and touches no prototype', () => {
    expect(faultsOf('__proto__: { polluted: yes }').join()).toContain('unknown key "__proto__"');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it.each([
    ['Yealnk', 'Yealink'],
    ['Snmo', 'Snom'],
    ['gandstream', 'Grandstream'],
  ])('%s: %s', (word, meant) => {
    expect(didYouMean(word, ['Yealink', 'Snom', 'Grandstream'])).toBe(`Did you mean "${meant}"?`);
  });

  it('stays silent when nothing is near', () => {
    expect(didYouMean('Polycom', ['Yealink', 'Snom'])).toBeNull();
  });
});
