import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSip, type SipDraft } from '../../../src/wire/sip/build.ts';
import { parseCSeq } from '../../../src/wire/sip/cseq.ts';
import { parseSip } from '../../../src/wire/sip/parse.ts';
import { parseChallenge, parseParameters } from '../../../src/wire/sip/params.ts';
import { audioCodecs } from '../../../src/wire/sip/sdp.ts';
import { parseStartLine } from '../../../src/wire/sip/start-line.ts';
import { parseHostPort, parseNameAddr, parseSipUri } from '../../../src/wire/sip/uri.ts';
import { parseVia } from '../../../src/wire/sip/via.ts';
import { isBounded } from './bounds.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const cleanText = (maxLength: number) =>
  fc
    .string({ unit: 'binary', maxLength })
    .map((text) => text.replace(/[\r\n\0]/g, '').replace(/^[ \t]+|[ \t]+$/g, ''));
const token = fc.string({
  unit: fc.constantFrom(...Array.from("AZaz09.!%*_+`'~-")),
  minLength: 2,
  maxLength: 20,
});

/** Text that is nearly SIP: what a reader trips over, in any order. */
const SCRAPS = [
  ...['SIP/2.0 200 OK', 'OPTIONS sip:x SIP/2.0', 'SIP/', 'Via', 'l', 'Content-Length: 3', '%41'],
  ...['v=0', 'm=audio 0 RTP/AVP 8', 'a=rtpmap:8 x/', '\r\n', '\r\n\r\n'],
  ...Array.from('\n\r\0 \t:;,=<>"\'\\/@[]%?*'),
];
const nearlySip = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...SCRAPS) }, fc.string({ unit: 'binary' })), {
    maxLength: 80,
  })
  .map((scraps) => scraps.join(''));

describe('parsing strangers’ bytes', () => {
  it('gives a bounded message or a fault for any bytes, and never throws', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 9000 }),
      nearlySip.map(bytesOf),
      nearlySip.map((text) => bytesOf(`SIP/2.0 200 OK\r\n${text}`)),
    );
    fc.assert(
      fc.property(bytes, (datagram) => {
        const parsed = parseSip(datagram);
        if (parsed.ok) expect(isBounded(parsed.value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['wire/sip/start-line.ts', (text: string) => parseStartLine(text, new Set())],
    ['wire/sip/via.ts', parseVia],
    ['wire/sip/uri.ts', parseSipUri],
    ['wire/sip/uri.ts, name-addr', parseNameAddr],
    ['wire/sip/uri.ts, host and port', parseHostPort],
    ['wire/sip/params.ts', parseParameters],
    ['wire/sip/params.ts, challenge', parseChallenge],
    ['wire/sip/cseq.ts', parseCSeq],
    ['wire/sip/sdp.ts', (text: string) => audioCodecs(bytesOf(text))],
  ])('never throws in %s on any text', (_file, read) => {
    fc.assert(
      fc.property(fc.oneof(nearlySip, fc.string({ unit: 'binary' })), (text) => void read(text)),
      { numRuns: 1000 },
    );
  });
});

const wellFormed: fc.Arbitrary<SipDraft> = fc
  .record({
    start: fc.oneof(
      fc.record({
        kind: fc.constant('request' as const),
        method: token,
        requestUri: cleanText(40).map((text) => `sip:${text.replace(/[ \t]/g, '')}`),
      }),
      fc.record({
        kind: fc.constant('response' as const),
        statusCode: fc.integer({ min: 100, max: 699 }),
        reasonPhrase: cleanText(40),
      }),
    ),
    before: fc.array(fc.record({ name: token, value: cleanText(40) }), { maxLength: 12 }),
    after: fc.array(fc.record({ name: token, value: cleanText(40) }), { maxLength: 12 }),
    body: fc.uint8Array({ maxLength: 500 }),
  })
  .map(({ start, before, after, body }) => ({
    ...start,
    version: 'SIP/2.0',
    headers: [...before, { name: 'Content-Length', value: String(body.length) }, ...after],
    body,
  }));

const built = (draft: SipDraft): Uint8Array => {
  const outcome = buildSip(draft);
  if (!outcome.ok) throw new Error(outcome.fault);
  return outcome.value;
};

describe('well-formed messages', () => {
  it('are read back as they were written, and without a quirk', () => {
    fc.assert(
      fc.property(wellFormed, (draft) => {
        expect(parseSip(built(draft))).toEqual({ ok: true, value: { ...draft, quirks: [] } });
      }),
    );
  });

  it('read the same when LF alone ends their lines', () => {
    fc.assert(
      fc.property(wellFormed, (draft) => {
        const { body, ...rest } = draft;
        const head = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
          built({ ...rest, body: new Uint8Array(0) }),
        );
        const stated = head.replace('Content-Length: 0', `Content-Length: ${body.length}`);
        const bytes = Uint8Array.from([...bytesOf(stated.replaceAll('\r\n', '\n')), ...body]);
        expect(parseSip(bytes)).toEqual({ ok: true, value: { ...draft, quirks: ['bare-lf'] } });
      }),
    );
  });
});

describe('building', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('\r', '\n', '\0', '\r\n', ':', ' ', '\u2028', 'a', 'SIP/2.0', 'l'),
    maxLength: 8,
  });
  const draft: fc.Arbitrary<SipDraft> = fc.record({
    kind: fc.constant('response' as const),
    version: fc.oneof(fc.constant('SIP/2.0'), hostile),
    statusCode: fc.integer({ min: 90, max: 710 }),
    reasonPhrase: fc.oneof(fc.constant('OK'), hostile),
    headers: fc.array(fc.record({ name: fc.oneof(token, hostile), value: fc.oneof(cleanText(8), hostile) }), {
      maxLength: 3,
    }),
    body: fc.uint8Array({ maxLength: 8 }),
  });

  it('lets no text of a draft become a header field of its own, and states the length once', () => {
    fc.assert(
      fc.property(draft, (message) => {
        const outcome = buildSip(message);
        if (!outcome.ok) return;
        const parsed = parseSip(outcome.value);
        if (!parsed.ok) throw new Error(parsed.fault);
        const isLength = (name: string): boolean => /^(l|content-length)$/i.test(name);
        const names = parsed.value.headers.map(({ name }) => name);
        expect(names.filter((name) => !isLength(name))).toEqual(
          message.headers.map(({ name }) => name).filter((name) => !isLength(name)),
        );
        expect(names.filter(isLength)).toHaveLength(1);
        expect(parsed.value.body).toEqual(message.body);
      }),
      { numRuns: 5000 },
    );
  });
});
