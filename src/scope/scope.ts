import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import {
  formatAddress,
  formatIPv4,
  isPrivate,
  parseAddress,
  parseIPv4,
  parseTarget,
  sizeOf,
  type AddressRange,
} from './network.ts';

/** Widest scope that needs no confirmation: a /16. */
export const WIDEST_WITHOUT_CONFIRMATION = 65_536n;

/** IPv6 networks are never swept blindly; addresses inside are asked only when something made them known. */
const MOST_SWEPT_V6 = 256n;

export interface Exclusion {
  network: string;
  because: string;
}

/** Where packets may go. Everything outside, and every exclusion inside, is refused. */
export interface Scope {
  readonly include: readonly string[];
  readonly exclude: readonly Exclusion[];
  /** True when nothing may be sent anywhere. */
  readonly isEmpty: boolean;
  includes(address: string): boolean;
  /** Whether any address of a network, range or address lies inside. */
  overlaps(network: string): boolean;
  /** How many addresses a sweep asks. */
  readonly sweptCount: number;
  /** Whether a sweep asks this address: IPv6 networks are not swept. */
  isSwept(address: string): boolean;
  /** The address that a sweep knows by this number, from 0 to sweptCount, in address order; undefined beyond. */
  addressAt(index: number): string | undefined;
}

export interface ScopeRequest {
  include: readonly string[];
  exclude?: readonly Exclusion[];
  /** A person said that a wide or public scope is meant (`--i-know`). */
  confirmed?: boolean;
}

/** Where an entry of the request was written, for faults. */
export type PlaceOfEntry = (
  list: 'include' | 'exclude',
  index: number,
) => Pick<Fault, 'file' | 'line' | 'column'>;

const commandLine: PlaceOfEntry = () => ({ file: 'command line', line: null, column: null });

/** Reads a scope, all faults at once. An empty list of networks is a scope too: one that refuses everything. */
export function createScope(
  request: ScopeRequest,
  placeOf: PlaceOfEntry = commandLine,
): Outcome<Scope, Fault[]> {
  const faults: Fault[] = [];
  const read = (list: 'include' | 'exclude', texts: readonly string[]): AddressRange[] =>
    texts.flatMap((text, index) => {
      const target = parseTarget(text, list === 'exclude');
      if (target.ok) return [target.value.range];
      faults.push({ ...placeOf(list, index), message: target.fault });
      return [];
    });

  const include = read('include', request.include);
  const exclude = read(
    'exclude',
    (request.exclude ?? []).map((entry) => entry.network),
  );
  if (request.confirmed !== true) faults.push(...unconfirmed(include, placeOf));
  if (faults.length > 0) return failure(faults);

  const swept = subtract(
    include.filter((range) => range.family === 4 || sizeOf(range) <= MOST_SWEPT_V6),
    exclude,
  );
  const allowed = subtract(include, exclude);
  const allowedV4 = allowed
    .filter(({ family }) => family === 4)
    .map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
  return success({
    include: request.include,
    exclude: request.exclude ?? [],
    isEmpty: allowed.length === 0,
    sweptCount: Number(swept.reduce((sum, range) => sum + sizeOf(range), 0n)),
    isSwept(text) {
      const address = parseAddress(text);
      return address !== null && contains(swept, address.family, address.value);
    },
    addressAt: numbering(swept),
    includes(text) {
      const v4 = parseIPv4(text);
      if (v4 !== null) return allowedV4.some(({ first, last }) => first <= v4 && v4 <= last);
      const address = parseAddress(text);
      return address !== null && contains(allowed, address.family, address.value);
    },
    overlaps(text) {
      const other = parseTarget(text, true);
      if (!other.ok) return false;
      const { family, first, last } = other.value.range;
      return allowed.some((range) => range.family === family && range.first <= last && first <= range.last);
    },
  });
}

function unconfirmed(include: readonly AddressRange[], placeOf: PlaceOfEntry): Fault[] {
  const faults: Fault[] = [];
  const hint = 'Add --i-know if it is meant.';
  for (const [index, range] of include.entries()) {
    const swept = range.family === 4 || sizeOf(range) <= MOST_SWEPT_V6;
    if (swept && sizeOf(range) > WIDEST_WITHOUT_CONFIRMATION)
      faults.push({
        ...placeOf('include', index),
        message: `"${range.text}" is wider than a /16 (${sizeOf(range)} addresses): a sweep of it takes long and meets hosts of others.`,
        hint,
      });
    if (!isPrivate(range))
      faults.push({
        ...placeOf('include', index),
        message: `"${range.text}" holds public addresses: their owners may take a sweep for an attack.`,
        hint,
      });
  }
  const total = include.filter((range) => range.family === 4).reduce((sum, range) => sum + sizeOf(range), 0n);
  if (faults.length === 0 && total > WIDEST_WITHOUT_CONFIRMATION)
    faults.push({
      ...placeOf('include', 0),
      message: `the networks together are wider than a /16 (${total} addresses).`,
      hint,
    });
  return faults;
}

/** Addresses by number, in the order of the ranges. */
function numbering(ranges: readonly Interval[]): (index: number) => string | undefined {
  let before = 0;
  const numbered = ranges.map((range) => {
    const start = before;
    before += Number(sizeOf(range));
    return { start, family: range.family, first: range.first, firstV4: Number(range.first) };
  });
  return (index) => {
    if (index < 0 || index >= before) return undefined;
    const range = numbered.findLast(({ start }) => start <= index);
    if (range === undefined) return undefined;
    const { start, family, first, firstV4 } = range;
    return family === 4
      ? formatIPv4(firstV4 + index - start)
      : formatAddress(family, first + BigInt(index - start));
  };
}

type Interval = Pick<AddressRange, 'family' | 'first' | 'last'>;

/** `include` without `exclude`: sorted, merged, non-overlapping, so that a look-up is a binary search. */
function subtract(include: readonly Interval[], exclude: readonly Interval[]): Interval[] {
  let rest = merge(include);
  for (const hole of exclude)
    rest = rest.flatMap((range) => {
      if (range.family !== hole.family || hole.last < range.first || hole.first > range.last) return [range];
      const pieces: Interval[] = [];
      if (range.first < hole.first) pieces.push({ ...range, last: hole.first - 1n });
      if (range.last > hole.last) pieces.push({ ...range, first: hole.last + 1n });
      return pieces;
    });
  return rest;
}

function merge(ranges: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { family, first, last } of [...ranges].sort(byAddress)) {
    const previous = merged.at(-1);
    if (previous !== undefined && previous.family === family && first <= previous.last + 1n) {
      if (last > previous.last) previous.last = last;
    } else merged.push({ family, first, last });
  }
  return merged;
}

const byAddress = (a: Interval, b: Interval): number =>
  a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);

function contains(ranges: readonly Interval[], family: 4 | 6, value: bigint): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (range.family < family || (range.family === family && range.last < value)) low = middle + 1;
    else if (range.family > family || range.first > value) high = middle - 1;
    else return true;
  }
  return false;
}
