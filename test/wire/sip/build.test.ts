import { describe, expect, it } from 'vitest';
import { buildSip, type SipDraft } from '../../../src/wire/sip/build.ts';
import type { SipHeader } from '../../../src/wire/sip/message.ts';

const body = (text: string): Uint8Array => new TextEncoder().encode(text);
const answer = (headers: SipHeader[] = [], content = ''): SipDraft => ({
  kind: 'response',
  version: 'SIP/2.0',
  statusCode: 200,
  reasonPhrase: 'OK',
  headers,
  body: body(content),
});
const request = (parts: object = {}): SipDraft => ({
  kind: 'request',
  version: 'SIP/2.0',
  method: 'OPTIONS',
  requestUri: 'sip:192.0.2.7:5060',
  headers: [],
  body: body(''),
  ...parts,
});
const textOf = (draft: SipDraft): string => {
  const built = buildSip(draft);
  return built.ok ? new TextDecoder().decode(built.value) : built.fault;
};

describe('buildSip', () => {
  it('writes requests and answers with CRLF', () => {
    expect(textOf(request({ headers: [{ name: 'CSeq', value: '1 OPTIONS' }] }))).toBe(
      'OPTIONS sip:192.0.2.7:5060 SIP/2.0\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n',
    );
    expect(textOf(answer([{ name: 'To', value: '<sip:é>' }], 'v=0\r\n'))).toBe(
      'SIP/2.0 200 OK\r\nTo: <sip:é>\r\nContent-Length: 5\r\n\r\nv=0\r\n',
    );
  });

  it('counts the body in bytes, once, in the place and spelling of the draft', () => {
    const headers = [
      { name: 'A', value: '1' },
      { name: 'l', value: '99' },
      { name: 'B', value: '2' },
      { name: 'content-LENGTH', value: '98' },
    ];
    expect(textOf(answer(headers, 'é'))).toBe('SIP/2.0 200 OK\r\nA: 1\r\nl: 2\r\nB: 2\r\n\r\né');
  });

  it('keeps an answer without a reason phrase readable', () => {
    expect(textOf({ ...answer(), reasonPhrase: '' } as SipDraft)).toContain('SIP/2.0 200 \r\n');
  });

  it.each(['\r', '\n', '\0', 'x\r\nContact: <sip:evil@192.0.2.66>'])(
    'refuses %j wherever it stands',
    (evil) => {
      expect(textOf(answer([{ name: 'User-Agent', value: `a${evil}` }]))).toBe('line-break');
      expect(textOf(answer([{ name: `A${evil}`, value: '' }]))).toBe('bad-header-name');
      expect(textOf({ ...answer(), reasonPhrase: evil } as SipDraft)).toBe('line-break');
      expect(textOf(request({ requestUri: `sip:${evil}` }))).toMatch(/line-break|bad-start-line/);
      expect(textOf(request({ method: `OPTIONS${evil}` }))).toBe('bad-start-line');
    },
  );

  it.each([
    [{ method: '' }, 'bad-start-line'],
    [{ method: 'SIP/2.0' }, 'bad-start-line'],
    [{ requestUri: '' }, 'bad-start-line'],
    [{ requestUri: 'sip:a b' }, 'bad-start-line'],
    [{ version: 'SIP/3.0' }, 'bad-start-line'],
    [{ headers: [{ name: '', value: 'x' }] }, 'bad-header-name'],
    [{ headers: [{ name: 'Via: x', value: 'y' }] }, 'bad-header-name'],
  ])('refuses a request with %j', (parts, fault) => {
    expect(textOf(request(parts))).toBe(fault);
  });

  it.each([99, 700, 200.5, NaN, -200])('refuses status %d', (statusCode) => {
    expect(textOf({ ...answer(), statusCode } as SipDraft)).toBe('bad-start-line');
  });
});
