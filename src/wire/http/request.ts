import { hostPort } from '../../model/endpoint.ts';
import { PRODUCT, VERSION } from '../../model/product.ts';

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/**
 * The only request there is: `GET /` with the header fields that a browser would send, and no body. `address` is canonical text. It is
 * HTTP/1.0, to which nobody answers in chunks (RFC 9112 6.1) and after which everybody closes.
 */
export function buildGetRoot(scheme: 'http' | 'https', address: string, port: number): Uint8Array {
  const named = hostPort(address, port);
  const host = port === DEFAULT_PORTS[scheme] ? named.slice(0, named.lastIndexOf(':')) : named;
  const lines = [
    'GET / HTTP/1.0',
    `Host: ${host}`,
    `User-Agent: ${PRODUCT}/${VERSION} (inventory of the phones on this site)`,
    'Accept: text/html, */*;q=0.1',
    'Connection: close',
  ];
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
}
