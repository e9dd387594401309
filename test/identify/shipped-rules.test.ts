import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/identify/load.ts';
import { selfTest } from '../../src/identify/self-test.ts';
import { readVocabulary } from '../../src/identify/vocabulary.ts';
import { formatFault, type Fault } from '../../src/model/fault.ts';
import type { Outcome } from '../../src/model/outcome.ts';

const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') });
const orThrow = <T>(outcome: Outcome<T, Fault[]>): T => {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.fault.map(formatFault).join('\n'));
};

describe('the shipped rules', () => {
  const folder = 'rules/fingerprints';
  const vocabulary = orThrow(
    readVocabulary({
      vendors: [read('rules/vocabulary/vendors.txt')],
      kinds: read('rules/vocabulary/kinds.txt'),
    }),
  );
  const ruleSet = orThrow(
    loadRules(
      readdirSync(folder).map((name) => read(`${folder}/${name}`)),
      vocabulary,
    ),
  );

  it('do what their examples say', () => {
    expect(ruleSet.rules.size).toBeGreaterThan(0);
    expect(selfTest(ruleSet).map(formatFault)).toEqual([]);
  });

  it('are found by how a text begins: on the User-Agent, nearly none is tried on every text', () => {
    const always = [...ruleSet.rules.values()].filter(
      ({ on, beginnings }) => on.includes('sip.user_agent') && beginnings.includes(''),
    );
    expect(always.length).toBeLessThan(ruleSet.rules.size / 10);
  });
});
