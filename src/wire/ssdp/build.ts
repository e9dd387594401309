import { failure, success, type Outcome } from '../../model/outcome.ts';
import { PRODUCT, VERSION } from '../../model/product.ts';
import { SSDP_GROUP, SSDP_PORT } from './message.ts';

const encoder = new TextEncoder();

/** What may be searched for: visible ASCII, so that no search target can become a header field of its own. */
export const SEARCH_TARGET = /^[!-~]{1,256}$/;

/**
 * Writes an M-SEARCH of UPnP Device Architecture 1.1, section 1.3.2. Answers come back spread over `maxWaitSeconds` (1 to 5). It names
 * this program, so that who reads it on the wire knows who asked.
 */
export function buildSearch(
  target: string,
  maxWaitSeconds: number,
): Outcome<Uint8Array, 'bad-target' | 'bad-wait'> {
  if (!SEARCH_TARGET.test(target)) return failure('bad-target');
  if (![1, 2, 3, 4, 5].includes(maxWaitSeconds)) return failure('bad-wait');
  const lines = [
    'M-SEARCH * HTTP/1.1',
    `HOST: ${SSDP_GROUP}:${SSDP_PORT}`,
    'MAN: "ssdp:discover"',
    `MX: ${maxWaitSeconds}`,
    `ST: ${target}`,
    `USER-AGENT: ${PRODUCT}/${VERSION} UPnP/1.1 (inventory of the phones on this site)`,
  ];
  return success(encoder.encode(`${lines.join('\r\n')}\r\n\r\n`));
}
