import { readFileSync } from 'node:fs';

const FOLDER = 'test/captures/ssdp';

export const capture = (name: string): Buffer => readFileSync(`${FOLDER}/${name}`);

/** The datagrams of a file of answers, each ended by its empty line. */
export const datagramsOf = (name: string): Buffer[] =>
  (
    capture(name)
      .toString('latin1')
      .match(/(?:[^\r\n]+\r\n)+\r\n/g) ?? []
  ).map((text) => Buffer.from(text, 'latin1'));

export const ANSWERS = ['miniupnpd-2.3.1_msearch-all-answers.txt', 'minidlna-1.3.0_msearch-all-answers.txt'];
export const DESCRIPTIONS = [
  'miniupnpd-2.3.1_description.xml',
  'minidlna-1.3.0_description.xml',
  'axis-m1014_description-quoted.xml',
];

export const ROUTER_SERVER = 'FRITZ!Box 7490 (UI) UPnP/1.0 AVM FRITZ!Box 7490 (UI) 113.06.93';

/** An SSDP message of these lines. */
export const message = (startLine: string, headers: Record<string, string>, lineEnd = '\r\n'): Buffer =>
  Buffer.from(
    [startLine, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join(lineEnd),
  );

/** Whole numbers below `limit`, the same ones in every run (mulberry32). */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(limit, 1);
  };
}

/** A message of the corpus with one to four changes: a byte replaced, a piece cut, doubled or taken from elsewhere, something telling. */
export function mutated(
  random: (limit: number) => number,
  corpus: readonly Uint8Array[],
  telling: readonly string[],
): Buffer {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  let bytes: Uint8Array = pick(corpus);
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
      [Buffer.from(pick(telling), 'latin1'), piece],
    ];
    bytes = Buffer.concat([bytes.subarray(0, at), ...pick(insert), bytes.subarray(end)]);
  }
  return Buffer.from(bytes);
}
