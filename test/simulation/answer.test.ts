import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersTo } from '../../src/simulation/answer.ts';
import { truthOf } from '../../src/simulation/truth.ts';
import { headerOrder, headerValue } from '../../src/wire/sip/headers.ts';
import type { SipResponse } from '../../src/wire/sip/message.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';
import { parseVia } from '../../src/wire/sip/via.ts';
import { decode, encode, optionsRequest, phoneOf, site } from './shipped.ts';

const from = { address: '127.0.0.1', port: 40000 };
const answers = (modelId: string, bytes = optionsRequest()): Uint8Array[] =>
  answersTo(phoneOf(modelId), { bytes, ...from });

function read(bytes: Uint8Array | undefined): SipResponse {
  const message = parseSip(bytes ?? new Uint8Array(0));
  if (!message.ok || message.value.kind !== 'response') throw new Error('no response');
  return message.value;
}

describe('an answer to OPTIONS', () => {
  it.each(
    site()
      .filter(({ model }) => model.answer !== null)
      .map((phone) => [phone.model.id, phone] as const),
  )('of %s is SIP and belongs to its request', (_, phone) => {
    const final = read(answersTo(phone, { bytes: optionsRequest('call-7@here'), ...from }).at(-1));
    expect(`${final.statusCode} ${final.reasonPhrase}`).toBe(phone.model.answer?.status);
    expect(parseVia(headerValue(final, 'Via') ?? '')?.params.get('branch')).toBe('z9hG4bKabc123');
    expect(headerValue(final, 'Call-ID')).toBe('call-7@here');
    expect(headerValue(final, 'CSeq')).toBe('1 OPTIONS');
    expect(headerValue(final, 'From')).toBe('<sip:audit@127.0.0.1:40000>;tag=f1');
    expect(headerValue(final, 'To')).toMatch(/^<sip:127\.78\.0\.9:5060>;tag=\S+$/);
    expect(headerValue(final, 'User-Agent') ?? headerValue(final, 'Server')).toBe(
      truthOf([phone]).phones[0]?.userAgent,
    );
    expect(final.quirks).not.toContain('body-cut');
    expect(final.quirks).not.toContain('bytes-after-body');
  });

  it('keeps each stack’s order, case and blanks', () => {
    expect(headerOrder(read(answers('grandstream-gxp2170')[0]))).toBe(
      'Via,From,To,Call-ID,CSeq,Supported,User-Agent,Allow,Content-Length',
    );
    expect(headerOrder(read(answers('linksys-spa3102')[0]))).toBe(
      'To,From,Call-ID,CSeq,Via,Server,Content-Length,Allow,Supported',
    );
    expect(headerOrder(read(answers('nameless-net-sip')[0]))).toBe(
      'Accept,Accept-encoding,Accept-language,Allow,Call-id,Cseq,From,Supported,To,Via,Content-length',
    );
    expect(decode(answers('mitel-5304')[0])).toContain('\r\nUser-Agent:Mitel-5304');
    expect(decode(answers('kamailio')[0])).toContain('\r\nSupported: \r\n');
    expect(decode(answers('asterisk-pjsip')[0])).toMatch(
      /;tag=z9hG4bKabc123\r\n[\s\S]*\r\nContent-Length: {2}0\r\n/,
    );
    expect(decode(answers('nameless-linphone')[0])).not.toContain('Content-Length');
  });

  it('has codecs in its body where the device sends them', () => {
    expect(decode(read(answers('cisco-ios')[0]).body)).toContain(
      `c=IN IP4 ${phoneOf('cisco-ios').address}\r\n`,
    );
    expect(decode(answers('nameless-with-sdp')[0])).toContain('\r\ncontent-type: application/sdp\r\n');
  });

  it('says where the request came from where the stack does so', () => {
    expect(headerValue(read(answers('grandstream-ht503')[0]), 'Via')).toContain(
      ';rport=40000;received=127.0.0.1',
    );
    expect(headerValue(read(answers('grandstream-gxp2170')[0]), 'Via')).toMatch(/;rport$/);
  });

  it('has the same tag for a request that comes again, and another for another call', () => {
    const tag = (callId: string): string | null =>
      headerValue(read(answers('yealink-t46s', optionsRequest(callId))[0]), 'To');
    expect(tag('one')).toBe(tag('one'));
    expect(tag('one')).not.toBe(tag('two'));
  });

  it('repeats every Via of a request that came through a proxy', () => {
    const bytes = encode(
      decode(optionsRequest()).replace(
        'Max-Forwards',
        'Via: SIP/2.0/UDP 127.0.0.2;branch=z9hG4bKdef\r\nMax-Forwards',
      ),
    );
    expect(headerValue(read(answers('yealink-t46s', bytes)[0]), 'Via')).toBe(
      'SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bKabc123;rport, SIP/2.0/UDP 127.0.0.2;branch=z9hG4bKdef',
    );
  });
});

