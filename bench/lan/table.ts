import type { Network } from './addresses.ts';
import type { Case } from './cases.ts';
import type { Result } from './run.ts';

/** All runs of one contestant over one case. */
export interface Row {
  test: Case;
  network: Network;
  contestant: string;
  results: readonly Result[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export const secondsOf = ({ results }: Row): number => median(results.map(({ seconds }) => seconds));

const HEAD = [
  'program',
  'network',
  'runs',
  'seconds',
  'least-most',
  'cpu s',
  'MiB',
  'found',
  'of',
  'recall',
  'false',
  'sent',
];

function cellsOf({ contestant, network, results }: Row): string[] {
  const of = (pick: (result: Result) => number): number => median(results.map(pick));
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const seconds = results.map((result) => result.seconds);
  return [
    contestant,
    network.text,
    String(results.length),
    of((result) => result.seconds).toFixed(2),
    `${Math.min(...seconds).toFixed(2)}-${Math.max(...seconds).toFixed(2)}`,
    of(({ cpuSeconds }) => cpuSeconds).toFixed(2),
    whole(of(({ peakMiB }) => peakMiB)),
    whole(of(({ right }) => right)),
    whole(of(({ phones }) => phones)),
    `${(of(({ right, phones }) => right / phones) * 100).toFixed(2)} %`,
    whole(Math.max(...results.map(({ wrong }) => wrong))),
    whole(of(({ sent }) => sent)),
  ];
}

/** A block for each case: what it is, a row for each program (medians; of false entries the most), ratios and remarks. */
export function render(rows: readonly Row[]): string[] {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const aligned = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`;
  return [...Map.groupBy(rows, (row) => row.test)].flatMap(([test, ofCase]) => [
    '',
    `${test.name}: ${test.what}`,
    aligned(HEAD),
    ...ofCase.map((row) => aligned(cellsOf(row))),
    ...ratios(ofCase),
    ...perAddress(ofCase, rows),
    ...remarks(ofCase),
  ]);
}

const microseconds = (row: Row): number => (secondsOf(row) / row.network.size) * 1e6;

const cpuOf = ({ results, network }: Row): number =>
  median(results.map(({ cpuSeconds }) => cpuSeconds)) / network.size;

/** By the address, which for the same network is by the whole. */
function ratios([first, ...others]: readonly Row[]): string[] {
  if (first === undefined) return [];
  return others.map((other) => {
    const ratio = microseconds(first) / microseconds(other);
    const time = ratio < 1 ? `1/${(1 / ratio).toPrecision(3)}` : ratio.toPrecision(3);
    const cpu = (cpuOf(first) / cpuOf(other)).toPrecision(3);
    const by = first.network.size === other.network.size ? '' : ', by the address';
    return `  ${first.contestant}: ${time} times the time of ${other.contestant}${by}; ${cpu} times the CPU`;
  });
}

/** What an address costs, and beside it what one costs in the first routed case, where that has been run too. */
function perAddress([row]: readonly Row[], all: readonly Row[]): string[] {
  if (row === undefined || row.test.isPolite) return [];
  const line = `  ${row.contestant}: ${microseconds(row).toFixed(1)} microseconds an address`;
  const yardstick = all.find(({ test }) => test.name === 'routed-16');
  if (yardstick === undefined || yardstick === row || row.test.link === 'on-link') return [line];
  return [`${line}, ${(microseconds(row) / microseconds(yardstick)).toPrecision(3)} times as in routed-16`];
}

const remarks = (rows: readonly Row[]): string[] =>
  rows.flatMap(({ contestant, results }) =>
    [...new Set(results.flatMap((result) => result.remarks))].map((text) => `  ${contestant}: ${text}`),
  );
