import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FIELD_LENGTH } from '../../../src/model/text.ts';
import { buildSearch } from '../../../src/wire/ssdp/build.ts';
import { MAX_LINES, parseSsdp, type SsdpMessage } from '../../../src/wire/ssdp/message.ts';
import { ANSWERS, capture, createRandom, datagramsOf, message, mutated, ROUTER_SERVER } from './samples.ts';

const ALIVE = 'NOTIFY * HTTP/1.1';
const read = (bytes: Uint8Array): Partial<SsdpMessage> | string => {
  const parsed = parseSsdp(bytes);
  return parsed.ok ? parsed.value : parsed.fault;
};
const isBounded = (parsed: SsdpMessage): boolean =>
  [parsed.target, parsed.usn, parsed.server, parsed.location].every(
    (text) => text === null || (text.length > 0 && text.length <= MAX_FIELD_LENGTH),
  );

// A fuzz test of src/wire/ssdp/message.ts is at the end.
describe('parseSsdp', () => {
  it('reads every answer that real responders sent', () => {
    const datagrams = ANSWERS.flatMap(datagramsOf);
    expect(datagrams.length).toBeGreaterThan(25);
    for (const datagram of datagrams)
      expect(read(datagram)).toMatchObject({
        kind: 'answer',
        target: expect.stringMatching(/^(?:urn|uuid|upnp):/) as string,
        usn: expect.stringMatching(/^uuid:/) as string,
        location: expect.stringMatching(/^http:\/\/10\.66\.0\.5[34]:\d+\/rootDesc\.xml$/) as string,
        server: expect.stringContaining('UPnP/1.') as string,
      });
  });

  it('reads a NOTIFY of a real responder', () => {
    expect(read(capture('miniupnpd-2.3.1_notify.txt'))).toEqual({
      kind: 'alive',
      target: 'upnp:rootdevice',
      usn: 'uuid:75802409-bccb-40e7-8e6c-3810d5000053::upnp:rootdevice',
      server: 'Debian/6.1.0-masked UPnP/1.1 MiniUPnPd/2.3.1',
      location: 'http://10.66.0.53:49000/rootDesc.xml',
    });
  });

  it.each(['\r\n', '\n'])('reads lines that end with %j', (lineEnd) => {
    expect(read(message('HTTP/1.1 200 OK', { ST: 'a', SERVER: ROUTER_SERVER }, lineEnd))).toMatchObject({
      kind: 'answer',
      target: 'a',
      server: ROUTER_SERVER,
    });
  });

  it.each([
    ['Location', 'Server', 'Usn'],
    ['LOCATION', 'SERVER', 'USN'],
    ['location ', ' server', '\tusn\t'],
  ])('finds header fields whatever their case and blanks: %j', (location, server, usn) => {
    expect(
      read(message('HTTP/1.1 200 OK', { [location]: 'http://a/', [server]: 'b', [usn]: 'c' })),
    ).toMatchObject({ location: 'http://a/', server: 'b', usn: 'c' });
  });

  it.each([
    ['ssdp:alive', 'alive'],
    ['SSDP:Update', 'update'],
    ['ssdp:byebye', 'byebye'],
  ])('reads NOTIFY with NTS %s as %s', (nts, kind) => {
    expect(read(message(ALIVE, { NTS: nts, NT: 'n', ST: 's' }))).toMatchObject({ kind, target: 'n' });
  });

  it('reads a search that others sent', () => {
    expect(read(message('M-SEARCH * HTTP/1.1', { MAN: '"ssdp:discover"', ST: 'ssdp:all' }))).toMatchObject({
      kind: 'search',
      target: 'ssdp:all',
      location: null,
    });
  });

  it('takes the first of a header field that is repeated, and what has no value for nothing', () => {
    expect(
      read(Buffer.from('HTTP/1.1 200 OK\r\nSERVER:\r\nSERVER: first\r\nserver: second\r\nST: \r\n\r\n')),
    ).toMatchObject({ server: 'first', target: null });
  });

  it('stops at the empty line, and passes over what is no header field', () => {
    expect(
      read(Buffer.from('\r\nHTTP/1.1 200 OK\r\nnonsense\r\n: x\r\nST: a\r\n\r\nUSN: of another\r\n')),
    ).toMatchObject({ target: 'a', usn: null });
  });

  it.each([
    ['', 'empty'],
    ['\r\n\r\n', 'empty'],
    ['OPTIONS sip:10.0.0.1 SIP/2.0\r\n\r\n', 'not-ssdp'],
    ['NOTIFY sip:10.0.0.1 SIP/2.0\r\n\r\n', 'not-ssdp'],
    ['NOTIFY /x HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n', 'not-ssdp'],
    ['GET * HTTP/1.1\r\n\r\n', 'not-ssdp'],
    ['HTTP/1.1\r\n\r\n', 'not-ssdp'],
    ['HTTP/1.1 2000 OK\r\n\r\n', 'not-ssdp'],
    ['HTTP/1.1 404 Not Found\r\n\r\n', 'bad-status'],
    ['NOTIFY * HTTP/1.1\r\nNT: a\r\n\r\n', 'bad-nts'],
    ['NOTIFY * HTTP/1.1\r\nNTS: ssdp:propchange\r\n\r\n', 'bad-nts'],
  ])('refuses %j as %s', (text, fault) => {
    expect(read(Buffer.from(text))).toBe(fault);
  });

  it('reads a device name that is no UTF-8', () => {
    const bytes = Buffer.from('HTTP/1.1 200 OK\r\nSERVER: B\xfcro UPnP/1.0\r\n\r\n', 'latin1');
    expect(read(bytes)).toMatchObject({ server: 'B\ufffdro UPnP/1.0' });
  });

  it('keeps no more of a message than it may', () => {
    const many = Object.fromEntries(Array.from({ length: MAX_LINES + 9 }, (_, index) => [`X${index}`, 'x']));
    expect(read(message('HTTP/1.1 200 OK', { ...many, SERVER: 'late' }))).toMatchObject({ server: null });
    expect(read(message('HTTP/1.1 200 OK', { SERVER: 'x'.repeat(5000) }))).toMatchObject({
      server: 'x'.repeat(MAX_FIELD_LENGTH),
    });
  });
});

