import { readdirSync, readFileSync } from 'node:fs';
import { parseSip } from '../src/wire/sip/parse.ts';
import { measure, type Figure } from './measure.ts';

const CAPTURES = new URL('../test/captures/sip/', import.meta.url);

/** Parsing of real messages, as they came: answers and requests of every capture. */
export function benchParse(): Figure {
  const messages = readdirSync(CAPTURES)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => readFileSync(new URL(file, CAPTURES)));
  const rounds = 400;
  return measure(`SIP parse, ${messages.length} captured messages`, rounds * messages.length, () => {
    for (let round = 0; round < rounds; round++) for (const message of messages) parseSip(message);
  });
}
