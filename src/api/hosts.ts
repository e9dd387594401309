import type { onRequestAsyncHookHandler } from 'fastify';
import { refuse } from './errors.ts';

/** Names that can only mean this machine. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)(?::\d{1,5})?$/i;
const ORIGIN = /^https?:\/\/(.+)$/i;

/** `Census.example:8560` is `census.example`, `[::1]:8560` is `[::1]`; null when the text is no host with an optional port. */
export const hostNameOf = (authority: string): string | null =>
  AUTHORITY.exec(authority)?.[1]?.toLowerCase() ?? null;

/**
 * Refuses requests by a name or from a page that is not ours. A page of a stranger whose name was made to point at this machine
 * (DNS rebinding) carries its own name in Host; a form or a script of another page carries it in Origin.
 */
export function guardHosts(allowedHosts: readonly string[]): onRequestAsyncHookHandler {
  const own: ReadonlySet<string | null> = new Set([
    ...LOOPBACK_NAMES,
    ...allowedHosts.map((host) => (host.includes(':') ? `[${host}]` : host).toLowerCase()),
  ]);
  return async ({ headers: { host, origin } }, reply) => {
    if (!own.has(hostNameOf(host ?? '')))
      return refuse(reply, 'HOST_REFUSED', 'This server does not answer to the name in the Host header.');
    if (origin !== undefined && !own.has(hostNameOf(ORIGIN.exec(origin)?.[1] ?? '')))
      return refuse(reply, 'ORIGIN_REFUSED', 'Pages of other hosts may not use this server.');
  };
}
