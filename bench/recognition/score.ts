import { identifyText } from '../../src/identify/identify-text.ts';
import type { Matcher } from '../../src/identify/match.ts';
import { SCORED, type Labelled, type Scored } from './labelled.ts';

/** How often a field came out right, wrong, or not at all, where it is told; and invented where it is not. */
export interface Tally {
  right: number;
  wrong: number;
  missing: number;
  invented: number;
}

/** One answer that was not right. `wanted` and `got` are null for nothing. */
export interface Miss {
  row: Labelled;
  field: Scored;
  wanted: string | null;
  got: string | null;
  rules: readonly string[];
}

export interface Score {
  rows: number;
  tallies: Readonly<Record<Scored, Tally>>;
  misses: readonly Miss[];
}

/** Identifies every row and compares, letter by letter. */
export function score(rows: readonly Labelled[], matcher: Matcher): Score {
  const tallies = Object.fromEntries(
    SCORED.map((field) => [field, { right: 0, wrong: 0, missing: 0, invented: 0 }]),
  ) as Record<Scored, Tally>;
  const misses = rows.flatMap((row) => {
    const { identity, evidence } = identifyText(matcher, row.text);
    return SCORED.flatMap((field): Miss | [] => {
      const [wanted, got] = [row.told[field], identity[field] ?? null];
      if (wanted === null && got === null) return [];
      tallies[field][outcomeOf(wanted, got)] += 1;
      return wanted === got ? [] : { row, field, wanted, got, rules: evidence.map(({ rule }) => rule) };
    });
  });
  return { rows: rows.length, tallies, misses };
}

function outcomeOf(wanted: string | null, got: string | null): keyof Tally {
  if (wanted === got) return 'right';
  if (wanted === null) return 'invented';
  return got === null ? 'missing' : 'wrong';
}

/** Of the answers given, the part that is right; of what is told, the part that came out right. Null where there is none. */
export const precision = ({ right, wrong, invented }: Tally): number | null =>
  share(right, right + wrong + invented);
export const recall = ({ right, wrong, missing }: Tally): number | null =>
  share(right, right + wrong + missing);

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The rows of each vendor, those with the most rows first; '' for rows that tell none. */
export function byVendor(rows: readonly Labelled[]): [vendor: string, rows: Labelled[]][] {
  const groups = Map.groupBy(rows, (row) => row.told.vendor ?? '');
  return [...groups].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1));
}
