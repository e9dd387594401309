import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FIELD_LENGTH } from '../../../src/model/text.ts';
import {
  DHCP_TYPES,
  MAX_MESSAGE_BYTES,
  MAX_PARAMETERS,
  type DhcpMessage,
} from '../../../src/wire/dhcp/message.ts';
import { parseDhcp } from '../../../src/wire/dhcp/parse.ts';
import { asksFor, capture, CAPTURES, message, type Said } from './samples.ts';

const read = (bytes: Uint8Array): Partial<DhcpMessage> | string => {
  const parsed = parseDhcp(bytes);
  return parsed.ok ? parsed.value : parsed.fault;
};
const said = (words: Said): Partial<DhcpMessage> | string => read(message(words));

// A fuzz test of src/wire/dhcp/parse.ts is at the end.
describe('parseDhcp', () => {
  it('reads what real clients broadcast', () => {
    const udhcpc = {
      op: 'request',
      hardwareType: 1,
      hardwareAddress: '001565aabbcc',
      clientAddress: null,
      hostName: 'SIP-T46S',
      vendorClass: 'yealink',
      clientIdentifier: '01001565aabbcc',
      parameters: [1, 3, 6, 12, 15, 28, 42],
    };
    const dhclient = { hostName: 'vm', vendorClass: null, clientIdentifier: null };
    expect(CAPTURES.map((name) => capture(name).map(read))).toEqual([
      [
        { ...udhcpc, type: 'discover', requestedAddress: null },
        { ...udhcpc, type: 'discover', requestedAddress: null },
        { ...udhcpc, type: 'request', requestedAddress: '10.66.7.58' },
      ],
      [
        ['discover', null],
        ['request', '10.66.7.58'],
      ].map(([type, requestedAddress]) => ({
        ...udhcpc,
        ...dhclient,
        type,
        requestedAddress,
        parameters: [1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42],
      })),
    ]);
  });

  it.each(DHCP_TYPES)('reads the message type %s', (type) => {
    expect(said({ type })).toMatchObject({ type });
  });

  it.each([
    [[], null],
    [[0], null],
    [[13], null],
    [[1, 1], null],
  ])('takes the message type %j for none', (value, type) => {
    expect(said({ options: [[53, value]] })).toMatchObject({ type });
  });

  it('tells a request of a client from a reply of a server', () => {
    expect(said({ op: 1 })).toMatchObject({ op: 'request' });
    expect(said({ op: 2 })).toMatchObject({ op: 'reply' });
  });

  it('takes 0.0.0.0, and what is not four bytes, for no address', () => {
    const none = { clientAddress: null, requestedAddress: null };
    expect(said({})).toMatchObject(none);
    expect(said({ options: [asksFor('0.0.0.0')] })).toMatchObject(none);
    expect(said({ options: [[50, [10, 0, 0]]] })).toMatchObject(none);
    expect(said({ ciaddr: '10.0.0.7' })).toMatchObject({ clientAddress: '10.0.0.7' });
  });

  it('reads a hardware address of any length that fits', () => {
    expect(said({ hlen: 0 })).toMatchObject({ hardwareAddress: '' });
    expect(said({ htype: 32, hlen: 16 })).toMatchObject({
      hardwareType: 32,
      hardwareAddress: '001565aabbcc'.padEnd(32, '0'),
    });
    expect(said({ hlen: 17 })).toBe('bad-hardware-address');
  });

  it('keeps a text as sent, its NUL too, and survives bytes that are no text', () => {
    expect(said({ options: [[60, 'Acme P10W\0']] })).toMatchObject({ vendorClass: 'Acme P10W\0' });
    expect(said({ options: [[12, [0x42, 0xfc]]] })).toMatchObject({ hostName: 'B\ufffd' });
    expect(said({ options: [[12, '']] })).toMatchObject({ hostName: null });
  });

  it('passes over padding, stops at the end option, and does not miss one that is missing', () => {
    expect(said({ options: [[60, 'a']], tail: [0, 0, 12, 1, 0x62, 255, 12, 200] })).toMatchObject({
      vendorClass: 'a',
      hostName: 'b',
    });
    expect(said({ options: [[60, 'a']], tail: [] })).toMatchObject({ vendorClass: 'a' });
  });

  it('puts an option together that comes in parts', () => {
    expect(
      said({
        options: [
          [60, 'Acme '],
          [55, [1, 3]],
          [60, 'P10W'],
          [55, [6]],
        ],
      }),
    ).toMatchObject({ vendorClass: 'Acme P10W', parameters: [1, 3, 6] });
  });

  it.each([
    [1, { hostName: 'in file', vendorClass: null }],
    [2, { hostName: null, vendorClass: 'in sname' }],
    [3, { hostName: 'in file', vendorClass: 'in sname' }],
    [0, { hostName: null, vendorClass: null }],
  ])('reads the fields that option overload %d gives to options', (overload, expected) => {
    const file: Said['file'] = [[12, 'in file']];
    const sname: Said['sname'] = [[60, 'in sname']];
    expect(said({ file, sname, options: [[52, [overload]]] })).toMatchObject(expected);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'too-short'],
    ['BOOTP without a cookie', message().subarray(0, 236), 'too-short'],
    ['more than a frame', new Uint8Array(MAX_MESSAGE_BYTES + 1), 'too-long'],
    ['another operation', message({ op: 3 }), 'bad-op'],
    ['another cookie', message().with(239, 0x64), 'bad-cookie'],
    ['an option without a length', message({ tail: [60] }), 'cut-short'],
    ['an option longer than the message', message({ tail: [60, 2, 0x41] }), 'cut-short'],
    [
      'an overloaded field cut short',
      message({ options: [[52, [2]]] })
        .with(106, 60)
        .with(107, 9),
      'cut-short',
    ],
  ])('refuses %s', (_, bytes, fault) => {
    // Nothing but padding stands before the last two bytes of the overloaded field.
    expect(read(bytes)).toBe(fault);
  });

  it('keeps no more than it may', () => {
    const long = Array.from({ length: 5 }, (): [number, number[]] => [60, Array<number>(240).fill(0x61)]);
    expect(said({ options: long })).toMatchObject({ vendorClass: 'a'.repeat(MAX_FIELD_LENGTH) });
    const many = Array.from({ length: 4 }, (): [number, number[]] => [55, Array<number>(100).fill(1)]);
    expect(said({ options: many })).toMatchObject({ parameters: Array<number>(MAX_PARAMETERS).fill(1) });
  });
});

