import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { buildSip } from '../../../src/wire/sip/build.ts';
import { canonicalName } from '../../../src/wire/sip/headers.ts';
import type { SipMessage } from '../../../src/wire/sip/message.ts';
import { parseSip } from '../../../src/wire/sip/parse.ts';
import { isBounded } from './bounds.ts';
import { CAPTURES, messagesOf, TORTURE } from './message-files.ts';
import { observe } from './observe.ts';

/** A night run asks for more. */
const MUTATIONS = Number(process.env['SIPCENSUS_MUTATIONS'] ?? 20_000);
const SEED = 5060;

const corpus = [CAPTURES, ...TORTURE].flatMap(messagesOf).map(({ bytes }) => bytes);
const TELLING = [
  ...['\r\n', '\r\n\r\n', '\r\n ', 'SIP/2.0', 'l: ', '99999999999', '%00'],
  ...Array.from('\r\n\t \0\xff:;,=<>"\'\\/@[]%?*'),
].map((text) => Buffer.from(text, 'latin1'));

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

/** One to four changes: a byte replaced, a piece cut out, doubled or taken from another message, something telling put in. */
function mutated(random: (limit: number) => number): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  let bytes = pick(corpus);
  for (let changes = 1 + random(4); changes > 0; changes -= 1) {
    const at = random(bytes.length);
    const end = at + random(random(4) === 0 ? 400 : 12);
    const piece = bytes.subarray(at, end);
    const other = pick(corpus);
    const insert = [
      [Uint8Array.of(random(256)), piece.subarray(1)],
      [],
      [piece, piece],
      [other.subarray(random(other.length))],
      [pick(TELLING), piece],
    ];
    bytes = Buffer.concat([bytes.subarray(0, at), ...pick(insert), bytes.subarray(end)]);
  }
  return new Uint8Array(bytes);
}

/** What was read, written and read again, is the same but for the length; null where writing refuses it, or the length is one too many. */
function isReadBack(message: SipMessage): boolean | null {
  const built = buildSip(message);
  if (!built.ok) return null;
  const again = parseSip(built.value);
  if (again.ok && again.value.quirks.some((quirk) => quirk === 'cut' || quirk === 'header-limit'))
    return null;
  return again.ok && isDeepStrictEqual(comparable(again.value), comparable(message));
}

const comparable = (message: SipMessage): object => ({
  ...message,
  headers: message.headers.filter(({ name }) => canonicalName(name) !== 'content-length'),
  quirks: [],
});

it(
  `reads ${MUTATIONS} mutations of the message files without throwing, within bounds, and back again`,
  () => {
    const random = createRandom(SEED);
    const seen = { messages: 0, readBack: 0 };
    for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
      const bytes = mutated(random);
      try {
        const parsed = parseSip(bytes);
        if (!parsed.ok) continue;
        observe(parsed.value);
        const readBack = isReadBack(parsed.value);
        if (!isBounded(parsed.value)) throw new Error('keeps too much');
        if (readBack === false) throw new Error('is not read back as it was written');
        seen.messages += 1;
        if (readBack === true) seen.readBack += 1;
      } catch (cause) {
        const text = Buffer.from(bytes).toString('latin1');
        throw new Error(`mutation ${mutation} of seed ${SEED}: ${String(cause)}\n${text}`, { cause });
      }
    }
    // Otherwise the mutations would be too wild to reach what is behind the start line.
    expect(seen.messages).toBeGreaterThan(MUTATIONS * 0.75);
    expect(seen.readBack).toBeGreaterThan(MUTATIONS * 0.5);
  },
  Math.max(30_000, MUTATIONS),
);
