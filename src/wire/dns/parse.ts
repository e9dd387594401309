import ipaddr from 'ipaddr.js';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import {
  MAX_ENTRIES,
  MAX_MESSAGE_BYTES,
  MAX_TEXTS,
  TYPE,
  type DnsFault,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
} from './message.ts';
import { decodeText, readName } from './name.ts';

const HEADER_BYTES = 12;
const IN = 1;
/** Of a question: the QU bit (RFC 6762 5.4). Of a record: cache-flush (10.2). */
const TOP_BIT = 0x8000;

/** What stands at a place: null where it is of a class or type that is left out, and where the next one begins. */
interface Read<T> {
  entry: T | null;
  next: number;
}
type Reader<T> = (bytes: Uint8Array, at: number) => Outcome<Read<T>, DnsFault>;

/** How far the reading has come, how many entries it may still read, and what ended it. */
interface Cursor {
  at: number;
  left: number;
  fault: DnsFault | null;
}

/**
 * Reads one datagram as one message (RFC 1035 4.1, RFC 6762 18). Total and bounded: any bytes give a message or a fault. Records of
 * other classes and types, and those whose data are broken, are skipped by their length; what follows the first MAX_ENTRIES is unread.
 */
export function parseDns(bytes: Uint8Array): Outcome<DnsMessage, DnsFault> {
  if (bytes.length < HEADER_BYTES) return failure('too-short');
  if (bytes.length > MAX_MESSAGE_BYTES) return failure('too-long');
  const cursor: Cursor = { at: HEADER_BYTES, left: MAX_ENTRIES, fault: null };
  const message = {
    id: uint16(bytes, 0),
    flags: uint16(bytes, 2),
    questions: readSection(bytes, cursor, uint16(bytes, 4), readQuestion),
    answers: readSection(bytes, cursor, uint16(bytes, 6), readRecord),
    authorities: readSection(bytes, cursor, uint16(bytes, 8), readRecord),
    additionals: readSection(bytes, cursor, uint16(bytes, 10), readRecord),
  };
  return cursor.fault === null ? success(message) : failure(cursor.fault);
}

function readSection<T>(bytes: Uint8Array, cursor: Cursor, count: number, read: Reader<T>): T[] {
  const entries: T[] = [];
  for (let rest = count; rest > 0 && cursor.left > 0 && cursor.fault === null; rest -= 1) {
    cursor.left -= 1;
    const outcome = read(bytes, cursor.at);
    if (!outcome.ok) cursor.fault = outcome.fault;
    else {
      cursor.at = outcome.value.next;
      if (outcome.value.entry !== null) entries.push(outcome.value.entry);
    }
  }
  return entries;
}

/** Zeros stand in for what is beyond the end; readers have looked before. */
const uint16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const uint32 = (bytes: Uint8Array, at: number): number => uint16(bytes, at) * 0x10000 + uint16(bytes, at + 2);

const readQuestion: Reader<DnsQuestion> = (bytes, start) => {
  if (start >= bytes.length) return failure('cut-short');
  const read = readName(bytes, start);
  if (read === null) return failure('bad-name');
  const next = read.next + 4;
  if (next > bytes.length) return failure('cut-short');
  const type = uint16(bytes, read.next);
  const classBits = uint16(bytes, read.next + 2);
  const question = { name: read.name, type, unicastResponse: (classBits & TOP_BIT) !== 0 };
  return success({ entry: isInternet(classBits) ? question : null, next });
};

const readRecord: Reader<DnsRecord> = (bytes, start) => {
  if (start >= bytes.length) return failure('cut-short');
  const read = readName(bytes, start);
  if (read === null) return failure('bad-name');
  const at = read.next + 10;
  const next = at + uint16(bytes, read.next + 8);
  if (at > bytes.length || next > bytes.length) return failure('cut-short');
  const classBits = uint16(bytes, read.next + 2);
  const data = isInternet(classBits) ? readData(uint16(bytes, read.next), bytes.subarray(0, next), at) : null;
  if (data === null) return success({ entry: null, next });
  const cacheFlush = (classBits & TOP_BIT) !== 0;
  return success({
    entry: { name: read.name, ttl: uint32(bytes, read.next + 4), cacheFlush, ...data },
    next,
  });
};

const isInternet = (classBits: number): boolean => (classBits & ~TOP_BIT) === IN;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Data = Without<DnsRecord, 'name' | 'ttl' | 'cacheFlush'>;

/** The data of a record, which reach from `at` to the end of the bytes; null for other types and for what is broken. */
function readData(type: number, bytes: Uint8Array, at: number): Data | null {
  const length = bytes.length - at;
  switch (type) {
    case TYPE.A:
      return length === 4 ? { type: 'A', address: readAddress(bytes.subarray(at)) } : null;
    case TYPE.AAAA:
      return length === 16 ? { type: 'AAAA', address: readAddress(bytes.subarray(at)) } : null;
    case TYPE.PTR:
      return withName(bytes, at, (target) => ({ type: 'PTR', target }));
    case TYPE.SRV: {
      const [priority, weight, port] = [uint16(bytes, at), uint16(bytes, at + 2), uint16(bytes, at + 4)];
      return withName(bytes, at + 6, (target) => ({ type: 'SRV', priority, weight, port, target }));
    }
    case TYPE.TXT: {
      const texts = readTexts(bytes, at);
      return texts === null ? null : { type: 'TXT', texts };
    }
    default:
      return null;
  }
}

const readAddress = (bytes: Uint8Array): string => ipaddr.fromByteArray([...bytes]).toString();

function withName(bytes: Uint8Array, at: number, make: (name: readonly string[]) => Data): Data | null {
  const read = readName(bytes, at);
  return read?.next === bytes.length ? make(read.name) : null;
}

/** Length-prefixed strings; the empty one says that there is nothing to say (RFC 6763 6.1). */
function readTexts(bytes: Uint8Array, start: number): string[] | null {
  const texts: string[] = [];
  for (let at = start; at < bytes.length;) {
    const end = at + 1 + (bytes[at] ?? 0);
    if (end > bytes.length) return null;
    if (end > at + 1 && texts.length < MAX_TEXTS) texts.push(decodeText(bytes.subarray(at + 1, end)));
    at = end;
  }
  return texts;
}
