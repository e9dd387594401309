import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS, type Field } from '../../src/model/fact.ts';
import { readCounts, readEvidence, readFacts, readLocalTexts, readWords } from '../../src/store/json.ts';

const field = fc.constantFrom(...(Object.keys(FIELDS) as Field[]));
const fact = fc.record({ field, value: fc.string({ unit: 'binary' }) });
const item = fc.record({
  rule: fc.string(),
  fact,
  asserts: fc.dictionary(fc.constantFrom('vendor', 'model'), fc.string()),
  certainty: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
  solicited: fc.boolean(),
});

describe('JSON columns', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fact), fc.array(item), (facts, evidence) => {
        expect(readFacts(JSON.stringify(facts))).toEqual(facts);
        expect(JSON.stringify(readEvidence(JSON.stringify(evidence)))).toBe(JSON.stringify(evidence));
      }),
    );
  });

  it('never throw, whatever they hold', () => {
    const reads = [readFacts, readEvidence, readLocalTexts, readWords];
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of reads) expect(Array.isArray(read(text))).toBe(true);
        for (const count of Object.values(readCounts(text))) expect(typeof count).toBe('number');
      }),
    );
  });
});
