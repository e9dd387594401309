import type { Verdict } from '../model/verdict.ts';
import type { Clause } from './clause.ts';

/** The supplier's decisions, ready to be asked. */
export interface Policy {
  title: string;
  revision: string;
  /** Nobody's real list: shown as such wherever it decides. */
  isExample: boolean;
  /** SHA-256 of the content, lower-case hex; the order of rows, comments and layout do not change it. */
  hash: string;
  /** Most specific first, as are the lists below. */
  clauses: readonly Clause[];
  /** For every vendor that is named: its clauses, and those that name no vendor. */
  byVendor: ReadonlyMap<string, readonly Clause[]>;
  /** The clauses that name no vendor. */
  anyVendor: readonly Clause[];
  /** The verdict where no clause holds. */
  fallback: Verdict;
}

/** The clauses that can be about a vendor, most specific first. */
export const clausesOf = (policy: Policy, vendor: string | undefined): readonly Clause[] =>
  policy.byVendor.get(vendor ?? '') ?? policy.anyVendor;
