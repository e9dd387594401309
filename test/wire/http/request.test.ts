import { describe, expect, it } from 'vitest';
import { buildGetRoot } from '../../../src/wire/http/request.ts';

const linesOf = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString('latin1').split('\r\n');

describe('buildGetRoot', () => {
  it('asks for / and says honestly who asks, in one complete request', () => {
    expect(linesOf(buildGetRoot('http', '192.0.2.7', 80))).toEqual([
      'GET / HTTP/1.0',
      'Host: 192.0.2.7',
      expect.stringMatching(/^User-Agent: sipcensus\/[\d.]+ \(inventory of the phones on this site\)$/),
      'Accept: text/html, */*;q=0.1',
      'Connection: close',
      '',
      '',
    ]);
  });

  it.each([
    ['http', '192.0.2.7', 80, '192.0.2.7'],
    ['http', '192.0.2.7', 8080, '192.0.2.7:8080'],
    ['http', '192.0.2.7', 443, '192.0.2.7:443'],
    ['https', '192.0.2.7', 443, '192.0.2.7'],
    ['http', 'fd00::7', 80, '[fd00::7]'],
    ['https', 'fd00::7', 8443, '[fd00::7]:8443'],
  ] as const)('names the host over %s at %s, port %d, as %s', (scheme, address, port, host) =>
    expect(linesOf(buildGetRoot(scheme, address, port))[1]).toBe(`Host: ${host}`),
  );
});
