import { printable } from '../../src/model/text.ts';
import { SCORED, type Labelled } from './labelled.ts';
import { byVendor, precision, recall, score, type Miss, type Score, type Tally } from './score.ts';
import type { Matcher } from '../../src/identify/match.ts';

const percent = (part: number | null): string => (part === null ? '–' : `${(part * 100).toFixed(1)} %`);

const toldOf = ({ right, wrong, missing }: Tally): number => right + wrong + missing;

/** Per field: how much is told, how much of it came out, and what is wrong. */
export function fieldCells({ tallies }: Score): string[][] {
  const cells = SCORED.map((field) => {
    const tally = tallies[field];
    return [
      field,
      `${tally.right}/${toldOf(tally)}`,
      percent(recall(tally)),
      percent(precision(tally)),
      String(tally.wrong),
      String(tally.missing),
      String(tally.invented),
    ];
  });
  return [['field', 'right', 'recall', 'precision', 'wrong', 'missing', 'invented'], ...cells];
}

/** Per vendor: right of told in each field, and how many answers are wrong or invented. */
export function vendorCells(rows: readonly Labelled[], matcher: Matcher): string[][] {
  const cells = byVendor(rows).map(([vendor, theirs]) => {
    const { tallies } = score(theirs, matcher);
    const all = SCORED.map((field) => tallies[field]);
    return [
      vendor === '' ? '(none told)' : vendor,
      String(theirs.length),
      ...all.map((tally) => (toldOf(tally) === 0 ? '–' : `${tally.right}/${toldOf(tally)}`)),
      String(all.reduce((sum, { wrong, invented }) => sum + wrong + invented, 0)),
    ];
  });
  return [['vendor', 'rows', ...SCORED, 'wrong'], ...cells];
}

/** Wrong and invented answers first, then the missing ones. */
export function worstLines(misses: readonly Miss[], most: number): string[] {
  const rank = ({ wanted, got }: Miss): number => (got === null ? 2 : wanted === null ? 1 : 0);
  const shown = (word: string | null): string => (word === null ? 'nothing' : `"${printable(word)}"`);
  const sorted = [...misses].sort((a, b) => rank(a) - rank(b) || a.row.line - b.row.line);
  return sorted
    .slice(0, most)
    .map(
      ({ row, field, wanted, got, rules }) =>
        `line ${row.line}: ${field} is ${shown(got)}, should be ${shown(wanted)}: ${printable(row.text)}${rules.length === 0 ? '' : `  [${rules.join(', ')}]`}`,
    );
}

/** A table as lines of a terminal. */
export function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
