import { describe, expect, it } from 'vitest';
import { MAX_FIELD_LENGTH } from '../../../src/model/text.ts';
import { MAX_HEADERS } from '../../../src/wire/sip/limits.ts';
import type { SipMessage } from '../../../src/wire/sip/message.ts';
import { parseSip } from '../../../src/wire/sip/parse.ts';

const read = (text: string): SipMessage => {
  const parsed = parseSip(new TextEncoder().encode(text));
  if (!parsed.ok) throw new Error(`no message: ${parsed.fault}`);
  return parsed.value;
};
const HEAD = 'SIP/2.0 200 OK\r\nCall-ID: a\r\n';
const textOf = ({ body }: SipMessage): string => new TextDecoder().decode(body);

describe('parseSip', () => {
  it('keeps the order of header fields, the case of names, and empty values', () => {
    expect(read('SIP/2.0 200 Ok\r\nCall-id: a\r\nCSEQ:1 OPTIONS\r\nsupported:\t \r\n\r\n')).toMatchObject({
      kind: 'response',
      version: 'SIP/2.0',
      statusCode: 200,
      reasonPhrase: 'Ok',
      headers: [
        { name: 'Call-id', value: 'a' },
        { name: 'CSEQ', value: '1 OPTIONS' },
        { name: 'supported', value: '' },
      ],
      quirks: [],
    });
  });

  it('joins the lines of a folded value with one blank', () => {
    expect(read('SIP/2.0 200 OK\r\nSubject: one\r\n \t two\r\n \r\n\tthree  \r\n\r\n')).toMatchObject({
      headers: [{ name: 'Subject', value: 'one two three' }],
      quirks: ['folded'],
    });
  });

  it('trims blanks around a value, and no white space that is content', () => {
    expect(read('SIP/2.0 200 OK\r\nUser-Agent: \t\u00a0Acme\u2003 \r\n\r\n').headers).toEqual([
      { name: 'User-Agent', value: '\u00a0Acme\u2003' },
    ]);
  });

  it.each([
    'SIP/2.0 200 OK\nX-A: b\r\n\r\n',
    'SIP/2.0 200 OK\r\nX-A: b\n\r\n',
    'SIP/2.0 200 OK\r\nX-A: b\r\n\n',
  ])('tells that LF alone ended a line of %j', (text) =>
    expect(read(text)).toMatchObject({ headers: [{ name: 'X-A', value: 'b' }], quirks: ['bare-lf'] }),
  );

  it('tells a replacement character that was sent from bytes that are no UTF-8', () => {
    expect(read('SIP/2.0 200 OK\r\nServer: \ufffd\r\n\r\n').quirks).toEqual([]);
  });

  it('takes all bytes after the head for the body where no length is stated', () => {
    expect(textOf(read(`${HEAD}\r\nv=0\r\n`))).toBe('v=0\r\n');
  });

  it.each([
    ['3', 'abc', []],
    ['2', 'ab', ['bytes-after-body']],
    ['4', 'abc', ['body-cut']],
    ['0', '', ['bytes-after-body']],
    ['-1', 'abc', ['bad-content-length']],
    ['', 'abc', ['bad-content-length']],
    ['3, 2', 'abc', ['bad-content-length']],
    ['9'.repeat(400), 'abc', ['body-cut']],
  ])('reads the body "abc" of stated length "%s" as "%s"', (length, body, quirks) => {
    const message = read(`${HEAD}l: ${length}\r\n\r\nabc`);
    expect(textOf(message)).toBe(body);
    expect(message.quirks).toEqual(['compact-form', ...quirks]);
  });

  it('leaves out what is no header field, with the lines that continue it', () => {
    const message = read('SIP/2.0 200 OK\r\njunk\r\n more: junk\r\nA B: c\r\n\td\r\nServer : x\r\n\r\n');
    expect(message.headers).toEqual([{ name: 'Server', value: 'x' }]);
  });

  it('keeps exactly as many header fields as it may', () => {
    const fields = (count: number): string => 'X-A: y\r\n'.repeat(count);
    expect(read(`SIP/2.0 200 OK\r\n${fields(MAX_HEADERS)}\r\n`).quirks).toEqual([]);
    const message = read(`SIP/2.0 200 OK\r\n${fields(MAX_HEADERS + 1)}\r\n`);
    expect(message.headers).toHaveLength(MAX_HEADERS);
    expect(message.quirks).toEqual(['header-limit']);
  });

  it('cuts what is longer than it may keep, never through a character', () => {
    const message = read(`SIP/2.0 200 OK\r\nX-A: y${'📞'.repeat(600)}\r\n\r\n`);
    expect(message.headers[0]?.value).toBe(`y${'📞'.repeat(511)}`);
    expect(message.quirks).toEqual(['value-cut']);
    const blank = read(`SIP/2.0 200 OK\r\nX-A: ${'x'.repeat(1023)} y\r\n\r\n`);
    expect(blank.headers[0]?.value).toBe('x'.repeat(1023));
    expect(read(`OPTIONS sip:${'x'.repeat(2000)} SIP/2.0\r\n\r\n`)).toMatchObject({
      requestUri: `sip:${'x'.repeat(MAX_FIELD_LENGTH - 4)}`,
      quirks: ['value-cut'],
    });
  });

  it('reads a view: the body shares the bytes of the datagram', () => {
    const bytes = new TextEncoder().encode(`${HEAD}\r\nabc`);
    const parsed = parseSip(bytes);
    expect(parsed.ok && parsed.value.body.buffer).toBe(bytes.buffer);
  });
});
