import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrames, MAX_STREAM_BYTES } from '../../../src/wire/sip/frames.ts';
import { CAPTURES, messagesOf, TORTURE } from './message-files.ts';

const HEAD = 'SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\n';
const answer = (length: string, body = ''): string => `${HEAD}${length}\r\n\r\n${body}`;
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** The messages of a stream that came in these pieces, what was left, and why it was read no further. */
function read(...pieces: (string | Uint8Array)[]) {
  const frames = createFrames();
  const messages = pieces.flatMap((piece) =>
    frames.push(typeof piece === 'string' ? bytesOf(piece) : piece).map((bytes) => Buffer.from(bytes)),
  );
  const rest = frames.rest();
  return {
    messages: messages.map((bytes) => bytes.toString('latin1')),
    rest: rest && { ...rest, bytes: Buffer.from(rest.bytes).toString('latin1') },
    fault: frames.fault,
  };
}

/** One piece for each byte. */
const byByte = (text: string): Uint8Array[] => Array.from(bytesOf(text), (byte) => Uint8Array.of(byte));

describe('a stream of SIP messages', () => {
  const plain = answer('Content-Length: 0');
  const withBody = answer('Content-Length: 5', 'v=0\r\n');

  it.each([
    ['one message', [plain], [plain]],
    ['one with a body', [withBody], [withBody]],
    ['two in one piece', [plain + withBody], [plain, withBody]],
    ['one in a piece for each byte', byByte(withBody), [withBody]],
    ['one split inside the empty line', [plain.slice(0, -1), plain.slice(-1) + plain], [plain, plain]],
    ['one split inside its body', [withBody.slice(0, -2), withBody.slice(-2)], [withBody]],
    ['keep-alives before, between and behind', ['\r\n\r\n', `${plain}\r\n\r\n${plain}\r\n`], [plain, plain]],
    ['the compact form', [answer('l:5', '12345')], [answer('l:5', '12345')]],
    ['a length in any case, with blanks', [answer('CONTENT-LENGTH \t:  2 ', 'ab')], 1],
    ['a length on a line of its own', [answer('Content-Length:\r\n 2', 'ab')], 1],
    ['the first of two lengths', [answer('l: 2\r\nContent-Length: 9', 'ab')], 1],
    ['no length: no body', [`${HEAD}\r\n${plain}`], [`${HEAD}\r\n`, plain]],
    ['a length among the words of another field', [`${HEAD}Subject: x\r\n l: 9\r\n\r\n`], 1],
    ['a header field that ends like the compact form', [`${HEAD}x-l: 9\r\n\r\n`], 1],
    ['lines that end by LF alone', ['SIP/2.0 200 OK\nl: 1\n\na'], 1],
    ['lines that end by CR CR LF', ['SIP/2.0 200 OK\r\r\nl: 1\r\r\n\r\r\na'], 1],
  ] as const)('is taken apart: %s', (_, pieces, expected) => {
    const { messages, rest, fault } = read(...pieces);
    expect(fault).toBeNull();
    expect(rest).toBeNull();
    expect(messages).toEqual(typeof expected === 'number' ? [pieces.join('')] : expected);
  });

  it.each(['abc', '-1', '+1', '1.0', '0x10', '', '1 1', '1;a', '1\r\n 1'])(
    'is read no further behind a message whose length is "%s", of which the head is left',
    (length) => {
      const head = answer(`Content-Length: ${length}`);
      expect(read(head + plain)).toEqual({
        messages: [],
        rest: { bytes: head, hasWholeHead: true },
        fault: 'bad-length',
      });
    },
  );

  it.each(['65536', '99999999999999999999', '9'.repeat(400)])(
    'is read no further where a body of %s bytes is to come, of which the head is left',
    (length) => {
      const head = answer(`Content-Length: ${length}`);
      expect(read(head, 'body')).toEqual({
        messages: [],
        rest: { bytes: head, hasWholeHead: true },
        fault: 'too-long',
      });
    },
  );

  it('ends with half a message: with its head where that is whole, else without', () => {
    expect(read(answer('Content-Length: 9', 'v=0')).rest).toEqual({
      bytes: answer('Content-Length: 9', 'v=0'),
      hasWholeHead: true,
    });
    expect(read(HEAD).rest).toEqual({ bytes: HEAD, hasWholeHead: false });
    expect(read(plain, '\r\n\r\n').rest).toBeNull();
  });

  it.each([
    ['a head without end', HEAD + 'X: y\r\n'.repeat(20_000)],
    ['a line without end', 'x'.repeat(200_000)],
    ['keep-alives without end', '\r\n'.repeat(100_000)],
    ['messages without end', plain.repeat(10_000)],
  ])('keeps no more than its bound of %s', (_, text) => {
    const { messages, rest, fault } = read(text);
    expect(fault).toBe('too-long');
    const kept = messages.join('').length + (rest?.bytes.length ?? 0);
    expect(kept).toBeLessThanOrEqual(MAX_STREAM_BYTES);
  });

  it('takes a message that fills the bound to the last byte', () => {
    const head = 'SIP/2.0 200 OK\r\nContent-Length: 65500\r\n\r\n';
    const body = 'x'.repeat(MAX_STREAM_BYTES - head.length);
    const whole = head.replace('65500', String(body.length)) + body;
    expect(whole).toHaveLength(MAX_STREAM_BYTES);
    expect(read(whole)).toMatchObject({ messages: [whole], fault: null });
  });
});

/** Cuts bytes at these places, wherever they are in it. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

// Laws of src/wire/sip/frames.ts, with fast-check.
describe('any stream', () => {
  const corpus = [CAPTURES, ...TORTURE].flatMap(messagesOf).map(({ bytes }) => bytes);
  const someBytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(...corpus),
    fc
      .tuple(fc.constantFrom(...corpus), fc.nat(), fc.uint8Array({ maxLength: 4 }))
      .map(([bytes, at, change]) => {
        const copy = Uint8Array.from(bytes);
        copy.set(change.subarray(0, copy.length), at % Math.max(1, copy.length - change.length));
        return copy;
      }),
    fc.constantFrom('\r\n', '\r\n\r\n', 'l: 3\r\n', '\nContent-Length:', '\n ').map(bytesOf),
  );
  const stream = fc.array(someBytes, { maxLength: 5 }).map((parts) => new Uint8Array(Buffer.concat(parts)));

  it('reads the same in whatever pieces it comes, never throws, and keeps no more than came', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (bytes, places) => {
        const whole = read(bytes);
        expect(read(...cutAt(bytes, places))).toEqual(whole);
        expect(whole.messages.join('').length + (whole.rest?.bytes.length ?? 0)).toBeLessThanOrEqual(
          bytes.length,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('gives back the messages that were put into it', () => {
    const message = fc
      .string({ maxLength: 40, unit: 'binary-ascii' })
      .map((body) => answer(`Content-Length: ${body.length}`, body));
    const keepAlives = fc.constantFrom('', '\r\n', '\r\n\r\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(keepAlives, message), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (parts, places) => {
          const bytes = bytesOf(parts.flat().join(''));
          expect(read(...cutAt(bytes, places)).messages).toEqual(parts.map(([, text]) => text));
        },
      ),
    );
  });

  it('is read in time that grows with its length, byte by byte too', () => {
    const startedAt = performance.now();
    read(...byByte(`${HEAD}${'l'.repeat(30_000)}\nl${' '.repeat(30_000)}\r\n\r\n`));
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
