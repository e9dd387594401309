import { failure, success, type Outcome } from '../../model/outcome.ts';
import { MAX_RAW_BYTES } from '../../model/sighting.ts';
import { bounded } from '../../model/text.ts';

/** Where SSDP is spoken (UPnP Device Architecture 1.1, section 1). */
export const SSDP_GROUP = '239.255.255.250';
export const SSDP_PORT = 1900;

/** Most lines read of one message: real ones have 8 to 15, and nothing that we read stands behind many others. */
export const MAX_LINES = 64;

/** One SSDP message. What a header field does not say is null; every text is at most MAX_FIELD_LENGTH. */
export interface SsdpMessage {
  /** `answer` to an M-SEARCH; NOTIFY with NTS `alive`, `update` or `byebye`; somebody's M-SEARCH. */
  kind: 'answer' | 'alive' | 'update' | 'byebye' | 'search';
  /** ST of an answer or a search, NT of a NOTIFY: what is there, or looked for. */
  target: string | null;
  usn: string | null;
  server: string | null;
  location: string | null;
}

/** Why bytes are no SSDP message, closed. */
export type SsdpFault =
  | 'empty' // nothing, or nothing but line ends
  | 'not-ssdp' // the first line is no NOTIFY, no M-SEARCH, and no status line of HTTP 1
  | 'bad-status' // an answer that is not 200
  | 'bad-nts'; // a NOTIFY that says neither alive, update nor byebye

const decoder = new TextDecoder('utf-8');
// No two neighbours in here match the same character, so that no line makes it go back over what it read.
const STATUS_LINE = /^HTTP\/1\.\d[ \t]+(\d{3})(?:[ \t]|$)/i;
const REQUEST_LINE = /^(NOTIFY|M-SEARCH)[ \t]+\*[ \t]+HTTP\/1\.\d[ \t]*$/i;
const NTS = /^ssdp:(alive|update|byebye)$/i;

/**
 * Reads one datagram as one SSDP message. Total and bounded: any bytes give a message or a fault. Lines may end with LF alone, as some
 * stacks send them; of a header field that is repeated the first counts, and a line that is none is passed over.
 */
export function parseSsdp(datagram: Uint8Array): Outcome<SsdpMessage, SsdpFault> {
  const lines = linesOf(datagram);
  const [first, ...rest] = lines;
  if (first === undefined) return failure('empty');
  const headers = readHeaders(rest);
  const kind = kindOf(first, headers.get('nts') ?? '');
  if (!kind.ok) return kind;
  const valueOf = (name: string): string | null => headers.get(name) ?? null;
  return success({
    kind: kind.value,
    target: valueOf(kind.value === 'answer' || kind.value === 'search' ? 'st' : 'nt'),
    usn: valueOf('usn'),
    server: valueOf('server'),
    location: valueOf('location'),
  });
}

/** The lines up to the first empty one, line ends before the first left out. */
function linesOf(datagram: Uint8Array): string[] {
  const text = decoder.decode(datagram.subarray(0, MAX_RAW_BYTES)).replace(/^[\r\n]+/, '');
  const lines = text.split('\n', MAX_LINES + 1).map((line) => line.replace(/\r$/, ''));
  const end = lines.indexOf('');
  return end === -1 ? lines : lines.slice(0, end);
}

function kindOf(startLine: string, nts: string): Outcome<SsdpMessage['kind'], SsdpFault> {
  const status = STATUS_LINE.exec(startLine)?.[1];
  if (status !== undefined) return status === '200' ? success('answer') : failure('bad-status');
  const method = REQUEST_LINE.exec(startLine)?.[1]?.toUpperCase();
  if (method === undefined) return failure('not-ssdp');
  if (method === 'M-SEARCH') return success('search');
  const said = NTS.exec(nts)?.[1]?.toLowerCase();
  return said === 'alive' || said === 'update' || said === 'byebye' ? success(said) : failure('bad-nts');
}

/** Names in lower case (they are compared without case), values trimmed; an empty value is none. */
function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = bounded(line.slice(colon + 1).trim());
    if (name !== '' && value !== '' && !headers.has(name)) headers.set(name, value);
  }
  return headers;
}
