import { trimBlanks } from './grammar.ts';
import { decodeUtf8 } from './utf8.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Most bytes read of one stream. Answers to OPTIONS are below 4 KiB; whoever says more in one conversation says something else. */
export const MAX_STREAM_BYTES = 65_536;

/** Why a stream is read no further, closed. */
export type FrameFault =
  | 'too-long' // more than MAX_STREAM_BYTES came, or are to come by a Content-Length
  | 'bad-length'; // a Content-Length that is no number: nobody knows where the message ends

/** Takes a stream apart into messages (RFC 3261 18.3), in whatever pieces it comes. */
export interface Frames {
  /** The messages that these bytes complete, in order. None after a fault. */
  push(bytes: Uint8Array): Uint8Array[];
  /** What of a message has come, where it is not whole; null between messages. A whole head is worth reading without its body. */
  rest(): { bytes: Uint8Array; hasWholeHead: boolean } | null;
  readonly fault: FrameFault | null;
}

export function createFrames(): Frames {
  const buffer = new Uint8Array(MAX_STREAM_BYTES);
  let taken = 0;
  let length = 0;
  let isLineEmpty = false;
  let headLength: number | null = null;
  let wholeLength: number | null = null;
  let fault: FrameFault | null = null;

  /** The same end of head as in a datagram: an empty line, its LF alone or after any number of CRs. */
  const endsHead = (byte: number): boolean => {
    if (byte === LF && isLineEmpty) return true;
    if (byte !== CR) isLineEmpty = byte === LF;
    return false;
  };

  const measure = (): void => {
    headLength = length;
    const body = bodyLength(buffer.subarray(0, length));
    if (body === null) fault = 'bad-length';
    else if (body > MAX_STREAM_BYTES - taken) fault = 'too-long';
    else wholeLength = length + body;
  };

  const take = (byte: number): void => {
    if (taken === MAX_STREAM_BYTES) return void (fault = 'too-long');
    taken += 1;
    // Line ends between messages keep a connection alive (RFC 5626 3.5.1) and are no part of one (RFC 3261 7.5).
    if (length === 0 && (byte === CR || byte === LF)) return;
    buffer[length] = byte;
    length += 1;
    if (headLength === null && endsHead(byte)) measure();
  };

  return {
    push(bytes) {
      const whole: Uint8Array[] = [];
      for (const byte of bytes) {
        if (fault !== null) break;
        take(byte);
        if (length === 0 || length !== wholeLength) continue;
        whole.push(buffer.slice(0, length));
        length = 0;
        headLength = wholeLength = null;
      }
      return whole;
    },
    rest: () => (length === 0 ? null : { bytes: buffer.slice(0, length), hasWholeHead: headLength !== null }),
    get fault() {
      return fault;
    },
  };
}

// The compact form too, at the start of a line only, and with the lines that continue it.
const CONTENT_LENGTH = /\n(?:content-length|l)[ \t\r]*:([^\n]*(?:\n[ \t][^\n]*)*)/i;

/** What a head says of its body: 0 where it says nothing, as it must (RFC 3261 20.14) and not every stack does; null for no number. */
function bodyLength(head: Uint8Array): number | null {
  const stated = CONTENT_LENGTH.exec(decodeUtf8(head))?.[1];
  if (stated === undefined) return 0;
  const digits = trimBlanks(stated.replaceAll('\n', ' '));
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
