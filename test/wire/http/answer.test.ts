import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  headerValues,
  isWholeAnswer,
  MAX_HEAD_BYTES,
  MAX_HEADERS,
  MAX_NAME_LENGTH,
  parseHttpAnswer,
  type HttpAnswer,
} from '../../../src/wire/http/answer.ts';
import { MAX_REALMS, MAX_REALM_LENGTH, parseRealms } from '../../../src/wire/http/realm.ts';
import { MAX_TITLE_LENGTH, parseTitle } from '../../../src/wire/http/title.ts';
import { MAX_FIELD_LENGTH } from '../../../src/model/text.ts';
import { createRandom, mutated } from '../ssdp/samples.ts';
import { answerOf, page, SAMPLES } from './answers.ts';

const read = (bytes: Uint8Array): HttpAnswer => {
  const answer = parseHttpAnswer(bytes);
  if (!answer.ok) throw new Error(answer.fault);
  return answer.value;
};
const faultOf = (text: string): string | null => {
  const answer = parseHttpAnswer(Buffer.from(text));
  return answer.ok ? null : answer.fault;
};

describe('parseHttpAnswer', () => {
  it('reads status, header fields and body, whatever the case and blanks of a name', () => {
    const answer = read(
      Buffer.from(
        'HTTP/1.0 401 Unauthorized\r\nSERVER : Aragorn\r\nwww-authenticate:Basic realm="x"\r\n\r\nbody',
      ),
    );
    expect(answer.status).toBe(401);
    expect(answer.headers).toEqual([
      { name: 'server', value: 'Aragorn' },
      { name: 'www-authenticate', value: 'Basic realm="x"' },
    ]);
    expect(Buffer.from(answer.body).toString()).toBe('body');
    expect(headerValues(answer, 'server')).toEqual(['Aragorn']);
    expect(headerValues(answer, 'x')).toEqual([]);
  });

  it('tells where the head ends, also where a name is not ASCII', () => {
    const head = 'HTTP/1.1 200 OK\r\nServer: Büro\r\n\r\n';
    const answer = read(Buffer.from(`${head}<html>`));
    expect(answer.headLength).toBe(Buffer.byteLength(head));
    expect(headerValues(answer, 'server')).toEqual(['Büro']);
    expect(Buffer.from(answer.body).toString()).toBe('<html>');
  });

  it.each([
    ['HTTP/1.1 200\r\n\r\n', 200],
    ['HTTP/1.0  404 File not found\n\n', 404],
    ['HTTP/1.1 599 x\r\nnonsense\r\n: y\r\n\r\n', 599],
  ])('reads %j as well', (text, status) => expect(read(Buffer.from(text)).status).toBe(status));

  it.each([
    ['', 'not-http'],
    ['SSH-2.0-1.00\r\n\r\n', 'not-http'],
    ['SIP/2.0 200 OK\r\n\r\n', 'not-http'],
    ['<html></html>', 'not-http'],
    ['HTTP/1.1 200 OK\r\nServer: x\r\n', 'malformed'],
    ['HTTP/1.1 100 Continue\r\n\r\n', 'malformed'],
    ['HTTP/1.1 2000 OK\r\n\r\n', 'malformed'],
    ['HTTP/1.1 OK\r\n\r\n', 'malformed'],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(MAX_HEAD_BYTES)}\r\n\r\n`, 'malformed'],
  ])('refuses %.40j as %s', (text, fault) => expect(faultOf(text)).toBe(fault));

  it.each([
    [answerOf('200 OK', ['Content-Length: 4'], '1234'), true],
    [answerOf('200 OK', ['Content-Length: 4'], '123'), false],
    [answerOf('401 Unauthorized', ['content-length:0']), true],
    [answerOf('204 No Content', []), true],
    [answerOf('304 Not Modified', []), true],
    [answerOf('200 OK', [], 'all, perhaps'), false],
    [answerOf('200 OK', ['Content-Length: -1'], ''), false],
    [Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n'), false],
  ])('knows an answer that has come whole: %#', (bytes, whole) => expect(isWholeAnswer(bytes)).toBe(whole));
});

describe('parseRealms', () => {
  it.each([
    ['Basic realm="snom"', ['snom']],
    ['Basic REALM="elmeg"', ['elmeg']],
    ['Digest  realm="spa user", nonce="x"', ['spa user']],
    ['Digest nonce="x", realm = "Authorization"', ['Authorization']],
    ['Basic realm="SPIP Configuration", Digest realm="SPIP Configuration"', ['SPIP Configuration']],
    ['Basic realm="a", Digest realm="b"', ['a', 'b']],
    ['Basic realm="say \\"x\\""', ['say "x"']],
    ['Basic realm=bare, x=y', ['bare']],
    ['Basic realm="cut off', ['cut off']],
    ['Basic realm=""', []],
    ['Digest xrealm="no"', []],
    ['Negotiate', []],
  ])('reads %s', (value, realms) => expect(parseRealms(value)).toEqual(realms));
});

describe('parseTitle', () => {
  it.each([
    ['<title>Yealink T46G</title>', 'Yealink T46G'],
    ['<HTML><HEAD><TITLE>\r\n  snom\t300\r\n</TITLE>', 'snom 300'],
    ['<title lang="en">a</title><title>b</title>', 'a'],
    ['<title>Phone&nbsp;Station&nbsp;Information</title>', 'Phone&nbsp;Station&nbsp;Information'],
    ['<title>cut of', 'cut of'],
    ['<titles>no</titles>', ''],
    ['<title', ''],
    ['', ''],
  ])('reads %j', (html, title) => expect(parseTitle(Buffer.from(html))).toBe(title));

  it.each(['<title', '<title>', '<title ', '<', '<title x', ' '])(
    'needs no long time for a page of %j',
    (piece) => {
      const startedAt = performance.now();
      parseTitle(Buffer.from(piece.repeat(50_000)));
      expect(performance.now() - startedAt).toBeLessThan(200);
    },
  );

  it('keeps no more than it may', () =>
    expect(parseTitle(Buffer.from(page('x'.repeat(5000))))).toHaveLength(MAX_TITLE_LENGTH));
});

/** Every value that is made of an answer, within its bound. */
function isBounded(bytes: Uint8Array): boolean {
  isWholeAnswer(bytes);
  const answer = parseHttpAnswer(bytes);
  if (!answer.ok) return true;
  const realms = answer.value.headers.map(({ value }) => parseRealms(value));
  return (
    answer.value.headers.length <= MAX_HEADERS &&
    answer.value.headers.every(
      ({ name, value }) => name.length <= MAX_NAME_LENGTH && value.length <= MAX_FIELD_LENGTH,
    ) &&
    realms.every(
      (list) => list.length <= MAX_REALMS && list.every((one) => one.length <= MAX_REALM_LENGTH),
    ) &&
    parseTitle(answer.value.body).length <= MAX_TITLE_LENGTH &&
    answer.value.headLength + answer.value.body.length === bytes.length
  );
}

describe('an answer, whatever comes', () => {
  it('is read within bounds for any bytes and any text behind its beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), (bytes, text) =>
        [
          bytes,
          Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), bytes]),
          answerOf('200 OK', [text], text),
        ].every(isBounded),
      ),
      { numRuns: 500 },
    );
  });

  const MUTATIONS = Number(process.env['SIPCENSUS_MUTATIONS'] ?? 20_000);
  it(
    `is read without throwing in ${MUTATIONS} mutations of what phones answer`,
    () => {
      const telling = [
        '\r\n',
        '\n\n',
        '\r\n\r\n',
        'HTTP/1.1',
        'realm="',
        '"',
        '\\',
        '<title>',
        '</',
        ':',
        '\0',
        '\xff',
      ];
      const random = createRandom(80);
      let heard = 0;
      for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
        const bytes = mutated(random, SAMPLES, telling);
        if (!isBounded(bytes)) throw new Error(`keeps too much of ${bytes.toString('latin1')}`);
        if (parseHttpAnswer(bytes).ok) heard += 1;
      }
      expect(heard).toBeGreaterThan(MUTATIONS * 0.5);
    },
    Math.max(60_000, MUTATIONS * 4),
  );
});
