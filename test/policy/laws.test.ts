import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEVICE_KINDS, isPhone, type Identity } from '../../src/model/identity.ts';
import { isSlaLevel, SUPPORT_LEVELS } from '../../src/model/verdict.ts';
import { decide } from '../../src/policy/decide.ts';
import type { PolicyFile } from '../../src/policy/shape.ts';
import { identified, load } from './policy-of.ts';

const text = readFileSync(new URL('../../rules/policies/example.yaml', import.meta.url), 'utf8');
const policy = load(text);
const { catalogue = [], exceptions = [], ...rest } = parse(text, { schema: 'failsafe' }) as PolicyFile;
const examples = [...catalogue, ...exceptions].flatMap((row) => row.examples);

/** A value that the policy speaks of, or any text that a stranger may send. */
const heardOf = (values: readonly (string | undefined)[]) =>
  fc.oneof(
    fc.constantFrom(...new Set(values.filter((value) => value !== undefined))),
    fc.string({ unit: 'binary' }),
  );

/** Any mixture of what may be identified, likely enough to be near a row. */
const identification = fc
  .tuple(
    fc.constantFrom(...examples),
    fc.record<Partial<Identity>>(
      {
        vendor: heardOf(examples.map(({ vendor }) => vendor)),
        model: heardOf(examples.map(({ model }) => model)),
        firmware: heardOf(examples.map(({ firmware }) => firmware)),
        kind: fc.constantFrom(...DEVICE_KINDS),
      },
      { requiredKeys: [] },
    ),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([example, other, confidence]) => identified({ ...example, ...other }, confidence));

describe('the laws of a policy', () => {
  it('every identification has a verdict, with a reason in each language, and an SLA for full and partial only', () => {
    fc.assert(
      fc.property(identification, (heard) => {
        const verdict = decide(policy, heard);
        expect(SUPPORT_LEVELS).toContain(verdict.level);
        expect(verdict.because.en).not.toBe('');
        expect(verdict.because.nl).not.toBe('');
        expect(verdict.slaEligible).toBe(isSlaLevel(verdict.level));
        if (isPhone(heard.identity.kind)) expect(verdict.level).not.toBe('not-applicable');
      }),
      { numRuns: 1000 },
    );
  });

  it('the order of rows and keys means nothing: same verdicts, same hash', () => {
    const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
    fc.assert(
      fc.property(
        shuffled(catalogue),
        shuffled(exceptions),
        fc.array(identification, { minLength: 20, maxLength: 20 }),
        (rows, cases, heard) => {
          const other = load(JSON.stringify({ exceptions: cases, catalogue: rows, ...rest }));
          expect(other.hash).toBe(policy.hash);
          expect(heard.map((one) => decide(other, one))).toEqual(heard.map((one) => decide(policy, one)));
        },
      ),
      { numRuns: 30 },
    );
  });
});
