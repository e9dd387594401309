import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { parseMac } from '../model/mac.ts';
import type { Neighbour } from './ports.ts';

const run = promisify(execFile);

/** A table of a whole /16 is some 8 MB of JSON. */
const MOST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 3000;

/**
 * What the system's own neighbour table knows: ARP for IPv4, NDP for IPv6. Nothing is sent to fill it. By iproute2 (1.6 ms a call, no
 * privilege), else from /proc (IPv4 alone); empty where there is neither.
 */
export async function readNeighbours(): Promise<Neighbour[]> {
  try {
    const { stdout } = await run('ip', ['-j', 'neigh'], { timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES });
    return fromIproute(stdout);
  } catch {
    return fromProc(await readFile('/proc/net/arp', 'utf8').catch(() => ''));
  }
}

/** States in which an entry says nothing of who is there now. */
const UNRESOLVED: ReadonlySet<string> = new Set(['FAILED', 'INCOMPLETE', 'NOARP']);

/** Reads `ip -j neigh`; entries without an address of their own, or not resolved, are left out. */
export function fromIproute(json: string): Neighbour[] {
  const entries = JSON.parse(json === '' ? '[]' : json) as {
    dst?: string;
    lladdr?: string;
    dev?: string;
    state?: string[];
  }[];
  return entries.flatMap(({ dst, lladdr, dev = '', state = [] }) => {
    const mac = parseMac(lladdr ?? '');
    if (dst === undefined || mac === null || state.some((one) => UNRESOLVED.has(one))) return [];
    return { address: dst, mac, interface: dev, isFresh: state.includes('REACHABLE') };
  });
}

/** Flag of a complete entry in /proc/net/arp (ATF_COM of linux/if_arp.h). */
const COMPLETE = 0x2;

/** Reads /proc/net/arp: address, hardware type, flags, MAC, mask, device. Whether an entry is fresh it does not say. */
export const fromProc = (text: string): Neighbour[] =>
  text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [address = '', , flags = '', hardware = '', , device = ''] = line.trim().split(/\s+/);
      const mac = parseMac(hardware);
      if (mac === null || (Number(flags) & COMPLETE) === 0) return [];
      return { address, mac, interface: device, isFresh: false };
    });
