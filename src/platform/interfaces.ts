import { readFile } from 'node:fs/promises';
import { networkInterfaces, uptime } from 'node:os';
import ipaddr from 'ipaddr.js';

/** An IPv4 network that this machine is on. */
export interface LocalNetwork {
  interface: string;
  address: string;
  /** In CIDR form, host bits cleared. */
  network: string;
  isLoopback: boolean;
  /** Whether its addresses are resolved by ARP: loopback and tunnels need none. */
  resolves: boolean;
}

/** Milliseconds since this machine was started, its sleep included. */
export const uptimeMs = (): number => uptime() * 1000;

const NO_MAC = '00:00:00:00:00:00';

/** The IPv4 networks of this machine's own interfaces, loopback last. */
export function localNetworks(): LocalNetwork[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) => (addresses ?? []).map((entry) => ({ name, ...entry })))
    .filter((entry) => entry.family === 'IPv4' && entry.cidr !== null)
    .map((entry) => ({
      interface: entry.name,
      address: entry.address,
      network: `${ipaddr.IPv4.networkAddressFromCIDR(entry.cidr ?? '').toString()}/${(entry.cidr ?? '').split('/')[1] ?? '32'}`,
      isLoopback: entry.internal,
      resolves: !entry.internal && entry.mac !== NO_MAC,
    }))
    .sort((a, b) => Number(a.isLoopback) - Number(b.isLoopback));
}

/**
 * Whether another program holds this UDP port on the wildcard or on an address of this machine's interfaces, as a PBX does
 * (product promise: beside a PBX the PnP listener stays off). Linux only, from /proc; elsewhere the answer is no.
 */
export async function isUdpPortHeldHere(port: number): Promise<boolean> {
  const own = new Set(localNetworks().map((network) => network.address));
  const tables = await Promise.all(
    ['/proc/net/udp', '/proc/net/udp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return tables.some((table) => table.split('\n').some((line) => isHeldBy(line, port, own)));
}

function isHeldBy(line: string, port: number, own: ReadonlySet<string>): boolean {
  const local = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) /.exec(line);
  if (local?.[1] === undefined || local[2] === undefined || parseInt(local[2], 16) !== port) return false;
  return /^0+$/.test(local[1]) || (local[1].length === 8 && own.has(littleEndianAddress(local[1])));
}

/** /proc writes an IPv4 address as one little-endian word: `0100007F` is 127.0.0.1. */
const littleEndianAddress = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .map((byte) => parseInt(byte, 16))
    .reverse()
    .join('.');
