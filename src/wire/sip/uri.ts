import { indexOrEnd, indexOutside, trimBlanks, unquote } from './grammar.ts';
import { parseParameters } from './params.ts';
import { decodeUtf8 } from './utf8.ts';

export interface HostPort {
  /** Name or address; an IPv6 address without its brackets. */
  host: string;
  port: number | null;
}

const HOST_PORT = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?:[ \t]*:[ \t]*(\d{1,5}))?$/i;

/** Reads `192.0.2.1`, `phone.local:5062`, `[fd00::7]:5060`, blanks around the colon allowed; null when it is none of these. */
export function parseHostPort(text: string): HostPort | null {
  const [, reference, name, digits] = HOST_PORT.exec(trimBlanks(text)) ?? [];
  const host = reference ?? name;
  const port = digits === undefined ? null : Number(digits);
  return host === undefined || (port ?? 0) > 65535 ? null : { host, port };
}

export interface SipUri extends HostPort {
  scheme: 'sip' | 'sips';
  /** All before the `@`, escapes decoded: some phones write `MAC:001565…`, of which RFC 3261 calls the half a password. */
  user: string | null;
  params: Map<string, string>;
}

const SIP_URI = /^(sips?):(.+)$/is;

/**
 * Reads a SIP or SIPS URI (RFC 3261 19.1); null for other schemes. A user part is worth reading even where the host is damaged
 * or missing (public capture of a snom 720: `sip:MAC%3a00135E874B49`): `host` is '' then.
 */
export function parseSipUri(text: string): SipUri | null {
  const [, scheme = '', rest = ''] = SIP_URI.exec(trimBlanks(text)) ?? [];
  const at = rest.lastIndexOf('@');
  const hostAndParams = rest.slice(at + 1);
  const end = Math.min(indexOrEnd(hostAndParams, ';'), indexOrEnd(hostAndParams, '?'));
  const hostText = hostAndParams.slice(0, end);
  const hostPort = parseHostPort(hostText);
  // No host holds a percent sign: what does, is a user without a host.
  const isHostless = at === -1 && hostPort === null && hostText.includes('%');
  const user = isHostless ? hostText : rest.slice(0, Math.max(at, 0));
  if (hostPort === null && user === '') return null;
  return {
    scheme: scheme.toLowerCase() === 'sips' ? 'sips' : 'sip',
    user: user === '' ? null : decodeEscapes(user),
    host: hostPort?.host ?? '',
    port: hostPort?.port ?? null,
    params: parseParameters(hostAndParams.slice(end, indexOrEnd(hostAndParams, '?'))),
  };
}

/** `%3a` and its like as the bytes they stand for; what is no escape stays. */
const decodeEscapes = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    decodeUtf8(Uint8Array.from(run.slice(1).split('%'), (digits) => Number.parseInt(digits, 16))),
  );

/** A From, To or Contact (RFC 3261 20.10). `uri` is as sent, and `*` in a Contact that removes all. */
export interface NameAddr {
  displayName: string;
  uri: string;
  /** Parameters of the header field, such as `tag` and `+sip.instance`; those of the URI stay in the URI. */
  params: Map<string, string>;
}

/** Reads `"Name" <sip:x@y;a=b>;tag=1`, `sip:x@y;tag=1`, and of a list the first; null when nothing stands where a URI should. */
export function parseNameAddr(value: string): NameAddr | null {
  const first = value.slice(0, indexOutside(value, ','));
  const open = indexOutside(first, '<');
  const isBracketed = open < first.length;
  const end = isBracketed ? indexOrEnd(first, '>', open) : indexOrEnd(first, ';');
  const uri = trimBlanks(first.slice(isBracketed ? open + 1 : 0, end));
  if (uri === '') return null;
  return {
    displayName: isBracketed ? unquote(trimBlanks(first.slice(0, open))) : '',
    uri,
    params: parseParameters(isBracketed ? first.slice(end + 1) : first.slice(end)),
  };
}
