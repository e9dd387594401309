import type { Fact, Field } from '../../model/fact.ts';
import { parseMac } from '../../model/mac.ts';
import { bounded } from '../../model/text.ts';
import type { DhcpMessage } from '../../wire/dhcp/message.ts';

const ETHERNET = 1;

/** What a client's message says of the client. */
export function factsOf(message: DhcpMessage): Fact[] {
  const facts: Fact[] = [];
  const add = (field: Field, value: string | null): void => {
    if (value !== null && value !== '') facts.push({ field, value: bounded(value) });
  };
  add('dhcp.mac', macOf(message));
  add('dhcp.host_name', trimmed(message.hostName));
  add('dhcp.vendor_class', trimmed(message.vendorClass));
  add('dhcp.parameters', message.parameters.join(','));
  return facts;
}

/** The hardware address, else a client identifier that is one: 12 lower-case hex digits (RFC 2132 9.14). */
export function macOf({ hardwareType, hardwareAddress, clientIdentifier }: DhcpMessage): string | null {
  const inHeader = hardwareType === ETHERNET ? hardwareAddress : '';
  const inIdentifier = /^01(.*)$/.exec(clientIdentifier ?? '')?.[1] ?? '';
  return [inHeader, inIdentifier].map(parseMac).find(isOneDevice) ?? null;
}

/** Zeros stand for none, and the lowest bit of the first byte marks a group (IEEE 802). */
const isOneDevice = (mac: string | null): mac is string =>
  mac !== null && mac !== '000000000000' && (parseInt(mac.slice(0, 2), 16) & 1) === 0;

/** The address that the client has, else the one that it asks for. */
export const addressOf = ({ clientAddress, requestedAddress }: DhcpMessage): string | null =>
  clientAddress ?? requestedAddress;

/** Some clients count the NUL of their language to the text, and some fill a field up with blanks. */
const trimmed = (text: string | null): string => (text ?? '').replace(/^[\0\s]+|[\0\s]+$/g, '');
