import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fill, render } from '../../src/simulation/form.ts';
import { createRandom } from '../../src/simulation/random.ts';
import { decode } from './shipped.ts';

const filled = (form: string, values: Record<string, string> = {}): string =>
  fill(form, values, createRandom('seed'));

describe('a form', () => {
  it('draws as many characters as it says, once for the same placeholder and anew for another', () => {
    const [a, again, b, hex] = filled('${digits:10} ${digits:10} ${digits:10:b} ${HEX:16}').split(' ');
    expect(a).toMatch(/^\d{10}$/);
    expect(again).toBe(a);
    expect(b).toMatch(/^\d{10}$/);
    expect(b).not.toBe(a);
    expect(hex).toMatch(/^[0-9A-F]{16}$/);
  });

  it('puts a stranger’s text in as it is, placeholders and dollar signs included', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('${digits:3}', '$&', "$'", '$1')), (text) => {
        expect(filled('<${from}>', { from: text })).toBe(`<${text}>`);
      }),
    );
  });

  it('counts the body in bytes and ends lines as asked', () => {
    const form = 'SIP/2.0 200 OK\nContent-Length: ${length}\n\ns=é\nt=0 0\n';
    expect(decode(render(form, {}, createRandom('x')))).toBe(
      'SIP/2.0 200 OK\r\nContent-Length: 13\r\n\r\ns=é\r\nt=0 0\r\n',
    );
    expect(decode(render(form, {}, createRandom('x'), '\n'))).toBe(
      'SIP/2.0 200 OK\nContent-Length: 11\n\ns=é\nt=0 0\n',
    );
  });
});

describe('repeatable chance', () => {
  it('gives the same draws for the same seed, evenly enough to tell phones apart', () => {
    const draws = (seed: string): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 1000 }, () => random.below(10));
    };
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
    for (let digit = 0; digit < 10; digit++)
      expect(draws('a').filter((draw) => draw === digit).length).toBeGreaterThan(60);
  });

  it('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        expect(createRandom(seed).shuffled(items).sort()).toEqual([...items].sort());
      }),
    );
  });
});
