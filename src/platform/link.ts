import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { localNetworks, type LocalNetwork } from './interfaces.ts';
import { fromIproute } from './neighbours.ts';
import type { LinkSystem, Neighbour } from './ports.ts';

const { parse, parseCIDR } = ipaddr;

/** Linux keeps so many neighbours at most, unless it is told otherwise (Documentation/networking/ip-sysctl: gc_thresh3). */
const USUAL_MOST_NEIGHBOURS = 1024;

/** What /proc tells of resolving addresses on a link; elsewhere nothing is known, and nothing is held back. */
export const systemLink: LinkSystem = {
  resolved: () => systemLink.macs(),
  macs() {
    const table = read('/proc/net/arp');
    return table === null ? null : macsIn(table);
  },
  async request(addresses) {
    const wanted = addresses.flatMap((address) => {
      const through = interfaceOf(address);
      return through === null ? [] : `neigh replace ${address} dev ${through} use\n`;
    });
    return wanted.length === addresses.length && (await runIp(wanted.join('')));
  },
  room() {
    const most = Number(read('/proc/sys/net/ipv4/neigh/default/gc_thresh3') ?? USUAL_MOST_NEIGHBOURS);
    // The first column, in hex, counts the entries of all network namespaces: the limit is one for all of them.
    const [, entries = '0'] = /\n([0-9a-f]+)/.exec(read('/proc/net/stat/arp_cache') ?? '') ?? [];
    return most - parseInt(entries, 16);
  },
  droppedCount: () => droppedIn(read('/proc/net/snmp') ?? ''),
};

/** Read at once: these are tables in memory, and what they say is needed before the next datagram. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}

let ipv6: { readAt: number; macs: ReadonlyMap<string, string> } = { readAt: -Infinity, macs: new Map() };

/** The MAC address behind an IPv6 address of a link (NDP), by iproute2; null where nobody is known there, or nothing tells. */
export function macBehindIPv6(address: string): string | null {
  if (performance.now() - ipv6.readAt > READ_AGAIN_AFTER_MS)
    ipv6 = { readAt: performance.now(), macs: new Map(readIPv6().map((one) => [one.address, one.mac])) };
  return ipv6.macs.get(address) ?? null;
}

/** Starting a program takes some milliseconds, and answers come in crowds. */
const READ_AGAIN_AFTER_MS = 200;

function readIPv6(): Neighbour[] {
  try {
    return fromIproute(execFileSync('ip', ['-6', '-j', 'neigh'], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return [];
  }
}

/** Flag of a complete entry in /proc/net/arp (ATF_COM of linux/if_arp.h). */
const COMPLETE = 0x2;

/** The addresses of /proc/net/arp behind which somebody has answered, each with the MAC address that did. */
export function macsIn(table: string): Map<string, string> {
  const macs = new Map<string, string>();
  for (const line of table.split('\n').slice(1)) {
    const [address = '', , flags = '', mac = ''] = line.split(/\s+/);
    if ((Number(flags) & COMPLETE) !== 0) macs.set(address, mac.replaceAll(':', ''));
  }
  return macs;
}

/** The interface whose network an address belongs to. */
function interfaceOf(address: string): string | null {
  const isPart = ({ network }: LocalNetwork): boolean =>
    parseCIDR(network)[0].kind() === 'ipv4' && parse(address).match(parseCIDR(network));
  return localNetworks().find((network) => network.resolves && isPart(network))?.interface ?? null;
}

/** One call of iproute2 for all; it needs CAP_NET_ADMIN. */
function runIp(commands: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ip = execFile('ip', ['-batch', '-'], (error) => resolve(error === null));
    ip.stdin?.on('error', () => undefined);
    ip.stdin?.end(commands);
  });
}

/** SndbufErrors of UDP in /proc/net/snmp: the system accepted a datagram, and dropped it for want of room or of a neighbour entry. */
export function droppedIn(table: string): number {
  const [names = '', values = ''] = table.split('\n').filter((line) => line.startsWith('Udp:'));
  const column = names.split(' ').indexOf('SndbufErrors');
  return column === -1 ? 0 : Number(values.split(' ')[column] ?? 0);
}
