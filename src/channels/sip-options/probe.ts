import { hostPort, type Endpoint } from '../../model/endpoint.ts';
import { PRODUCT, VERSION } from '../../model/product.ts';
import { buildSip } from '../../wire/sip/build.ts';

/** Names the probe honestly: administrators read it in their logs, and block lists do not know it. */
export const USER_AGENT = `${PRODUCT}/${VERSION} (inventory of the phones on this site)`;

/** Hex digits of the From tag: RFC 3261 19.3 wants at least 32 bits of chance. */
export const TAG_DIGITS = 8;

/**
 * The only SIP request this program ever sends: a complete OPTIONS of RFC 3261 section 11 to the user agent itself, without a user
 * part (elements answer 404 to users they do not know) and with `rport` (RFC 3581). The Via names the transport it leaves by: some
 * refuse any other with 400. A retransmission is the same bytes again.
 */
export function buildProbe(
  to: Endpoint,
  from: { address: string; port: number },
  cookie: string,
): Uint8Array {
  const own = hostPort(from.address, from.port);
  const theirs = hostPort(to.address, to.port);
  // A URI that names no transport means UDP (RFC 3261 19.1.2).
  const transport = to.transport === 'udp' ? '' : `;transport=${to.transport}`;
  const built = buildSip({
    kind: 'request',
    method: 'OPTIONS',
    requestUri: `sip:${theirs}`,
    version: 'SIP/2.0',
    headers: [
      { name: 'Via', value: `SIP/2.0/${to.transport.toUpperCase()} ${own};branch=z9hG4bK${cookie};rport` },
      { name: 'Max-Forwards', value: '70' },
      { name: 'From', value: `<sip:${PRODUCT}@${own}>;tag=${cookie.slice(-TAG_DIGITS)}` },
      { name: 'To', value: `<sip:${theirs}>` },
      { name: 'Call-ID', value: `${cookie}@${from.address}` },
      { name: 'CSeq', value: '1 OPTIONS' },
      { name: 'Contact', value: `<sip:${PRODUCT}@${own}${transport}>` },
      { name: 'Accept', value: 'application/sdp' },
      { name: 'User-Agent', value: USER_AGENT },
    ],
    body: new Uint8Array(0),
  });
  if (!built.ok) throw new Error(`the probe for ${theirs} cannot be built: ${built.fault}`);
  return built.value;
}
