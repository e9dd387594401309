import { describe, expect, it } from 'vitest';
import { isResponse, isStandard, MAX_ENTRIES, type DnsMessage } from '../../../src/wire/dns/message.ts';
import { readName } from '../../../src/wire/dns/name.ts';
import { parseDns } from '../../../src/wire/dns/parse.ts';
import { capturesOf } from './captures.ts';

const read = (bytes: Uint8Array): DnsMessage => {
  const parsed = parseDns(bytes);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.value;
};
/** Bytes from hex digits and 'text' in quotes, each of which becomes a label or string with its length. */
const bytesOf = (text: string): Uint8Array =>
  new Uint8Array(
    Buffer.from(
      text
        .replace(
          /'([^']*)'/g,
          (_, label: string) =>
            label.length.toString(16).padStart(2, '0') + Buffer.from(label, 'latin1').toString('hex'),
        )
        .replace(/\s/g, ''),
      'hex',
    ),
  );
const header = (counts: string): string => `0000 8400 ${counts}`;
const [phone] = capturesOf('responses');
const LOCAL = ['_sip', '_udp', 'local'];

describe('reading mDNS messages from life', () => {
  it('reads every record of a compressed answer', () => {
    const name = ['GRP2614 reception', ...LOCAL];
    const host = ['desk-reception', 'local'];
    expect(read(phone!.bytes)).toEqual({
      id: 0,
      flags: 0x8400,
      questions: [],
      answers: [
        { type: 'PTR', name: LOCAL, ttl: 4500, cacheFlush: false, target: name },
        {
          type: 'TXT',
          name,
          ttl: 4500,
          cacheFlush: true,
          texts: ['model=GRP2614', 'vendor=Grandstream', 'fw=1.0.9.26', 'mac=000B82000050'],
        },
        { type: 'SRV', name, ttl: 120, cacheFlush: true, priority: 0, weight: 0, port: 5060, target: host },
        { type: 'AAAA', name: host, ttl: 120, cacheFlush: true, address: 'fd66:66::50' },
        { type: 'A', name: host, ttl: 120, cacheFlush: true, address: '10.66.0.50' },
      ],
      authorities: [],
      additionals: [],
    });
  });

  it('reads questions, QU bits, authorities and farewells', () => {
    const [probe, goodbye, legacy] = ['probe', 'goodbye', 'legacy-answer'].map((name) =>
      read(capturesOf(name)[0]!.bytes),
    );
    expect(isResponse(probe!)).toBe(false);
    expect(probe!.questions[0]).toEqual({
      name: ['GRP2614 reception', ...LOCAL],
      type: 255,
      unicastResponse: false,
    });
    expect(probe!.authorities.map(({ type }) => type)).toEqual(['SRV', 'TXT', 'SRV', 'TXT']);
    expect(goodbye!.answers.every(({ ttl }) => ttl === 0)).toBe(true);
    expect(legacy!.questions.map(({ unicastResponse }) => unicastResponse)).toEqual([true, true, true, true]);
    expect([goodbye, legacy].every((message) => isResponse(message!))).toBe(true);
  });

  it('reads all captures whole', () => {
    expect(capturesOf().length).toBeGreaterThanOrEqual(9);
    for (const { bytes } of capturesOf()) {
      const message = read(bytes);
      const stated = [4, 6, 8, 10].map((at) => Buffer.from(bytes).readUInt16BE(at));
      const { questions, answers, authorities, additionals } = message;
      expect([questions, answers, authorities, additionals].map(({ length }) => length)).toEqual(stated);
    }
  });

  it('gives a fault for every message that ends early', () => {
    for (const { bytes } of capturesOf())
      for (let length = 0; length < bytes.length; length += 1)
        expect(parseDns(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false);
  });
});

describe('names', () => {
  const nameAt = (text: string, at = 0) => readName(bytesOf(text), at);

  it('are labels, which may hold dots, blanks and any UTF-8', () => {
    expect(nameAt("'a.b c' 'local' 00")).toEqual({ name: ['a.b c', 'local'], next: 13 });
    expect(nameAt('04 c3bc f0ff 00')?.name).toEqual(['ü\ufffd\ufffd']);
    expect(nameAt('00')).toEqual({ name: [], next: 1 });
  });

  it('end where their first pointer ends', () => {
    expect(nameAt("'local' 00 'x' c000 ffff", 7)).toEqual({ name: ['x', 'local'], next: 11 });
    expect(nameAt("'local' 00 'x' c000 'y' c007", 11)).toEqual({ name: ['y', 'x', 'local'], next: 15 });
  });

  it.each([
    ['a pointer to itself', 'c000', 0],
    ['two pointers to each other', 'c002 c000', 2],
    ['a pointer into its own piece', "'a' 'b' c000", 0],
    ['a pointer forwards', "c003 00 'a' 00", 0],
    ['a pointer cut in two', "'a' c0", 0],
    ['a label beyond the end', "'a' 3f 61", 0],
    ['a reserved kind of label', "41 'a' 00", 0],
    ['no end', "'a' 'b'", 0],
    ['nothing', '', 0],
    ['more than 255 bytes', `${`'${'a'.repeat(63)}'`.repeat(4)} 00`, 0],
    ['more than 40 labels', `${"'a'".repeat(41)} 00`, 0],
    [
      'a chain of pointers only',
      `00${Array.from({ length: 60 }, (_, n) => `c0${(n === 0 ? 0 : 2 * n - 1).toString(16).padStart(2, '0')}`).join('')}`,
      119,
    ],
  ])('are refused with %s', (_, text, at) => {
    expect(nameAt(text, at)).toBeNull();
  });
});

describe('reading broken and foreign messages', () => {
  const A_RECORD = "'h' 00 0001 0001 00000078 0004 0a000007";

  it('skips other types, other classes and broken data by their length', () => {
    const message = read(
      bytesOf(`${header('0000 0006 0000 0000')}
        'h' 00 002f 0001 00000078 0003 aabbcc
        'h' 00 0001 0003 00000078 0004 0a000001
        'h' 00 0001 0001 00000078 0003 0a0000
        'h' 00 0010 0001 00000078 0002 05aa
        'h' 00 0021 0001 00000078 0008 0000 0000 13c4 c0ff
        ${A_RECORD}`),
    );
    expect(message.answers).toEqual([
      { type: 'A', name: ['h'], ttl: 120, cacheFlush: false, address: '10.0.0.7' },
    ]);
  });

  it('reads a TXT record with nothing to say as no strings', () => {
    const message = read(bytesOf(`${header('0000 0001 0000 0000')} 'h' 00 0010 0001 00000078 0001 00`));
    expect(message.answers[0]).toMatchObject({ type: 'TXT', texts: [] });
  });

  it('keeps 64 strings of a TXT record', () => {
    const strings = `00c8 ${"'a'".repeat(100)}`;
    const message = read(bytesOf(`${header('0000 0001 0000 0000')} 'h' 00 0010 0001 00000078 ${strings}`));
    expect(message.answers[0]).toMatchObject({ texts: Array.from({ length: 64 }, () => 'a') });
  });

  it('does not read data into the next record', () => {
    // The data hold a label and no end; what follows would end it.
    const message = read(
      bytesOf(`${header('0000 0002 0000 0000')} 'h' 00 000c 0001 00000078 0002 'a' ${A_RECORD}`),
    );
    expect(message.answers.map(({ type }) => type)).toEqual(['A']);
  });

  it.each([
    ['too-short', '0000 8400 0000 0000 0000 00'],
    ['cut-short', header('0000 0001 0000 0000')],
    ['cut-short', `${header('0000 0002 0000 0000')} ${A_RECORD}`],
    ['cut-short', `${header('0001 0000 0000 0000')} 'h' 00 0001`],
    ['cut-short', `${header('0000 0001 0000 0000')} 'h' 00 0001 0001 00000078 0005 0a000007`],
    ['bad-name', `${header('0001 0000 0000 0000')} c00c 0001 0001`],
    ['bad-name', `${header('0000 0001 0000 0000')} 'h' c010 0001 0001 00000078 0000`],
  ])('says %s of %s', (fault, text) => {
    expect(parseDns(bytesOf(text))).toEqual({ ok: false, fault });
  });

  it('refuses what is longer than mDNS allows', () => {
    expect(parseDns(new Uint8Array(9001))).toEqual({ ok: false, fault: 'too-long' });
    expect(parseDns(new Uint8Array(9000)).ok).toBe(true);
  });

  it('reads no more entries than it may, whatever the header says', () => {
    const message = read(bytesOf(`${header('0001 ffff ffff ffff')} 00 000c 0001 ${A_RECORD.repeat(200)}`));
    expect(message.answers).toHaveLength(MAX_ENTRIES - 1);
    expect([...message.authorities, ...message.additionals]).toEqual([]);
  });

  it('tells messages of another opcode or with an error apart', () => {
    expect([0x8400, 0x0000, 0x8500, 0x0100].map((flags) => isStandard({ flags }))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([0x8403, 0xa000, 0x2800].map((flags) => isStandard({ flags }))).toEqual([false, false, false]);
  });
});
