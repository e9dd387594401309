import { parseDns } from '../../src/wire/dns/parse.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';
import type { Frame } from './pcap.ts';

/** The promise not to do harm, read off the wire: each function says what breaks it, in words, and nothing where it is kept. */

export interface Scope {
  mayBeSentTo(address: string): boolean;
  /** Paths that a device itself has named as its description (SSDP), by address. */
  descriptions: ReadonlyMap<string, string>;
}

/** What the kernel sends by itself to have a network at all. */
const HOUSEKEEPING: ReadonlySet<Frame['kind']> = new Set(['arp', 'igmp', 'icmpv6']);

const GROUPS: Readonly<Record<string, (payload: Buffer) => string | null>> = {
  '224.0.0.251:5353': troubleOfQuery,
  '239.255.255.250:1900': troubleOfSearch,
};

/** What one frame is that may not be; null for what may leave. */
export function troubleOf(frame: Frame, scope: Scope): string | null {
  if (HOUSEKEEPING.has(frame.kind)) return null;
  const place = `${frame.to}:${frame.toPort}`;
  const told = (trouble: string | null): string | null => trouble && `${frame.kind} to ${place}: ${trouble}`;
  const group = frame.kind === 'udp' ? GROUPS[place] : undefined;
  if (group !== undefined) return told(group(frame.payload));
  if (!scope.mayBeSentTo(frame.to)) return told('out of scope');
  if (frame.kind === 'udp') return told(troubleOfProbe(frame.payload));
  if (frame.kind === 'icmp') return told(isPortUnreachable(frame.payload) ? null : 'ICMP');
  if (frame.kind !== 'tcp') return told('neither UDP nor TCP');
  return frame.segment?.reset === true ? told('a reset') : null;
}

/** The kernel says so to whoever answers after the sweep has ended: a late datagram meets a closed port. */
const isPortUnreachable = (payload: Buffer): boolean => payload[0] === 3 && payload[1] === 3;

/** RFC 6762: a question, with no answer in it, that claims nothing. */
function troubleOfQuery(payload: Buffer): string | null {
  const parsed = parseDns(payload);
  if (!parsed.ok) return `no DNS: ${parsed.fault}`;
  const { flags, questions, answers, authorities, additionals } = parsed.value;
  if ((flags & 0x8000) !== 0) return 'an answer';
  if (questions.length === 0) return 'no question';
  return answers.length + authorities.length + additionals.length === 0 ? null : 'it announces something';
}

function troubleOfSearch(payload: Buffer): string | null {
  const text = payload.toString('latin1');
  if (!text.startsWith('M-SEARCH * HTTP/1.1\r\n')) return 'no M-SEARCH';
  if (!text.endsWith('\r\n\r\n') || !text.includes('\r\nMAN: "ssdp:discover"\r\n'))
    return 'a damaged M-SEARCH';
  return /\r\nST: ssdp:all\r\n/i.test(text) ? 'it asks everybody for everything' : null;
}

/** What every probe must have: quality catalogue B12. */
const MUST_HAVE: readonly (readonly [string, RegExp])[] = [
  ['a request line of OPTIONS', /^OPTIONS sip:[0-9.:]+(?:;transport=(?:tcp|tls))? SIP\/2\.0\r\n/],
  [
    'a branch with the magic cookie',
    /\r\nVia: SIP\/2\.0\/(?:UDP|TCP|TLS) [0-9.:]+;branch=z9hG4bK[0-9a-f]{8,};rport\r\n/,
  ],
  ['Max-Forwards 70', /\r\nMax-Forwards: 70\r\n/],
  ['a tag', /\r\nFrom: <[^>]+>;tag=[0-9a-f]{8,}\r\n/],
  ['a Call-ID', /\r\nCall-ID: [0-9a-f]{8,}@[0-9.]+\r\n/],
  ['its CSeq', /\r\nCSeq: \d+ OPTIONS\r\n/],
  ['its own User-Agent with a version', /\r\nUser-Agent: sipcensus\/\d+\.\d+\.\d+ \([^\r\n]+\)\r\n/],
  ['Content-Length 0 and nothing after it', /\r\nContent-Length: 0\r\n(?:[A-Za-z-]+: [^\r\n]*\r\n)*\r\n$/],
];

