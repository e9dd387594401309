import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rememberRecent } from '../../src/identify/recent.ts';

describe('what is remembered', () => {
  it('is made once while it is asked for', () => {
    const made: string[] = [];
    const length = rememberRecent(2, (key) => made.push(key));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'd', 'a']) length(key);
    expect(made.filter((key) => key === 'a')).toEqual(['a']);
  });

  it('is bounded: at most twice the size, however many keys there are', () => {
    const made: string[] = [];
    const remember = rememberRecent(10, (key) => made.push(key));
    for (let key = 0; key < 1000; key++) remember(String(key));
    made.length = 0;
    for (let key = 999; key >= 0; key--) remember(String(key));
    expect(made.length).toBeGreaterThanOrEqual(980);
  });

  it('is always what would be made anew', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.string({ maxLength: 2 })), (size, keys) => {
        const remember = rememberRecent(size, (key) => `<${key}>`);
        expect(keys.map(remember)).toEqual(keys.map((key) => `<${key}>`));
      }),
    );
  });
});
