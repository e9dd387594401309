/**
 * A fixed order of the numbers from 0 to `length`, as random as its seed: neighbouring hosts, often behind one switch port, are not
 * asked in one burst, and a sweep that was stopped finds its order again. A Feistel network over the next power of four, walked until
 * it lands inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): nothing is stored.
 */
export function createOrder(length: number, seed: number): (index: number) => number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, length)) / 2));
  const half = 2 ** halfBits;
  const keys = Array.from({ length: ROUNDS }, (_, round) => mix(seed + round * 0x9e3779b9));
  const permute = (value: number): number => {
    let left = Math.floor(value / half);
    let right = value % half;
    for (const key of keys) [left, right] = [right, (left ^ mix(right ^ key)) & (half - 1)];
    return left * half + right;
  };
  return (index) => {
    let value = permute(index);
    while (value >= length) value = permute(value);
    return value;
  };
}

const ROUNDS = 4;

/** The finalizer of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
