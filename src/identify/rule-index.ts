import type { Field } from '../model/fact.ts';
import { MAX_LENGTH } from './beginnings.ts';
import type { Rule } from './rule.ts';

/** Finds the few rules whose pattern can match at all, by how a text begins. */
export interface RuleIndex {
  /** The rules to try on a value of a field, each once; one that refines another comes before it. */
  candidates(field: Field, value: string): Rule[];
}

/** Rules for texts that begin with the letters on the way from the root; those at the root are tried on every text. */
interface Branch {
  rules: Rule[];
  next: Map<string, Branch>;
}

const createBranch = (): Branch => ({ rules: [], next: new Map() });

/** Sorts the rules by field and by the beginnings of what they match, capitals and small letters alike. */
export function indexRules(rules: Iterable<Rule>): RuleIndex {
  const roots = new Map<Field, Branch>();
  for (const rule of rules)
    for (const field of rule.on) {
      const root = roots.get(field) ?? createBranch();
      roots.set(field, root);
      for (const beginning of rule.beginnings) branchFor(root, beginning).rules.push(rule);
    }
  return {
    candidates(field, value) {
      const root = roots.get(field);
      if (root === undefined) return [];
      const lowered = value.toLowerCase();
      const found = root.rules.filter(({ insides }) => containsOneOf(lowered, insides));
      let branch: Branch | undefined = root;
      for (const letter of lowered.slice(0, MAX_LENGTH)) {
        branch = branch.next.get(letter);
        if (branch === undefined) break;
        found.push(...branch.rules);
      }
      return found.length < 2 ? found : found.sort(refinersFirst);
    },
  };
}

const containsOneOf = (text: string, insides: readonly string[]): boolean =>
  insides.length === 0 || insides.some((inside) => text.includes(inside));

function branchFor(root: Branch, beginning: string): Branch {
  let branch = root;
  for (const letter of beginning) {
    const next = branch.next.get(letter) ?? createBranch();
    branch.next.set(letter, next);
    branch = next;
  }
  return branch;
}

/** What a rule refines includes what those refine, so that it always is more. */
const refinersFirst = (a: Rule, b: Rule): number => b.refines.size - a.refines.size;
