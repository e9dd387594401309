import type { Clock, LinkSystem } from '../platform/ports.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Scope } from '../scope/scope.ts';
import { onLinkOf } from './link-window.ts';

/** How long three ARP requests, one a second, may take. */
const RESOLVED_AFTER_MS = 3100;
/** Most addresses resolved at once: so many ARP requests a second. */
const AT_ONCE = 200;

/**
 * Has the system resolve the addresses of a link that a sweep asks, by ARP alone, so that a device that is excluded by its MAC address
 * is known before anything is sent to it. Resolves to false where this program has not the right to ask for it (CAP_NET_ADMIN).
 */
export async function resolveLink(parts: {
  scope: Scope;
  networks: readonly LocalNetwork[];
  link: LinkSystem;
  clock: Clock;
  signal: AbortSignal;
}): Promise<boolean> {
  const { scope, networks, link, clock, signal } = parts;
  const isOnLink = onLinkOf(networks);
  const unknown: string[] = [];
  const known = link.macs();
  for (let index = 0; index < scope.sweptCount; index++) {
    const address = scope.addressAt(index) ?? '';
    if (isOnLink(address) && known?.has(address) !== true) unknown.push(address);
  }
  for (let from = 0; from < unknown.length && !signal.aborted; from += AT_ONCE) {
    if (!(await link.request(unknown.slice(from, from + AT_ONCE)))) return false;
    await clock.sleep(RESOLVED_AFTER_MS, signal);
  }
  return true;
}
