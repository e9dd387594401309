import type { RE2JS } from 're2js';
import type { Path } from '../document/read-yaml.ts';
import type { Field } from '../model/fact.ts';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { bounded } from '../model/text.ts';
import { entriesOf } from './check.ts';
import { readPattern, readRewrite } from './pattern.ts';
import { rememberRecent } from './recent.ts';
import type { Attribute, Group, RuleText } from './rule.ts';
import type { FaultAt, Trouble } from './trouble.ts';

/** All that is compiled of one rule. */
export interface RulePatterns {
  pattern: RE2JS;
  also: { field: Field; pattern: RE2JS }[];
  /** The named groups of all of them, in the order of the rule; names may stand twice. */
  groups: [name: string, group: Group][];
  rewrites: ReadonlyMap<Attribute, (text: string) => string>;
}

/** Values that one rewrite remembers: a family of phones has some dozens of models. */
const REMEMBERED_REWRITES = 32;

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
    compiled(['also', field], readPattern(source)).map((one) => ({ field, pattern: one })),
  );
  const rewrites = entriesOf(text.rewrite ?? {}).map(([attribute, pairs]): [Attribute, Rewrite[]] => [
    attribute,
    pairs.flatMap(([source = '', replacement = ''], at) =>
      compiled(['rewrite', attribute, at], readRewrite(source, replacement)).map((one) => ({
        pattern: one,
        replacement,
      })),
    ),
  ]);
  if (pattern === undefined || faults.length > 0) return failure(faults);
  return success({
    pattern,
    also,
    groups: groupsOf([pattern, ...also.map((one) => one.pattern)]),
    rewrites: new Map(rewrites.map(([attribute, pairs]) => [attribute, inTurn(pairs)])),
  });
}

interface Rewrite {
  pattern: RE2JS;
  replacement: string;
}

const inTurn = (pairs: readonly Rewrite[]): ((text: string) => string) =>
  rememberRecent(REMEMBERED_REWRITES, (text) =>
    pairs.reduce(
      (rewritten, { pattern, replacement }) => bounded(pattern.matcher(rewritten).replaceAll(replacement)),
      text,
    ),
  );

const groupsOf = (patterns: readonly RE2JS[]): [string, Group][] =>
  patterns.flatMap((pattern, of) =>
    Object.entries(pattern.namedGroups()).map(([name, group]): [string, Group] => [name, { of, group }]),
  );
