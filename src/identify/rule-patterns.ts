import type { RE2JS } from 're2js';
import type { Path } from '../document/read-yaml.ts';
import type { Field } from '../model/fact.ts';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { entriesOf } from './check.ts';
import { readPattern, readRewrite, rightPattern, type Pattern } from './pattern.ts';
import type { RewritePair } from './rewrite.ts';
import type { Attribute, Group, RuleText } from './rule.ts';
import type { FaultAt, Trouble } from './trouble.ts';

/** All that is compiled of one rule. */
export interface RulePatterns {
  pattern: Pattern;
  also: { field: Field; pattern: Pattern }[];
  /** The named groups of all of them, in the order of the rule; names may stand twice. */
  groups: [name: string, group: Group][];
  rewrites: ReadonlyMap<Attribute, readonly RewritePair[]>;
}

/** Compiles every pattern of a rule, or says which cannot be. */
export function compilePatterns(text: RuleText, faultAt: FaultAt): Outcome<RulePatterns, Fault[]> {
  const faults: Fault[] = [];
  const compiled = (path: Path, outcome: Outcome<RE2JS, Trouble>): RE2JS[] => {
    if (outcome.ok) return [outcome.value];
    faults.push(faultAt(path, outcome.fault));
    return [];
  };

  const [pattern] = compiled(['pattern'], readPattern(text.pattern));
  const also = entriesOf(text.also ?? {}).flatMap(([field, source]) =>
    compiled(['also', field], readPattern(source)).map((one) => ({ field, source, one })),
  );
  const rewrites = entriesOf(text.rewrite ?? {}).map(([attribute, pairs]): [Attribute, RewritePair[]] => [
    attribute,
    pairs.flatMap(([source = '', replacement = ''], at) =>
      compiled(['rewrite', attribute, at], readRewrite(source, replacement)).map((one) => ({
        pattern: rightPattern(source, one),
        replacement,
      })),
    ),
  ]);
  if (pattern === undefined || faults.length > 0) return failure(faults);
  return success({
    pattern: rightPattern(text.pattern, pattern),
    also: also.map(({ field, source, one }) => ({ field, pattern: rightPattern(source, one) })),
    groups: groupsOf([pattern, ...also.map(({ one }) => one)]),
    rewrites: new Map(rewrites),
  });
}

const groupsOf = (patterns: readonly RE2JS[]): [string, Group][] =>
  patterns.flatMap((pattern, of) =>
    Object.entries(pattern.namedGroups()).map(([name, group]): [string, Group] => [name, { of, group }]),
  );
