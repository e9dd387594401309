import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrder } from '../../src/engine/order.ts';

const all = (length: number, seed: number): number[] => {
  const order = createOrder(length, seed);
  return Array.from({ length }, (_, index) => order(index));
};

describe('the order of a sweep', () => {
  it('names every number once, whatever length and seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 2 ** 31 }), (length, seed) => {
        expect(new Set(all(length, seed)).size).toBe(length);
        expect(Math.max(...all(length, seed))).toBe(length - 1);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same seed, and another for another', () => {
    expect(all(254, 7)).toEqual(all(254, 7));
    expect(all(254, 7)).not.toEqual(all(254, 8));
  });

  it('keeps neighbours apart', () => {
    const order = all(65_536, 11);
    const close = order.filter((value, index) => Math.abs(value - (order[index - 1] ?? -1000)) < 16).length;
    // Of an order by chance about 32 are.
    expect(close).toBeLessThan(100);
  });
});
