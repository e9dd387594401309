import type { Transport } from '../model/endpoint.ts';
import { parseMac } from '../model/mac.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { bounded } from '../model/text.ts';
import { parseNameAddr, parseSipUri, type SipUri } from '../wire/sip/uri.ts';

/** One contact that a PBX holds: where a phone is reached, and what it called itself when it registered. */
export interface Registration {
  /** As the PBX writes it: an address in any notation, or a host name. */
  address: string;
  port: number;
  transport: Transport;
  userAgent: string | null;
  /** 12 lower-case hex digits. */
  mac: string | null;
  instance: string | null;
  /** The account. Personal data: read for a MAC address, and left behind when the registration becomes a sighting. */
  aor: string;
}

/** Why something that a PBX lists is no registration of a phone that can be reached. */
export type Skip =
  | 'unregistered' // an account without a contact, or one that has run out
  | 'unreadable' // no address in it
  | 'transport'; // WebSocket and its like: a browser, not a phone on the LAN

/** What a PBX tells of one contact, in its own words. */
export interface Told {
  aor: string;
  /** Contact URI, with or without name and brackets. */
  contact: string | null;
  /** Where the REGISTER came from, where the PBX tells: with NAT in between, the only address that is true. */
  source?: { address: string; port: number | null } | null;
  /** How the REGISTER came; '' or null: as the contact says. */
  transport?: string | null;
  userAgent?: string | null;
  mac?: string | null;
  instance?: string | null;
}

/** Reads what a PBX tells of one contact. */
export function readTold(told: Told): Outcome<Registration, Skip> {
  const uri = readContact(told.contact ?? '');
  const transport = transportOf(told.transport ?? '', uri);
  if (transport === null) return failure('transport');
  const address = told.source?.address ?? uri?.host ?? '';
  if (address === '') return failure('unreadable');
  return success({
    address,
    port: portOf(told, uri, transport),
    transport,
    userAgent: textOrNull(told.userAgent),
    mac: parseMac(told.mac ?? '') ?? macOfAor(told.aor),
    instance: textOrNull(told.instance),
    aor: bounded(told.aor),
  });
}

/** A port as text, or null where there is none or it is none: 0 means "not known" to every PBX. */
export function readPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port <= 65_535 ? port : null;
}

/** A bare URI must not be read as a header field: its parameters would be taken for those of the field. */
const readContact = (contact: string): SipUri | null =>
  parseSipUri(contact.includes('<') ? (parseNameAddr(contact)?.uri ?? '') : contact);

const TRANSPORTS: ReadonlyMap<string, Transport> = new Map([
  ['', 'udp'], // RFC 3263 4.1: without a word for it, UDP
  ['udp', 'udp'],
  ['tcp', 'tcp'],
  ['tls', 'tls'],
]);

function transportOf(told: string, uri: SipUri | null): Transport | null {
  const said = (uri?.params.get('transport') ?? '').toLowerCase();
  // A PBX may call the connection TCP or TLS that a WebSocket lives in.
  if (said === 'ws' || said === 'wss') return null;
  return uri?.scheme === 'sips' ? 'tls' : (TRANSPORTS.get(told.toLowerCase() || said) ?? null);
}

/** By UDP a phone listens where it sends from. By TCP and TLS its source port is gone with the connection; the contact's stays. */
function portOf({ source }: Told, uri: SipUri | null, transport: Transport): number {
  const told = transport === 'udp' ? (source?.port ?? uri?.port) : (uri?.port ?? source?.port);
  return told ?? (transport === 'tls' ? 5061 : 5060);
}

const textOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text === '' ? null : bounded(text);

/** Some provisioning names accounts by MAC address. Twelve decimal digits are a telephone number far more often than a MAC. */
function macOfAor(aor: string): string | null {
  const user = aor.replace(/^sips?:/i, '').replace(/@.*$/s, '');
  return /[a-f]/i.test(user) ? parseMac(user) : null;
}
