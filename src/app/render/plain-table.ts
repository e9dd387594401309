import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Paint } from './paint.ts';

// Blank lines of a box, so that the eye follows the columns and a copied line is clean.
export const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((part) => [part, '']),
);

const GAP = '  ';
/** A last column narrower than this reads worse than a line that the terminal breaks. */
const LEAST_WIDTH = 24;

export interface TableLook {
  paint: Paint;
  /** Columns of the terminal; undefined for a file or a pipe, where a row is a line. */
  width: number | undefined;
}

/** How wide a table may be on a stream. */
export const widthOf = (stream: NodeJS.WriteStream): number | undefined =>
  stream.isTTY ? stream.columns : undefined;

/** A table without lines; the last column, a sentence, is wrapped to what the terminal has room for. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { paint, width }: TableLook,
): string {
  const room = lastColumn([head, ...rows], width);
  const table = new Table({
    head: head.map((word) => paint('bold', word)),
    chars: { ...NO_LINES, middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    wordWrap: true,
    colWidths: head.map((_, index) => (index === head.length - 1 ? room : null)),
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function lastColumn(rows: readonly (readonly string[])[], width: number | undefined): number | null {
  if (width === undefined) return null;
  const columns = (rows[0]?.length ?? 1) - 1;
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...rows.map((row) => stripVTControlCharacters(row[index] ?? '').length)),
  );
  const used = widths.reduce((sum, one) => sum + one + GAP.length, 0);
  return width - used < LEAST_WIDTH ? null : width - used;
}
