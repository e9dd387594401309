import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { buildDns } from '../../../src/wire/dns/build.ts';
import { parseDns } from '../../../src/wire/dns/parse.ts';
import { isBounded } from './bounds.ts';
import { capturesOf } from './captures.ts';

/** A night run asks for more. */
const MUTATIONS = Number(process.env['SIPCENSUS_MUTATIONS'] ?? 20_000);
const SEED = 5353;

const corpus = capturesOf().map(({ bytes }) => bytes);
/** Lengths, pointers, types and counts: what a reader trips over. */
const TELLING = [[0], [0xc0, 12], [0xc0, 0xff], [0xff], [0, 0], [0xff, 0xff], [63], [64], [0, 12], [0, 33]];

/** Whole numbers below `limit`, the same ones in every run (mulberry32). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(limit, 1);
  };
}

/** One to three changes, most of which keep the length: else nearly every count would be wrong, and nothing else be looked at. */
function mutated(random: (limit: number) => number): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  let bytes = pick(corpus);
  for (let changes = 1 + random(3); changes > 0; changes -= 1) {
    const at = random(bytes.length);
    const piece = bytes.subarray(at, at + 1 + random(random(4) === 0 ? 200 : 6));
    const other = pick(corpus);
    const telling = Uint8Array.from(pick(TELLING));
    const insert = [
      ...Array.from({ length: 5 }, () => [Uint8Array.of(random(256)), piece.subarray(1)]),
      ...Array.from({ length: 5 }, () => [telling, piece.subarray(telling.length)]),
      [],
      [piece, piece],
      [other.subarray(random(other.length))],
    ];
    bytes = Buffer.concat([bytes.subarray(0, at), ...pick(insert), bytes.subarray(at + piece.length)]);
  }
  return new Uint8Array(bytes);
}

it(
  `reads ${MUTATIONS} mutations of the captures without throwing, within bounds, and back again`,
  () => {
    const random = createRandom(SEED);
    const seen = { messages: 0, readBack: 0 };
    for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
      const bytes = mutated(random);
      try {
        const parsed = parseDns(bytes);
        if (!parsed.ok) continue;
        if (!isBounded(parsed.value)) throw new Error('keeps too much');
        seen.messages += 1;
        // What is no UTF-8 grows when it is written: some labels and texts are too long then.
        const built = buildDns(parsed.value);
        if (!built.ok) continue;
        if (!isDeepStrictEqual(parseDns(built.value), parsed))
          throw new Error('is not read back as it was written');
        seen.readBack += 1;
      } catch (cause) {
        const hex = Buffer.from(bytes).toString('hex');
        throw new Error(`mutation ${mutation} of seed ${SEED}: ${String(cause)}\n${hex}`, { cause });
      }
    }
    // Otherwise the mutations would be too wild to reach what is behind the first name.
    expect(seen.messages).toBeGreaterThan(MUTATIONS * 0.2);
    expect(seen.readBack).toBeGreaterThan(MUTATIONS * 0.2);
  },
  Math.max(30_000, MUTATIONS),
);
