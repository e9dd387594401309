import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDns, buildQuery } from '../../../src/wire/dns/build.ts';
import { TYPE, type DnsMessage, type DnsRecord } from '../../../src/wire/dns/message.ts';
import { readName } from '../../../src/wire/dns/name.ts';
import { parseDns } from '../../../src/wire/dns/parse.ts';
import { isBounded } from './bounds.ts';

const text = (minBytes: number, maxBytes: number) =>
  fc
    .string({ unit: 'grapheme', minLength: minBytes, maxLength: 20 })
    .filter((value) => Buffer.byteLength(value) <= maxBytes);
// Few different labels, so that names share their ends and are compressed.
const label = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('_sip', '_udp', 'local', 'a.b', 'Ü', 'LOCAL') },
  { weight: 1, arbitrary: text(1, 63) },
);
const name = fc.array(label, { maxLength: 6 }).filter((labels) => Buffer.byteLength(labels.join('')) < 240);
const uint16 = fc.integer({ min: 0, max: 0xffff });
const shared = { name, ttl: fc.nat(0xffffffff), cacheFlush: fc.boolean() };
const v6Of = (bytes: Uint8Array): string => {
  const message = parseDns(
    Uint8Array.from([0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 28, 0, 1, 0, 0, 0, 0, 0, 16, ...bytes]),
  );
  const record = message.ok ? message.value.answers[0] : undefined;
  if (record?.type !== 'AAAA') throw new Error('no address');
  return record.address;
};
const record: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({ ...shared, type: fc.constant('A' as const), address: fc.ipV4() }),
  fc.record({
    ...shared,
    type: fc.constant('AAAA' as const),
    address: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(v6Of),
  }),
  fc.record({ ...shared, type: fc.constant('PTR' as const), target: name }),
  fc.record({
    ...shared,
    type: fc.constant('SRV' as const),
    priority: uint16,
    weight: uint16,
    port: uint16,
    target: name,
  }),
  fc.record({
    ...shared,
    type: fc.constant('TXT' as const),
    texts: fc.array(text(1, 255), { maxLength: 8 }),
  }),
);
const records = fc.array(record, { maxLength: 12 });
const message: fc.Arbitrary<DnsMessage> = fc.record({
  id: uint16,
  flags: uint16,
  questions: fc.array(fc.record({ name, type: uint16, unicastResponse: fc.boolean() }), { maxLength: 8 }),
  answers: records,
  authorities: records,
  additionals: records,
});

const built = (draft: DnsMessage): Uint8Array => {
  const outcome = buildDns(draft);
  if (!outcome.ok) throw new Error(outcome.fault);
  return outcome.value;
};

describe('well-formed messages', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(message, (draft) => {
        expect(parseDns(built(draft))).toEqual({ ok: true, value: draft });
      }),
    );
  });

  it('write a name once and point to it afterwards', () => {
    const target = ['Door 1', '_sip', '_udp', 'local'];
    const draft = {
      type: 'PTR',
      name: ['_sip', '_udp', 'local'],
      ttl: 9,
      cacheFlush: false,
      target,
    } as const;
    const answers = Array.from({ length: 4 }, () => draft);
    const bytes = built({ id: 0, flags: 0, questions: [], answers, authorities: [], additionals: [] });
    expect(bytes).toHaveLength(12 + (17 + 10 + 9) + 3 * (2 + 10 + 2));
  });
});

describe('a query', () => {
  it('asks several questions in one datagram, each to be answered to us alone', () => {
    const names = ['_sip._udp.local', '_sip._tcp.local', '_sips._tcp.local'].map((text) => text.split('.'));
    const query = buildQuery(names, TYPE.PTR);
    if (!query.ok) throw new Error(query.fault);
    expect(parseDns(query.value)).toMatchObject({
      ok: true,
      value: {
        flags: 0,
        questions: names.map((name) => ({ name, type: 12, unicastResponse: true })),
        answers: [],
      },
    });
  });
});

describe('what cannot be written', () => {
  const empty = { id: 0, flags: 0, questions: [], answers: [], authorities: [], additionals: [] };
  const named = (labels: string[]): DnsMessage => ({
    ...empty,
    questions: [{ name: labels, type: 1, unicastResponse: false }],
  });
  const answering = (change: Partial<DnsRecord>): DnsMessage => ({
    ...empty,
    answers: [{ name: ['h'], ttl: 1, cacheFlush: false, ...change } as DnsRecord],
  });

  it.each([
    ['bad-name', named([''])],
    ['bad-name', named(['a'.repeat(64)])],
    ['bad-name', named(['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(60)))],
    ['bad-name', named(Array.from({ length: 41 }, (_, at) => `${at}`))],
    ['bad-address', answering({ type: 'A', address: '10.1' })],
    ['bad-address', answering({ type: 'A', address: 'fd00::7' })],
    ['bad-address', answering({ type: 'AAAA', address: '10.0.0.7' })],
    ['bad-address', answering({ type: 'AAAA', address: 'fe80::1%eth0' })],
    ['bad-text', answering({ type: 'TXT', texts: [''] })],
    ['bad-text', answering({ type: 'TXT', texts: ['a'.repeat(256)] })],
    ['bad-text', answering({ type: 'TXT', texts: Array.from({ length: 65 }, () => 'a') })],
    ['bad-number', answering({ type: 'SRV', priority: 0, weight: 0, port: 65536, target: [] })],
    ['bad-number', { ...empty, id: -1 }],
    ['too-long', { ...empty, questions: Array.from({ length: 129 }, () => named(['h']).questions[0]!) }],
    [
      'too-long',
      {
        ...empty,
        answers: Array.from({ length: 40 }, () =>
          answering({ type: 'TXT', texts: ['a'.repeat(255)] }),
        ).flatMap(({ answers }) => answers),
      },
    ],
  ])('is refused as %s', (fault, draft) => {
    expect(buildDns(draft)).toEqual({ ok: false, fault });
  });
});

describe('parsing strangers’ bytes', () => {
  const nearlyDns = fc
    .record({
      counts: fc.array(fc.constantFrom(0, 1, 3, 200, 0xffff), { minLength: 4, maxLength: 4 }),
      rest: fc.array(
        fc.constantFrom(
          ...[[0], [1, 97], [4, 95, 115, 105, 112], [0xc0, 12], [0xc0, 14], [0xff, 0xff], [63]],
          ...[12, 16, 33, 1, 28, 255].map((type) => [0, type, 0, 1, 0, 0, 0, 9, 0, 2]),
        ),
        { maxLength: 300 },
      ),
    })
    .map(({ counts, rest }) =>
      Uint8Array.from([0, 0, 0x84, 0, ...counts.flatMap((n) => [n >> 8, n & 255]), ...rest.flat()]),
    );
  const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 9100 }), nearlyDns);

  it('gives a bounded message or a fault for any bytes, and never throws in wire/dns/parse.ts', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const parsed = parseDns(bytes);
        if (parsed.ok) expect(isBounded(parsed.value)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives a bounded name or null for any bytes and place in wire/dns/name.ts', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(9100), (bytes, at) => {
        const read = readName(bytes, at);
        if (read !== null) expect(read.next).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});