/** A complete, valid OPTIONS of ours. */
export function troubleOfProbe(payload: Buffer): string | null {
  const text = payload.toString('latin1');
  const parsed = parseSip(payload);
  if (!parsed.ok) return `no SIP: ${parsed.fault}`;
  if (/[^\r]\n|\r[^\n]/.test(text)) return 'a line end that is no CRLF';
  if (payload.length >= 700) return `${payload.length} bytes`;
  const missing = MUST_HAVE.find(([, pattern]) => !pattern.test(text));
  return missing === undefined ? null : `lacks ${missing[0]}`;
}

/** One connection that was asked for, as the frames of one side tell it. */
export interface Connection {
  address: string;
  port: number;
  /** All that was written into it, in order and each byte once. */
  written: Buffer;
  isEnded: boolean;
}

export function connectionsOf(frames: readonly Frame[]): Connection[] {
  const byPorts = Map.groupBy(
    frames.filter(({ kind }) => kind === 'tcp'),
    ({ fromPort, to, toPort }) => `${fromPort} ${to} ${toPort}`,
  );
  return [...byPorts.values()].map((own) => ({
    address: own[0]!.to,
    port: own[0]!.toPort,
    written: writtenIn(own),
    isEnded: own.some(({ segment }) => segment?.fin === true),
  }));
}

function writtenIn(frames: readonly Frame[]): Buffer {
  const start = frames.find(({ segment }) => segment?.syn === true)?.segment?.sequence ?? 0;
  const bytes = new Map<number, number>();
  for (const { segment, payload } of frames)
    for (const [at, byte] of payload.entries())
      bytes.set(((segment?.sequence ?? 0) - start - 1 + at) >>> 0, byte);
  return Buffer.from([...bytes].sort(([a], [b]) => a - b).map(([, byte]) => byte));
}

const TLS_HANDSHAKE = 0x16;

/** What was written into a connection and may not be: one OPTIONS, the TLS that carries one, or one GET. */
export function troubleOfConnection(
  { address, port, written }: Connection,
  { descriptions }: Scope,
): string | null {
  const told = (trouble: string): string => `tcp to ${address}:${port}: ${trouble}`;
  // Whoever refuses or does not answer gets nothing more.
  if (written.length === 0 || written[0] === TLS_HANDSHAKE) return null;
  const text = written.toString('latin1');
  if (!text.startsWith('GET ')) {
    const trouble = troubleOfProbe(written);
    return trouble && told(trouble);
  }
  const [, path, rest = ''] =
    /^GET (\S+) HTTP\/1\.[01]\r\n(?:[A-Za-z-]+: [^\r\n]*\r\n)+\r\n([^]*)$/.exec(text) ?? [];
  if (path === undefined || rest !== '') return told('a damaged GET');
  return path === '/' || path === descriptions.get(address) ? null : told(`GET ${path}`);
}

/** Frames that count as something sent to a host: bare acknowledgements do not. */
export const isSent = ({ kind, segment, payload }: Frame): boolean =>
  kind === 'udp' ||
  (kind === 'tcp' &&
    (payload.length > 0 || segment?.syn === true || segment?.fin === true || segment?.reset === true));

/** Most frames in any window of so many seconds, by `keyOf`: the key and the count of the worst. */
export function mostIn(
  seconds: number,
  frames: readonly Frame[],
  keyOf: (frame: Frame) => string,
): { key: string; count: number } {
  const worst = { key: '', count: 0 };
  for (const [key, own] of Map.groupBy(frames, keyOf))
    for (const [first, { at }] of own.entries()) {
      const count = own.slice(first).filter((later) => later.at < at + seconds).length;
      if (count > worst.count) Object.assign(worst, { key, count });
    }
  return worst;
}
