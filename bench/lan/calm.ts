import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Few enough not to matter beside the kernel's gc_thresh1 of 128. */
const CALM = 32;
const LONGEST_MS = 90_000;

/**
 * Entries of the kernel's ARP table: one for all namespaces, with one limit, so that what another run has left there would slow the
 * next one down.
 */
export const neighbours = (): number =>
  parseInt(readFileSync('/proc/net/stat/arp_cache', 'utf8').split('\n')[1] ?? '0', 16);

/** Waits until the ARP table is nearly empty. Resolves to how many entries are left, more than a few only when time is up. */
export async function untilCalm(): Promise<number> {
  const until = performance.now() + LONGEST_MS;
  while (neighbours() > CALM && performance.now() < until) await sleep(500);
  return neighbours();
}