describe('manners', () => {
  it('lf-only: no CR anywhere', () => {
    const [bytes, ...more] = answers('grandstream-gxp2000');
    expect(decode(bytes)).not.toContain('\r');
    expect(read(bytes).statusCode).toBe(200);
    expect(more).toEqual([]);
  });

  it('twice: the same answer again', () => {
    const [first, second, ...more] = answers('aastra-6731i');
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  });

  it('trying-first: a 100 without tag and name before the answer', () => {
    const [trying, final] = answers('panasonic-tgp500').map(read);
    expect(trying?.statusCode).toBe(100);
    expect(trying && headerValue(trying, 'To')).toBe('<sip:127.78.0.9:5060>');
    expect(trying && headerValue(trying, 'User-Agent')).toBeNull();
    expect(final?.statusCode).toBe(200);
  });

  it('drops-rport: Via comes back without it', () => {
    expect(headerValue(read(answers('polycom-spip601')[0]), 'Via')).toBe(
      'SIP/2.0/UDP 127.0.0.1:40000;branch=z9hG4bKabc123',
    );
  });
});

describe('silence', () => {
  it('of a phone that only looks for provisioning', () => {
    expect(answers('snom-d120')).toEqual([]);
  });

  it.each(['INVITE', 'REGISTER', 'SUBSCRIBE', 'NOTIFY', 'options'])('to %s', (method) => {
    expect(answers('yealink-t46s', optionsRequest('c1', method))).toEqual([]);
  });

  it.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('to an OPTIONS without %s', (name) => {
    const bytes = encode(decode(optionsRequest()).replace(new RegExp(`^${name}: .*\\r\\n`, 'm'), ''));
    expect(answers('yealink-t46s', bytes)).toEqual([]);
  });

  it('to an answer, such as that of another phone', () => {
    expect(answers('yealink-t46s', answers('snom-370')[0])).toEqual([]);
  });

  it('to any bytes that are no OPTIONS', () => {
    const phone = phoneOf('yealink-t46s');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(answersTo(phone, { bytes, ...from })).toEqual([]);
      }),
    );
  });
});

it('gives one answer that can be read whatever a request’s own words are', () => {
  const phone = phoneOf('yealink-t46s');
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    .map((text) => text.replace(/[\p{Cc}\p{Z}\p{Cs}]/gu, '_'));
  fc.assert(
    fc.property(word, word, (callId, name) => {
      const bytes = encode(
        decode(optionsRequest('CALLID'))
          .replace('CALLID', () => callId)
          .replace('<sip:audit', () => `"${name}" <sip:audit`),
      );
      const final = read(answersTo(phone, { bytes, ...from })[0]);
      expect(headerValue(final, 'Call-ID')).toBe(callId);
      expect(headerValue(final, 'From')).toContain(`"${name}"`);
    }),
  );
});
