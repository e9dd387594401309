import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What a site has inside: a host named in `allow` may stand there. Anything else that is not public must be allowed by its address. */
const INSIDE: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);
/** Global unicast, the only block of IPv6 from which public addresses are given out (RFC 4291 2.4). */
const PUBLIC_V6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** The prefix under which a NAT64 translates to IPv4 (RFC 6052 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Where Azure's hosts serve their machines: metadata too, though it looks public. */
const AZURE_HOST = '168.63.129.16';

/**
 * Why this program may not call `address`, which `host` stands for: the kind of its network; null where it may. Public addresses may be
 * called, all others if `allow` has the address or a network around it, and those inside a site if it has the name of the host.
 */
export function whyNotCall(host: string, address: string, allow: readonly string[]): string | null {
  const parsed = parse(address);
  if (parsed === null) return 'unreadable';
  const kind = kindOf(parsed);
  if (kind === null || allow.some((entry) => isAround(entry, parsed))) return null;
  return INSIDE.has(kind) && allow.some((entry) => isNamed(entry, host)) ? null : kind;
}

/** Null for a public address, else what ipaddr.js calls its block of the registries of special addresses (RFC 6890). */
function kindOf(address: Address): string | null {
  const range = address.range();
  if (range !== 'unicast') return range;
  if (isV4(address)) return address.toString() === AZURE_HOST ? 'metadata' : null;
  return address.match(PUBLIC_V6) ? null : 'reserved';
}

const isV4 = (address: Address): address is ipaddr.IPv4 => address.kind() === 'ipv4';

/** An IPv4 address inside an IPv6 one is judged as what it is. */
function parse(text: string): Address | null {
  if (isIP(text) === 0) return null;
  const address = ipaddr.process(text);
  if (isV4(address) || !address.match(NAT64)) return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(12));
}

/** Whether an entry is this address, or a network with it. */
function isAround(entry: string, address: Address): boolean {
  const [start = ''] = entry.split('/');
  // `isIP` is strict: ipaddr.js alone reads `10.1` and `010.0.0.1`.
  if (isIP(start) === 0) return false;
  if (!entry.includes('/')) return parse(entry)?.toString() === address.toString();
  if (!ipaddr.isValidCIDR(entry)) return false;
  const [network, bits] = ipaddr.parseCIDR(entry);
  return network.kind() === address.kind() && address.match(network, bits);
}

const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const isNamed = (entry: string, host: string): boolean =>
  isIP(entry) === 0 && plainName(entry) === plainName(host);
