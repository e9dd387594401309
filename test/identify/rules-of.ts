import { loadRules } from '../../src/identify/load.ts';
import type { RuleSet } from '../../src/identify/rule.ts';
import type { Vocabulary } from '../../src/identify/vocabulary.ts';
import { formatFault } from '../../src/model/fault.ts';
import { DEVICE_KINDS } from '../../src/model/identity.ts';

export const VOCABULARY: Vocabulary = {
  vendors: new Set(['Acme', 'Bolt', 'Crane']),
  kinds: new Set(DEVICE_KINDS),
};

/** A rule set out of rule files; throws what is wrong with them. */
export function rulesOf(...texts: string[]): RuleSet {
  const files = texts.map((text, at) => ({ file: `rules-${at + 1}.yaml`, text }));
  const rules = loadRules(files, VOCABULARY);
  if (!rules.ok) throw new Error(rules.fault.map(formatFault).join('\n'));
  return rules.value;
}

/** All that is wrong with rule files, a line each, as people see it. */
export function faultsOf(...texts: string[]): string[] {
  const files = texts.map((text, at) => ({ file: `rules-${at + 1}.yaml`, text }));
  const rules = loadRules(files, VOCABULARY);
  return rules.ok ? [] : rules.fault.map(formatFault);
}
