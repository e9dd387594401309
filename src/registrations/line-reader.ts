import { failure, success, type Outcome } from '../model/outcome.ts';
import { bounded } from '../model/text.ts';
import type { Conversation } from '../platform/ports.ts';
import { decodeUtf8 } from '../wire/sip/utf8.ts';
import { MAX_ANSWER_BYTES, type SourceFault } from './source.ts';

/** Longest line: a contact with its Path is well under 4 KiB; who sends more without an end of line speaks something else. */
export const MAX_LINE_BYTES = 65_536;
/** Most lines of one block: an AMI peer has about fifty. */
export const MAX_BLOCK_LINES = 256;

/** `Key: Value` lines up to a blank one: names in lower case, values bounded, the first of a name counts. */
export type Block = ReadonlyMap<string, string>;

/** Takes a stream apart into what AMI and the event socket are made of. The same bytes give the same, however they are cut. */
export interface LineReader {
  /** The next line, without its end (CRLF or LF). */
  line(): Promise<Outcome<string, SourceFault>>;
  /** The next block; blank lines before it are skipped. */
  block(): Promise<Outcome<Block, SourceFault>>;
  /** The next `count` bytes as text. */
  text(count: number): Promise<Outcome<string, SourceFault>>;
}

const LF = 0x0a;

/** At most `mostBytes` are taken off the stream in all. */
export function createLineReader(
  stream: Pick<Conversation, 'receive'>,
  mostBytes = MAX_ANSWER_BYTES,
): LineReader {
  let taken = 0;
  let rest: Uint8Array = new Uint8Array(0);

  const receive = async (): Promise<Outcome<Uint8Array, SourceFault>> => {
    const received = await stream.receive();
    if (!received.ok) return received;
    taken += received.value.length;
    return taken > mostBytes ? tooLong(`more than ${mostBytes} bytes`) : received;
  };

  const line = async (): Promise<Outcome<string, SourceFault>> => {
    for (let from = 0; ;) {
      const end = rest.indexOf(LF, from);
      if (end !== -1) {
        const text = decodeUtf8(rest.subarray(0, end)).replace(/\r$/, '');
        rest = rest.subarray(end + 1);
        return success(text);
      }
      if (rest.length > MAX_LINE_BYTES) return tooLong(`a line of more than ${MAX_LINE_BYTES} bytes`);
      from = rest.length;
      const received = await receive();
      if (!received.ok) return received;
      rest = joined([rest, received.value]);
    }
  };

  return {
    line,
    async block() {
      const block = new Map<string, string>();
      for (let lines = 0; lines < MAX_BLOCK_LINES; lines += 1) {
        const next = await line();
        if (!next.ok) return next;
        if (next.value === '' && block.size > 0) return success(block);
        const colon = next.value.indexOf(':');
        const key = bounded(next.value.slice(0, Math.max(colon, 0)).trim().toLowerCase());
        if (key !== '' && !block.has(key)) block.set(key, bounded(next.value.slice(colon + 1).trim()));
      }
      return tooLong(`a block of more than ${MAX_BLOCK_LINES} lines`);
    },
    async text(count) {
      if (taken - rest.length + count > mostBytes) return tooLong(`more than ${mostBytes} bytes`);
      const pieces = [rest];
      for (let size = rest.length; size < count;) {
        const received = await receive();
        if (!received.ok) return received;
        pieces.push(received.value);
        size += received.value.length;
      }
      const all = joined(pieces);
      rest = all.subarray(count);
      return success(decodeUtf8(all.subarray(0, count)));
    },
  };
}

const tooLong = (detail: string): { ok: false; fault: SourceFault } => failure({ kind: 'too-long', detail });

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