describe('buildSearch', () => {
  it('writes what UPnP asks for, and our name', () => {
    const built = buildSearch('upnp:rootdevice', 2);
    expect(built.ok && Buffer.from(built.value).toString()).toMatch(
      /^M-SEARCH \* HTTP\/1\.1\r\nHOST: 239\.255\.255\.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: upnp:rootdevice\r\nUSER-AGENT: sipcensus\/\d+\.\d+\.\d+ UPnP\/1\.1 [^\r\n]+\r\n\r\n$/,
    );
  });

  it.each(['', 'a b', 'a\r\nX: y', 'a\n', 'ü', 'x'.repeat(257)])('refuses the target %j', (target) => {
    expect(buildSearch(target, 2)).toEqual({ ok: false, fault: 'bad-target' });
  });

  it.each([0, 6, 1.5, NaN])('refuses to let devices wait %d seconds', (seconds) => {
    expect(buildSearch('upnp:rootdevice', seconds)).toEqual({ ok: false, fault: 'bad-wait' });
  });

  it('writes what is read back as it was', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,256}$/), fc.integer({ min: 1, max: 5 }), (target, seconds) => {
        const built = buildSearch(target, seconds);
        expect(built.ok && read(built.value)).toMatchObject({ kind: 'search', target });
      }),
    );
  });
});

describe('parseSsdp, whatever comes', () => {
  it('gives a bounded message or a fault for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        const parsed = parseSsdp(bytes);
        return parsed.ok ? isBounded(parsed.value) : true;
      }),
      { numRuns: 500 },
    );
  });

  const MUTATIONS = Number(process.env['SIPCENSUS_MUTATIONS'] ?? 20_000);
  it(`reads ${MUTATIONS} mutations of real messages without throwing, and within bounds`, () => {
    const corpus = [...ANSWERS.flatMap(datagramsOf), capture('miniupnpd-2.3.1_notify.txt')];
    const telling = [
      '\r\n',
      '\r\n\r\n',
      '\n',
      'HTTP/1.1 200',
      'NTS: ssdp:alive',
      ...Array.from(':*\0\xff \t'),
    ];
    const random = createRandom(1900);
    let messages = 0;
    for (let mutation = 0; mutation < MUTATIONS; mutation += 1) {
      const bytes = mutated(random, corpus, telling);
      const parsed = parseSsdp(bytes);
      if (!parsed.ok) continue;
      messages += 1;
      if (!isBounded(parsed.value)) throw new Error(`keeps too much of ${bytes.toString('latin1')}`);
    }
    // Otherwise the mutations would be too wild to reach what is behind the start line.
    expect(messages).toBeGreaterThan(MUTATIONS * 0.6);
  });
});
