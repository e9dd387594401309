import type { Clock, LinkState, LinkSystem } from '../platform/ports.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import { parseIPv4 } from '../scope/network.ts';

/** How long an address that nobody answers for stays in resolution: three requests, one a second, and some. */
const RESOLVING_MS = 3100;

/** Entries of the neighbour table left to the rest of this machine: beside a PBX its phones must still be resolved. */
const RESERVE = 64;

/**
 * Addresses that wait at once for each packet a second of the rate. Each asks once a second, and those that begin in the same second come on
 * top: of a rate of 100, measured on the wire, this makes fewer than 200 requests in any second.
 */
const WAITING_BY_RATE = 1.6;

/** How often the table is read at most. */
const READ_EVERY_MS = 200;

/**
 * Keeps the addresses that wait for ARP at once within what the system can hold: beyond that the kernel drops datagrams without a
 * word (measured: a fast sweep of a mostly dead /20 that ignores this finds 27 % of its phones). It bounds the ARP requests too: each
 * waiting address makes one a second.
 */
export interface LinkWindow {
  /** Milliseconds until this address may be sent to. */
  waitFor(address: string): number;
  mark(address: string): void;
  stateOf(address: string): LinkState;
}

/** `perSecond` is the rate of the sweep, 0 for none. */
export function createLinkWindow(parts: {
  networks: readonly LocalNetwork[];
  link: LinkSystem;
  clock: Clock;
  perSecond: number;
}): LinkWindow {
  const { link, clock, perSecond } = parts;
  const isOnLink = onLinkOf(parts.networks);
  const touchedAt = new Map<string, number>();
  /** Behind these somebody has answered. A full table forgets them after some seconds, long before a wide sweep asks again. */
  const found = new Set<string>();
  /** Those waiting, oldest first. */
  let waiting: { address: string; since: number }[] = [];
  let resolved: ReturnType<LinkSystem['resolved']> = null;
  let readAt = -Infinity;
  const room = Math.max(RESERVE, link.room() - RESERVE);
  const most = perSecond === 0 ? room : Math.min(room, Math.floor(WAITING_BY_RATE * perSecond));

  const readTable = (): void => {
    if (clock.monotonic() - readAt < READ_EVERY_MS) return;
    readAt = clock.monotonic();
    resolved = link.resolved();
    for (const { address } of waiting) if (resolved?.has(address) === true) found.add(address);
    waiting = waiting.filter(({ address, since }) => since + RESOLVING_MS > readAt && !found.has(address));
  };
  return {
    waitFor(address) {
      if (waiting.length < most || !isOnLink(address) || touchedAt.has(address)) return 0;
      readTable();
      const [oldest] = waiting;
      if (oldest === undefined || waiting.length < most) return 0;
      return Math.min(READ_EVERY_MS, Math.max(1, oldest.since + RESOLVING_MS - clock.monotonic()));
    },
    mark(address) {
      if (!isOnLink(address) || touchedAt.has(address)) return;
      touchedAt.set(address, clock.monotonic());
      waiting.push({ address, since: clock.monotonic() });
    },
    stateOf(address) {
      const since = touchedAt.get(address);
      if (since === undefined) return 'open';
      readTable();
      if (resolved === null || found.has(address) || resolved.has(address)) return 'open';
      return clock.monotonic() - since < RESOLVING_MS ? 'resolving' : 'silent';
    },
  };
}

/** Whether an address is resolved by ARP here, because it belongs to a network of an interface that does so. */
export function onLinkOf(networks: readonly LocalNetwork[]): (address: string) => boolean {
  const ranges = networks
    .filter(({ resolves }) => resolves)
    .map(({ network, address: own }) => {
      const [base = '', length = '32'] = network.split('/');
      const first = parseIPv4(base) ?? 0;
      return { first, last: first + 2 ** (32 - Number(length)) - 1, own };
    });
  return (address) => {
    const value = parseIPv4(address);
    return (
      value !== null &&
      ranges.some(({ first, last, own }) => first <= value && value <= last && address !== own)
    );
  };
}
