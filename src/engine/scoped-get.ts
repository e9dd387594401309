import { success } from '../model/outcome.ts';
import type { Clock, PageNet, ProbeConnection, ScopedNet } from '../platform/ports.ts';
import { isWholeAnswer } from '../wire/http/answer.ts';
import { buildGetRoot } from '../wire/http/request.ts';

/** Longest that connecting may take, TLS handshake included: a lost SYN is sent again after 1 s, and phones compute slowly. */
const CONNECT_MS = 3000;
/** Longest that all of it may take, from connecting to the last byte; the end of the connection comes after it. */
export const MAX_PAGE_MS = 5000;
/** Most bytes taken of an answer; what identifies a phone stands in the first few KiB. */
export const MAX_PAGE_BYTES = 256 * 1024;

/**
 * The way out of a channel that asks for pages: it names a place, and this sends `GET /` there and nothing else ever, through the
 * connections of a scoped net (scope, pace, one at a time to a host, closed by FIN). No redirect is followed.
 */
export function createPageNet(
  net: Pick<ScopedNet, 'connect' | 'takeTurn' | 'waitFor'>,
  clock: Clock,
): PageNet {
  return {
    takeTurn: (most, signal) => net.takeTurn(most, signal),
    waitFor: (address) => net.waitFor(address),
    async getPage(to, signal) {
      const startedAt = clock.monotonic();
      const opened = await net.connect(to, CONNECT_MS, signal);
      if (!opened.ok) return opened;
      const connection = opened.value;
      try {
        const answer = collect(connection);
        connection.send(buildGetRoot(to.transport === 'tls' ? 'https' : 'http', to.address, to.port));
        const leftMs = startedAt + MAX_PAGE_MS - clock.monotonic();
        await clock.sleep(Math.max(0, leftMs), AbortSignal.any([signal, answer.ended]));
        return success({ bytes: answer.bytes(), certificate: connection.certificate });
      } finally {
        await connection.close();
      }
    },
  };
}

/** Takes what comes until the answer is whole, the stream ends, or it is enough; the rest is not kept. */
function collect(connection: ProbeConnection): { ended: AbortSignal; bytes(): Uint8Array } {
  const ending = new AbortController();
  const come = new Uint8Array(MAX_PAGE_BYTES);
  let length = 0;
  connection.onBytes((bytes) => {
    if (ending.signal.aborted) return;
    if (bytes !== null) {
      const kept = bytes.subarray(0, MAX_PAGE_BYTES - length);
      come.set(kept, length);
      length += kept.length;
    }
    if (bytes === null || length === MAX_PAGE_BYTES || isWholeAnswer(come.subarray(0, length)))
      ending.abort();
  });
  return { ended: ending.signal, bytes: () => come.slice(0, length) };
}
