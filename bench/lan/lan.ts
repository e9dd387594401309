import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { auditorIn, dotted, type Network } from './addresses.ts';
import { closeAtEnd } from './closing.ts';

export type Link = 'routed' | 'on-link';

const PREFIX = 'sc-sweep';
/** Where the two meet when the phones are behind a router; RFC 2544 keeps these addresses for benches. */
const AUDITOR = '198.18.0.1';
const ROUTER = '198.18.0.2';

const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

/** Two namespaces with one cable between them. What is removed is both, and with them everything in them. */
export interface Lan {
  auditor: string;
  fleet: string;
  close(): void;
}

/** The auditor at one end; the whole network, or on its link only the live addresses of it, at the other. Needs root. */
export function openLan({
  network,
  link,
  live,
}: {
  network: Network;
  link: Link;
  live: readonly number[];
}): Lan {
  const auditor = `${PREFIX}-${process.pid}-auditor`;
  const fleet = `${PREFIX}-${process.pid}-fleet`;
  const close = closeAtEnd(() => [fleet, auditor].forEach(remove));
  for (const name of [auditor, fleet]) {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip('link', 'add', 'cable0', 'netns', auditor, 'type', 'veth', 'peer', 'name', 'cable0', 'netns', fleet);
  if (link === 'routed') addRouted({ auditor, fleet }, network);
  else addOnLink({ auditor, fleet }, network, live);
  return { auditor, fleet, close };
}

type Names = Pick<Lan, 'auditor' | 'fleet'>;

function connect(namespace: string, address: string): void {
  ip('-n', namespace, 'address', 'add', address, 'dev', 'cable0');
  ip('-n', namespace, 'link', 'set', 'cable0', 'up');
}

/** The fleet's kernel takes every address of the network for its own, without a neighbour to find for any. */
function addRouted({ auditor, fleet }: Names, network: Network): void {
  connect(auditor, `${AUDITOR}/30`);
  connect(fleet, `${ROUTER}/30`);
  ip('-n', auditor, 'route', 'add', network.text, 'via', ROUTER);
  ip('-n', fleet, 'route', 'add', 'local', network.text, 'dev', 'lo');
}

/** Only live addresses are the fleet's own, so nobody answers ARP for any other. */
function addOnLink({ auditor, fleet }: Names, network: Network, live: readonly number[]): void {
  connect(auditor, `${auditorIn(network)}/${network.bits}`);
  ip('-n', fleet, 'link', 'set', 'cable0', 'up');
  const addresses = live.map((index) => `address add ${dotted(network.base + index)}/32 dev cable0`);
  execFileSync('ip', ['-n', fleet, '-batch', '-'], { input: addresses.join('\n') });
  ip('-n', fleet, 'route', 'add', network.text, 'dev', 'cable0');
}

/** The cable goes first: the kernel forgets its neighbours at once, the rest of a namespace only when it has time. */
function remove(namespace: string): void {
  spawnSync('ip', ['-n', namespace, 'link', 'del', 'cable0']);
  spawnSync('ip', ['netns', 'del', namespace]);
}

/** Removes what a bench that was killed has left: its namespaces carry its process id. */
export function removeLeftovers(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ');
    const [, pid] = /^sc-sweep-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) remove(name);
  }
}
