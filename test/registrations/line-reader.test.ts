import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader, MAX_BLOCK_LINES, MAX_LINE_BYTES } from '../../src/registrations/line-reader.ts';
import { MAX_FIELD_LENGTH } from '../../src/model/text.ts';
import { cutInto, streamOf } from './peers.ts';

const EXCHANGE =
  'Hello/1\r\nResponse: Success\r\nName: Jürgen ☎\r\nName: again\r\n\r\nContent-Length: 7\n\n<é☎x>Z: last\n\n';

async function readAll(pieces: readonly (string | Uint8Array)[]): Promise<unknown[]> {
  const reader = createLineReader(streamOf(pieces));
  const blockOf = async () => {
    const block = await reader.block();
    return block.ok ? Object.fromEntries(block.value) : block;
  };
  return [
    await reader.line(),
    await blockOf(),
    await blockOf(),
    await reader.text(8),
    await blockOf(),
    await reader.line(),
  ];
}

describe('lines, blocks and bodies of a stream', () => {
  it('come out the same however the stream is cut', async () => {
    const whole = await readAll([EXCHANGE]);
    expect(whole).toEqual([
      { ok: true, value: 'Hello/1' },
      { response: 'Success', name: 'Jürgen ☎' },
      { 'content-length': '7' },
      { ok: true, value: '<é☎x>' },
      { z: 'last' },
      { ok: false, fault: { kind: 'closed', detail: 'end' } },
    ]);
    for (let size = 1; size < 40; size += 1) expect(await readAll(cutInto(EXCHANGE, size))).toEqual(whole);
  });

  it('end in a fault where a line has no end, a block no blank line, an answer no limit', async () => {
    const fault = (read: { ok: boolean; fault?: { kind: string } }) => read.fault?.kind;
    const endless = Array.from({ length: 100 }, () => 'x'.repeat(MAX_LINE_BYTES));
    expect(fault(await createLineReader(streamOf(endless)).line())).toBe('too-long');
    const lines = 'a: b\n'.repeat(MAX_BLOCK_LINES + 1);
    expect(fault(await createLineReader(streamOf([lines])).block())).toBe('too-long');
    expect(fault(await createLineReader(streamOf(endless), 1000).text(2000))).toBe('too-long');
    expect(fault(await createLineReader(streamOf(endless), 1000).line())).toBe('too-long');
    expect(fault(await createLineReader(streamOf(['12'])).text(3))).toBe('closed');
    const small = createLineReader(streamOf(Array.from({ length: 1000 }, () => 'a: b\n\n')), 1000);
    let block = await small.block();
    while (block.ok) block = await small.block();
    expect(fault(block)).toBe('too-long');
  });

  it('are read of any bytes without throwing, and stay bounded', async () => {
    const telling = fc.constantFrom(
      ...['\r\n', '\n', ': ', 'Key: v\r\n', '\r\n\r\n'].map((text) => Buffer.from(text)),
    );
    const pieces = fc.array(fc.oneof(telling, fc.uint8Array({ maxLength: 2000 })), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, async (bytes) => {
        const reader = createLineReader(streamOf(bytes));
        for (;;) {
          const block = await reader.block();
          if (!block.ok) break;
          expect(block.value.size).toBeLessThanOrEqual(MAX_BLOCK_LINES);
          for (const [key, value] of block.value)
            expect(Math.max(key.length, value.length)).toBeLessThanOrEqual(MAX_FIELD_LENGTH);
        }
      }),
    );
  });
});
