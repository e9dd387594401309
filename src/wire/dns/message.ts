/** Longest message read: RFC 6762 17 allows 9000 bytes with the headers of IP and UDP, and no more. */
export const MAX_MESSAGE_BYTES = 9000;
/** Most questions and records read of one message; a host that announces all it has sends a few dozen. */
export const MAX_ENTRIES = 128;
/** Most strings kept of one TXT record; RFC 6763 6.2 asks for a few hundred bytes in all. */
export const MAX_TEXTS = 64;

/** A domain name as its labels, without the root. A label of DNS-SD is free text: it may hold dots and blanks (RFC 6763 4.1.1). */
export type Name = readonly string[];

/** Numbers of record types (RFC 1035 3.2.2, 3596, 2782); ANY is of questions only. */
export const TYPE = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33, ANY: 255 } as const;

export interface DnsQuestion {
  name: Name;
  /** One of TYPE or any other number. */
  type: number;
  /** The QU bit of RFC 6762 5.4: please answer to me alone. */
  unicastResponse: boolean;
}

interface RecordParts {
  name: Name;
  /** Seconds; 0 is a goodbye (RFC 6762 10.1). */
  ttl: number;
  /** Top bit of the class: this replaces what was known (RFC 6762 10.2). */
  cacheFlush: boolean;
}

/** A record of class IN and of a type that we read; all others are left out. */
export type DnsRecord = RecordParts &
  (
    | { type: 'A' | 'AAAA'; address: string }
    | { type: 'PTR'; target: Name }
    | { type: 'SRV'; priority: number; weight: number; port: number; target: Name }
    /** Strings of RFC 6763 6.1, none of them empty. */
    | { type: 'TXT'; texts: readonly string[] }
  );

export interface DnsMessage {
  id: number;
  /** The sixteen bits after the id (RFC 1035 4.1.1). */
  flags: number;
  questions: readonly DnsQuestion[];
  answers: readonly DnsRecord[];
  authorities: readonly DnsRecord[];
  additionals: readonly DnsRecord[];
}

/** QR and AA, as every response of mDNS has them (RFC 6762 18.2, 18.4). */
export const RESPONSE_FLAGS = 0x8400;

const QR = 0x8000;
const OPCODE_AND_RCODE = 0x780f;

export const isResponse = ({ flags }: Pick<DnsMessage, 'flags'>): boolean => (flags & QR) !== 0;

/** Whether opcode and response code are zero: RFC 6762 18.3 and 18.11 have all other messages ignored. */
export const isStandard = ({ flags }: Pick<DnsMessage, 'flags'>): boolean => (flags & OPCODE_AND_RCODE) === 0;

/** Why bytes are no message, closed. */
export const DNS_FAULTS = [
  'too-short', // no whole header
  'too-long', // more than MAX_MESSAGE_BYTES
  'bad-name', // beyond the end, too long, or its pointers do not lead backwards
  'cut-short', // fewer questions or records than the header says
] as const;
export type DnsFault = (typeof DNS_FAULTS)[number];
