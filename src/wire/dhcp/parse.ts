import { failure, success, type Outcome } from '../../model/outcome.ts';
import { bounded } from '../../model/text.ts';
import {
  DHCP_TYPES,
  MAX_MESSAGE_BYTES,
  MAX_PARAMETERS,
  type DhcpFault,
  type DhcpMessage,
} from './message.ts';
import { OPTIONS_START, readOptions } from './options.ts';

// Offsets of RFC 2131 2, figure 1.
const AT = { op: 0, htype: 1, hlen: 2, ciaddr: 12, chaddr: 28, cookie: 236 };
const CHADDR_BYTES = 16;
const OPS = [null, 'request', 'reply'] as const;
/** 99.130.83.99 (RFC 2131 3). */
const COOKIE = '63825363';

const OPTION = {
  hostName: 12,
  requestedAddress: 50,
  messageType: 53,
  parameters: 55,
  vendorClass: 60,
  clientIdentifier: 61,
};

const decoder = new TextDecoder('utf-8');

/** Reads one datagram as one DHCPv4 message (RFC 2131 2). Total and bounded: any bytes give a message or a fault. */
export function parseDhcp(bytes: Uint8Array): Outcome<DhcpMessage, DhcpFault> {
  if (bytes.length < OPTIONS_START) return failure('too-short');
  if (bytes.length > MAX_MESSAGE_BYTES) return failure('too-long');
  const op = OPS[bytes[AT.op] ?? 0] ?? null;
  if (op === null) return failure('bad-op');
  const hardwareLength = bytes[AT.hlen] ?? 0;
  if (hardwareLength > CHADDR_BYTES) return failure('bad-hardware-address');
  if (hexOf(bytes.subarray(AT.cookie, OPTIONS_START)) !== COOKIE) return failure('bad-cookie');
  const options = readOptions(bytes);
  if (options === null) return failure('cut-short');
  return success({
    op,
    type: DHCP_TYPES[numberOf(options.get(OPTION.messageType)) - 1] ?? null,
    hardwareType: bytes[AT.htype] ?? 0,
    hardwareAddress: hexOf(bytes.subarray(AT.chaddr, AT.chaddr + hardwareLength)),
    clientAddress: addressOf(bytes.subarray(AT.ciaddr, AT.ciaddr + 4)),
    requestedAddress: addressOf(options.get(OPTION.requestedAddress) ?? []),
    hostName: textOf(options.get(OPTION.hostName)),
    vendorClass: textOf(options.get(OPTION.vendorClass)),
    clientIdentifier: hexOf(options.get(OPTION.clientIdentifier) ?? []) || null,
    parameters: (options.get(OPTION.parameters) ?? []).slice(0, MAX_PARAMETERS),
  });
}

type Bytes = Uint8Array | readonly number[];

const hexOf = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** 0 where an option is missing or not of one byte. */
const numberOf = (value: readonly number[] = []): number => (value.length === 1 ? (value[0] ?? 0) : 0);

function addressOf(bytes: Bytes): string | null {
  const text = Array.from(bytes).join('.');
  return bytes.length === 4 && text !== '0.0.0.0' ? text : null;
}

const textOf = (value: readonly number[] = []): string | null =>
  value.length === 0 ? null : bounded(decoder.decode(Uint8Array.from(value)));
