import { describe, expect, it } from 'vitest';
import { parseStartLine } from '../../../src/wire/sip/start-line.ts';

const read = (line: string): object => {
  const quirks = new Set<never>();
  const parsed = parseStartLine(line, quirks);
  return parsed.ok ? { ...parsed.value, quirks: [...quirks] } : { fault: parsed.fault };
};

describe('parseStartLine', () => {
  it.each([
    ['SIP/2.0 200 OK', 200, 'OK', []],
    ['SIP/2.0 180  two  blanks ', 180, 'two  blanks', []],
    ['SIP/2.0 100 ', 100, '', []],
    ['SIP/2.0 486', 486, '', ['missing-reason']],
    ['SIP/2.0 699 x', 699, 'x', []],
    ['SIP/2.0\t 404 Not Found', 404, 'Not Found', ['start-line-blanks']],
  ])('reads "%s" as status %d, "%s"', (line, statusCode, reasonPhrase, quirks) => {
    expect(read(line)).toEqual({ kind: 'response', version: 'SIP/2.0', statusCode, reasonPhrase, quirks });
  });

  it.each([
    ['SUBSCRIBE sip:MAC%3A7C2F8030D21E@local SIP/2.0', 'SUBSCRIBE', 'sip:MAC%3A7C2F8030D21E@local', []],
    ['OPTIONS  tel:1   SIP/2.0 ', 'OPTIONS', 'tel:1', ['start-line-blanks']],
  ])('reads "%s" as a request', (line, method, requestUri, quirks) => {
    expect(read(line)).toEqual({ kind: 'request', version: 'SIP/2.0', method, requestUri, quirks });
  });

  it('reads a version in any case, as sent', () => {
    expect(read('sip/2.0 200 OK')).toMatchObject({ version: 'sip/2.0', quirks: ['version-case'] });
    expect(read('OPTIONS sip:x Sip/2.0')).toMatchObject({ version: 'Sip/2.0', quirks: ['version-case'] });
  });

  it.each([
    ['', 'not-sip'],
    [' SIP/2.0 200 OK', 'not-sip'],
    ['HTTP/1.1 200 OK', 'not-sip'],
    ['GET / HTTP/1.1', 'not-sip'],
    ['SIP-2000 printer ready', 'not-sip'],
    ['OPTIONS sip:x', 'not-sip'],
    ['SIP/2.0', 'bad-start-line'],
    ['SIP/2.0 ', 'bad-start-line'],
    ['OPTIONS SIP/2.0', 'bad-start-line'],
    ['OPTIONS sip:a b SIP/2.0', 'bad-start-line'],
    ['OPT/IONS sip:a SIP/2.0', 'bad-start-line'],
    ['SIP/2.1 200 OK', 'bad-version'],
    ['OPTIONS sip:x SIP/2.0x', 'bad-version'],
    ['SIP/2.0 099 Low', 'bad-status'],
    ['SIP/2.0 700 High', 'bad-status'],
    ['SIP/2.0 20 Short', 'bad-status'],
    ['SIP/2.0 200OK', 'bad-status'],
    ['SIP/2.0 +200 OK', 'bad-status'],
  ])('refuses "%s" as %s', (line, fault) => {
    expect(read(line)).toEqual({ fault });
  });
});
