/** An IPv4 network as numbers: `base` is its first address, `size` how many it has. */
export interface Network {
  text: string;
  base: number;
  bits: number;
  size: number;
}

export function parseNetwork(text: string): Network {
  const [address = '', bits = ''] = text.split('/');
  const base = numberOf(address);
  const size = 2 ** (32 - Number(bits));
  if (base === null || !Number.isInteger(size) || base % size !== 0)
    throw new Error(`${text} is not a network such as 10.0.0.0/16.`);
  return { text, base, bits: Number(bits), size };
}

/** The 32-bit number of a dotted address; null when it is none. */
export function numberOf(address: string): number | null {
  const parts = address.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part <= 255);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + part, 0) : null;
}

export const dotted = (number: number): string =>
  `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;

/** The auditor's own address where it sits in the network itself: no phone gets it. */
export const auditorIn = ({ base }: Network): string => dotted(base + 1);

/** Offsets of the addresses where a phone lives: scattered, the same in every run; never the first two, nor the last. */
export function chooseLive({ size }: Network, count: number): number[] {
  const free = Array.from({ length: size - 3 }, (_, index) => index + 2);
  if (count >= free.length) return free;
  const ranks = new Map(free.map((index) => [index, scatter(index)]));
  const rankOf = (index: number): number => ranks.get(index) ?? 0;
  return free.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, count);
}

/** A bijection of 32-bit numbers (the end of MurmurHash3), so that no two addresses tie. */
function scatter(index: number): number {
  let hash = index;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** One bit an address, lowest first: what fleet.c reads. */
export function bitmapOf({ size }: Network, live: readonly number[]): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(size / 8));
  for (const index of live) bitmap[index >> 3]! |= 1 << (index & 7);
  return bitmap;
}

/** How many of the phones were found, and how many were that are not there. */
export function score(
  found: ReadonlySet<string>,
  live: ReadonlySet<string>,
): { right: number; wrong: number } {
  const right = [...found].filter((address) => live.has(address)).length;
  return { right, wrong: found.size - right };
}