const isBounded = ({
  hardwareAddress,
  hostName,
  vendorClass,
  clientIdentifier,
  parameters,
}: DhcpMessage): boolean =>
  hardwareAddress.length <= 32 &&
  [hostName, vendorClass].every((text) => text === null || text.length <= MAX_FIELD_LENGTH) &&
  (clientIdentifier ?? '').length <= 2 * MAX_MESSAGE_BYTES &&
  parameters.length <= MAX_PARAMETERS;

describe('parseDhcp, whatever comes', () => {
  it('gives a bounded message or a fault for any bytes, whatever stands in the header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), fc.boolean(), (bytes, hasHeader) => {
        const parsed = parseDhcp(hasHeader ? new Uint8Array([...message({ tail: [] }), ...bytes]) : bytes);
        return parsed.ok ? isBounded(parsed.value) : true;
      }),
      { numRuns: 1000 },
    );
  });

  it('reads back any options as they were written', () => {
    const text = fc.stringMatching(/^[ -~]{1,255}$/);
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 255 }),
        fc.ipV4().filter((address) => address !== '0.0.0.0'),
        (hostName, vendorClass, parameters, requestedAddress) => {
          expect(
            said({
              type: 'request',
              options: [[12, hostName], asksFor(requestedAddress), [55, parameters], [60, vendorClass]],
            }),
          ).toMatchObject({ type: 'request', hostName, vendorClass, parameters, requestedAddress });
        },
      ),
    );
  });

  const MUTATIONS = Number(process.env['SIPCENSUS_MUTATIONS'] ?? 20_000);
  it(
    `reads ${MUTATIONS} mutations of real messages without throwing, and within bounds`,
    () => {
      const corpus = CAPTURES.flatMap(capture);
      const random = createRandom(67);
      let messages = 0;
      for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
        const bytes = mutated(random, corpus);
        const parsed = parseDhcp(bytes);
        if (!parsed.ok) continue;
        messages += 1;
        if (!isBounded(parsed.value))
          throw new Error(`keeps too much of ${Buffer.from(bytes).toString('hex')}`);
      }
      // Otherwise the mutations would be too wild to reach the options.
      expect(messages).toBeGreaterThan(MUTATIONS * 0.3);
      expect(messages).toBeLessThan(MUTATIONS * 0.95);
    },
    Math.max(30_000, MUTATIONS),
  );
});

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

/** One to three changes, most of them among the options: a byte, a piece less, or a piece twice. */
function mutated(random: (limit: number) => number, corpus: readonly Uint8Array[]): Uint8Array {
  let bytes = corpus[random(corpus.length)]!;
  for (let changes = 1 + random(3); changes > 0; changes -= 1) {
    const at = random(4) === 0 ? random(bytes.length) : 240 + random(Math.max(bytes.length - 240, 1));
    const piece = bytes.subarray(at, at + 1 + random(6));
    const insert = [[random(256), ...piece.subarray(1)], [...piece, ...piece], []][random(3)]!;
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      Uint8Array.from(insert),
      bytes.subarray(at + piece.length),
    ]);
  }
  return bytes;
}
