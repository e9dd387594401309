import { parseAddress } from './network.ts';

// Written out, so that no other reading of the text exists: no name, no user, no zone, no query, no fragment, no backslash.
const SHAPE = /^(https?):\/\/([0-9.]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?(?:\/[\w.~!$&'()*+,;=:@%/-]*)?$/i;

/** Longest LOCATION looked at; what is longer was cut on its way here. */
const MAX_LENGTH = 1000;

/**
 * Ports above 1023 at which a request line of HTTP does harm: H.323 (1719, 1720), SCCP (2000), the manager of a PBX (5038), SIP (5060
 * and 5061: phones hang on less), and printers, which print what they are sent (9100).
 */
const NEVER_HTTP: ReadonlySet<number> = new Set([1719, 1720, 2000, 5038, 5060, 5061, 9100]);

/**
 * Whether the LOCATION of a datagram may be fetched: only by HTTP(S), only from the very address that the datagram came from, only
 * at 80, 443 or a port above 1023. A LOCATION is a stranger's word: followed blindly it makes us attack others (CallStranger,
 * CVE-2020-12695). A query is refused since the source may be forged, and a query is what makes a phone reboot.
 */
export function mayFetch(location: string, source: string): boolean {
  if (location.length > MAX_LENGTH || parseAddress(source) === null) return false;
  const [, scheme = '', host = '', port] = SHAPE.exec(location) ?? [];
  // Compared as text: an address has many spellings, and only one of them is the source's.
  if (host.toLowerCase() !== (source.includes(':') ? `[${source.toLowerCase()}]` : source)) return false;
  return isFetchedFrom(port === undefined ? defaultPort(scheme) : Number(port));
}

const defaultPort = (scheme: string): number => (scheme.toLowerCase() === 'https' ? 443 : 80);

const isFetchedFrom = (port: number): boolean =>
  port === 80 || port === 443 || (port > 1023 && port < 65_536 && !NEVER_HTTP.has(port));
