import { bounded } from '../model/text.ts';
import type { Pattern } from './pattern.ts';
import { rememberRecent } from './recent.ts';

/** How an asserted word is written anew: pairs of pattern and replacement, one after the other. */
export interface Rewrite {
  pairs: readonly RewritePair[];
  apply: (text: string) => string;
}

export interface RewritePair {
  pattern: Pattern;
  replacement: string;
}

/** Values that one rewrite remembers: a family of phones has some dozens of models. */
const REMEMBERED_REWRITES = 32;

/** No pairs leave every text as it is. */
export function rewriteWith(pairs: readonly RewritePair[]): Rewrite {
  if (pairs.length === 0) return { pairs, apply: (text) => text };
  const apply = rememberRecent(REMEMBERED_REWRITES, (text) =>
    pairs.reduce(
      (rewritten, { pattern, replacement }) => bounded(pattern.matcher(rewritten).replaceAll(replacement)),
      text,
    ),
  );
  return { pairs, apply };
}
