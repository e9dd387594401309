import ipaddr from 'ipaddr.js';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import {
  MAX_ENTRIES,
  MAX_MESSAGE_BYTES,
  MAX_TEXTS,
  TYPE,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  type Name,
} from './message.ts';
import { MAX_LABEL_BYTES, MAX_LABELS, MAX_NAME_BYTES } from './name.ts';

/** Why a message is refused, closed. */
export type DnsBuildFault =
  | 'bad-name' // an empty or too long label, too many of them
  | 'bad-text' // an empty string in a TXT record, too many, or one of more than 255 bytes
  | 'bad-address' // not of the family of the record
  | 'bad-number' // one that its field cannot hold
  | 'too-long'; // more than MAX_MESSAGE_BYTES or MAX_ENTRIES

const IN = 1;
const TOP_BIT = 0x8000;
const MAX_POINTER_TARGET = 0x3fff;
const encoder = new TextEncoder();

/** Writes a message, its names compressed (RFC 6762 18.14). What was built is read back as it was. */
export function buildDns(message: DnsMessage): Outcome<Uint8Array, DnsBuildFault> {
  const { questions, answers, authorities, additionals } = message;
  const sections = [questions, answers, authorities, additionals];
  const writer = createWriter();
  for (const number of [message.id, message.flags, ...sections.map(({ length }) => length)])
    writer.uint(number, 2);
  for (const question of questions) writeQuestion(writer, question);
  for (const record of [answers, authorities, additionals].flat()) writeRecord(writer, record);
  const isTooLong = writer.bytes.length > MAX_MESSAGE_BYTES || sections.flat().length > MAX_ENTRIES;
  const fault = writer.fault() ?? (isTooLong ? 'too-long' : null);
  return fault === null ? success(Uint8Array.from(writer.bytes)) : failure(fault);
}

/** A one-shot query (RFC 6762 5.1) for the records of one type under several names; QU asks for the answer to us alone (5.4). */
export const buildQuery = (names: readonly Name[], type: number): Outcome<Uint8Array, DnsBuildFault> =>
  buildDns({
    id: 0,
    flags: 0,
    questions: names.map((name) => ({ name, type, unicastResponse: true })),
    answers: [],
    authorities: [],
    additionals: [],
  });

type Writer = ReturnType<typeof createWriter>;

/** Appends, and keeps the first fault. */
function createWriter() {
  const bytes: number[] = [];
  const places = new Map<string, number>();
  let fault: DnsBuildFault | null = null;
  const refuse = (reason: DnsBuildFault): void => void (fault ??= reason);
  const uint = (value: number, size: number): void => {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) refuse('bad-number');
    for (let shift = size - 1; shift >= 0; shift -= 1)
      bytes.push(Math.floor(value / 2 ** (8 * shift)) & 0xff);
  };
  const string = (text: string, most: number, reason: DnsBuildFault): void => {
    const encoded = encoder.encode(text);
    if (encoded.length === 0 || encoded.length > most) refuse(reason);
    bytes.push(encoded.length & 0xff, ...encoded.subarray(0, most));
  };
  return {
    bytes,
    refuse,
    uint,
    fault: () => fault,
    text: (text: string) => string(text, 255, 'bad-text'),
    /** Ends in a pointer to where the rest of the name stands already. */
    name(name: Name): void {
      const length = name.reduce((sum, label) => sum + 1 + encoder.encode(label).length, 1);
      if (name.length > MAX_LABELS || length > MAX_NAME_BYTES) return refuse('bad-name');
      for (const [index, label] of name.entries()) {
        const rest = JSON.stringify(name.slice(index));
        const place = places.get(rest);
        if (place !== undefined) return uint(0xc000 | place, 2);
        if (bytes.length <= MAX_POINTER_TARGET) places.set(rest, bytes.length);
        string(label, MAX_LABEL_BYTES, 'bad-name');
      }
      uint(0, 1);
    },
  };
}

function writeQuestion(writer: Writer, { name, type, unicastResponse }: DnsQuestion): void {
  writer.name(name);
  writer.uint(type, 2);
  writer.uint(unicastResponse ? TOP_BIT | IN : IN, 2);
}

function writeRecord(writer: Writer, record: DnsRecord): void {
  writer.name(record.name);
  writer.uint(TYPE[record.type], 2);
  writer.uint(record.cacheFlush ? TOP_BIT | IN : IN, 2);
  writer.uint(record.ttl, 4);
  const lengthAt = writer.bytes.length;
  writer.uint(0, 2);
  writeData(writer, record);
  const length = writer.bytes.length - lengthAt - 2;
  writer.bytes.splice(lengthAt, 2, length >> 8, length & 0xff);
}

function writeData(writer: Writer, record: DnsRecord): void {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return writeAddress(writer, record);
    case 'PTR':
      return writer.name(record.target);
    case 'SRV':
      for (const number of [record.priority, record.weight, record.port]) writer.uint(number, 2);
      return writer.name(record.target);
    case 'TXT':
      if (record.texts.length > MAX_TEXTS) writer.refuse('bad-text');
      for (const text of record.texts) writer.text(text);
      // RFC 6763 6.1: nothing to say is written as one empty string.
      if (record.texts.length === 0) writer.uint(0, 1);
  }
}

function writeAddress(writer: Writer, record: { type: 'A' | 'AAAA'; address: string }): void {
  const isRight =
    record.type === 'A'
      ? ipaddr.IPv4.isValidFourPartDecimal(record.address)
      : ipaddr.IPv6.isValid(record.address) && !record.address.includes('%');
  if (!isRight) return writer.refuse('bad-address');
  writer.bytes.push(...ipaddr.parse(record.address).toByteArray());
}
