import { describe, expect, it } from 'vitest';
import type { Frame, Segment } from './pcap.ts';
import { connectionsOf, mostIn, troubleOf, troubleOfConnection, type Scope } from './promise.ts';

const scope: Scope = {
  mayBeSentTo: (address) => address.startsWith('10.77.0.'),
  descriptions: new Map([['10.77.0.7', '/rootDesc.xml']]),
};

const frame = (change: Partial<Frame>): Frame => ({
  at: 0,
  fromMac: '02:77:00:00:00:02',
  toMac: '02:77:00:00:00:07',
  kind: 'udp',
  from: '10.77.0.2',
  to: '10.77.0.7',
  fromPort: 40000,
  toPort: 5060,
  segment: null,
  payload: Buffer.alloc(0),
  ...change,
});

const PROBE = [
  'OPTIONS sip:10.77.0.7:5060 SIP/2.0',
  'Via: SIP/2.0/UDP 10.77.0.2:40000;branch=z9hG4bK13c40123456789abcdef;rport',
  'Max-Forwards: 70',
  'From: <sip:sipcensus@10.77.0.2:40000>;tag=89abcdef',
  'To: <sip:10.77.0.7:5060>',
  'Call-ID: 13c40123456789abcdef@10.77.0.2',
  'CSeq: 1 OPTIONS',
  'Contact: <sip:sipcensus@10.77.0.2:40000>',
  'Accept: application/sdp',
  'User-Agent: sipcensus/0.1.0 (inventory of the phones on this site)',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');
const SEARCH =
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 2\r\nST: upnp:rootdevice\r\n\r\n';
const MDNS = { to: '224.0.0.251', toPort: 5353 };
const SSDP = { to: '239.255.255.250', toPort: 1900 };

/** A question for `_sip._udp.local`: flags, the four counts, the name, PTR and IN; then what stands after it. */
const query = ({ flags = '0000', authorities = '0000', after = '' } = {}): Buffer =>
  Buffer.from(
    `0000${flags}00010000${authorities}0000` + '045f736970045f756470056c6f63616c00000c0001' + after,
    'hex',
  );

const saidOf = (change: Partial<Frame>): string | null => troubleOf(frame(change), scope);
const datagram = (text: string, change: Partial<Frame> = {}): string | null =>
  saidOf({ payload: Buffer.from(text, 'latin1'), ...change });

describe('the promise not to do harm, as the wire proves it', () => {
  it('takes what may leave', () => {
    expect(datagram(PROBE)).toBeNull();
    expect(datagram(SEARCH, SSDP)).toBeNull();
    expect(saidOf({ ...MDNS, payload: query() })).toBeNull();
    for (const kind of ['arp', 'igmp', 'icmpv6'] as const)
      expect(saidOf({ kind, to: '224.0.1.75' })).toBeNull();
  });

  it.each([
    ['an empty datagram', '', 'no SIP: empty'],
    ['an INVITE', PROBE.replaceAll('OPTIONS', 'INVITE'), 'lacks a request line of OPTIONS'],
    ['a NOTIFY', PROBE.replaceAll('OPTIONS', 'NOTIFY'), 'lacks a request line of OPTIONS'],
    ['bare line feeds', PROBE.replaceAll('\r', ''), 'a line end that is no CRLF'],
    ['no magic cookie', PROBE.replace('z9hG4bK', 'old'), 'lacks a branch with the magic cookie'],
    ['few hops', PROBE.replace('70', '1'), 'lacks Max-Forwards 70'],
    ['no User-Agent', PROBE.replace(/User-Agent:.*\r\n/, ''), 'lacks its own User-Agent with a version'],
    ['a body', `${PROBE}v=0`, 'lacks Content-Length 0 and nothing after it'],
    ['too many bytes', PROBE.replace('Accept:', `X-Long: ${'x'.repeat(300)}\r\nAccept:`), 'bytes'],
  ])('tells of %s', (_, text, words) => {
    expect(datagram(text)).toContain(words);
  });

  it('tells of what goes out of scope, to the provisioning group most of all', () => {
    expect(datagram(PROBE, { to: '10.78.0.7' })).toBe('udp to 10.78.0.7:5060: out of scope');
    expect(datagram(PROBE, { to: '224.0.1.75' })).toBe('udp to 224.0.1.75:5060: out of scope');
    expect(saidOf({ kind: 'tcp', to: '8.8.8.8' })).toContain('out of scope');
    expect(saidOf({ kind: 'other' })).toContain('neither UDP nor TCP');
  });

  it('tells of a ping, and takes the word of the kernel that a port is closed', () => {
    expect(saidOf({ kind: 'icmp', payload: Buffer.of(8, 0) })).toContain('ICMP');
    expect(saidOf({ kind: 'icmp', payload: Buffer.of(3, 3) })).toBeNull();
  });

  it('tells of an answer, and of an announcement, to the group of mDNS', () => {
    expect(saidOf({ ...MDNS, payload: query({ flags: '8400' }) })).toContain('an answer');
    // As who is about to take a name writes it (RFC 6762 8.2).
    const after = 'c00c' + '000c0001' + '00000078' + '0002c00c';
    const probing = query({ authorities: '0001', after });
    expect(saidOf({ ...MDNS, payload: probing })).toContain('it announces something');
    expect(saidOf({ ...MDNS, payload: Buffer.from(PROBE) })).toContain('no DNS');
  });

  it('tells of a NOTIFY, and of a question to all, to the group of SSDP', () => {
    expect(datagram(SEARCH.replace('M-SEARCH', 'NOTIFY'), SSDP)).toContain('no M-SEARCH');
    expect(datagram(SEARCH.replace('upnp:rootdevice', 'ssdp:all'), SSDP)).toContain('everybody');
  });

  describe('over connections', () => {
    const segment = (change: Partial<Segment>): Segment => ({
      sequence: 1000,
      syn: false,
      fin: false,
      reset: false,
      ...change,
    });
    const written = (...parts: readonly (readonly [number, string])[]): Frame[] => [
      frame({ kind: 'tcp', segment: segment({ syn: true }) }),
      ...parts.map(([at, text]) =>
        frame({ kind: 'tcp', segment: segment({ sequence: 1001 + at }), payload: Buffer.from(text) }),
      ),
    ];
    const saidOfAll = (...parts: readonly (readonly [number, string])[]): (string | null)[] =>
      connectionsOf(written(...parts)).map((one) => troubleOfConnection(one, scope));

    it('reads what was sent again once, and in order', () => {
      const [head, rest] = [PROBE.slice(0, 100), PROBE.slice(100)];
      expect(saidOfAll([100, rest], [0, head], [0, PROBE])).toEqual([null]);
    });

    it('takes one GET of the page or of the description that the device named, and tells of any other', () => {
      const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: 10.77.0.7\r\n\r\n`;
      expect(saidOfAll([0, get('/')])).toEqual([null]);
      expect(saidOfAll([0, get('/rootDesc.xml')])).toEqual([null]);
      expect(saidOfAll([0, get('/reboot')])).toEqual(['tcp to 10.77.0.7:5060: GET /reboot']);
      expect(saidOfAll([0, get('/') + get('/')])).toEqual(['tcp to 10.77.0.7:5060: a damaged GET']);
      expect(saidOfAll([0, 'POST / HTTP/1.1\r\n\r\n'])[0]).not.toBeNull();
      expect(saidOfAll([0, PROBE + PROBE])[0]).not.toBeNull();
    });

    it('tells a reset from an end, and two connections to one port apart', () => {
      expect(saidOf({ kind: 'tcp', segment: segment({ reset: true }) })).toContain('a reset');
      const [first] = connectionsOf([...written(), frame({ kind: 'tcp', segment: segment({ fin: true }) })]);
      expect(first?.isEnded).toBe(true);
      const again = frame({ kind: 'tcp', fromPort: 40001, segment: segment({ syn: true }) });
      expect(connectionsOf([...written(), again])).toHaveLength(2);
    });
  });

  it('counts the worst second, wherever it begins', () => {
    const frames = [0.1, 0.9, 1.0, 1.05, 2.2].map((at) => frame({ at }));
    expect(mostIn(1, frames, ({ to }) => to)).toEqual({ key: '10.77.0.7', count: 4 });
  });
});
