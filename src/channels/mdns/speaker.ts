import type { Transport } from '../../model/endpoint.ts';
import type { News, Part } from './news.ts';

/** Most instances of services of one address: phones have one to three, a reflector has all of another network. */
export const MAX_INSTANCES = 8;
/** Most service types that one address asks for. */
export const MAX_QUERIES = 8;
/** Most SIP endpoints of one address. */
export const MAX_ENDPOINTS = 4;
/** Most IPv6 addresses of one speaker: link-local, unique local, global. */
export const MAX_ADDRESSES = 4;
/** Most pairs kept of one TXT record; those of phones and cameras have one to eight. */
export const MAX_PAIRS = 16;
/** What is not renewed is forgotten: the TTL of the records of a service (RFC 6762 10). */
export const FORGET_AFTER_MS = 75 * 60_000;

/** Services under which SIP itself is reached; the protocol label of the second is TCP under TLS too (RFC 3263 4.1). */
export const SIP_SERVICES: ReadonlyMap<string, Transport> = new Map([
  ['_sip._udp', 'udp'],
  ['_sip._tcp', 'tcp'],
  ['_sips._tcp', 'tls'],
]);

/** One instance of a service, as its PTR, SRV and TXT records say it; null for what none of them has said yet. */
export interface Instance {
  service: string;
  instance: string;
  port: number | null;
  host: string | null;
  texts: readonly string[];
  /** Monotonic, in milliseconds. */
  heardAt: number;
}

/** All that one address has said. */
export interface Speaker {
  instances: Map<string, Instance>;
  /** Service types that it asked for. A phone asks when it boots and then no more, so they are kept. */
  queries: Set<string>;
  /** IPv6 addresses that it gave as its own. A hint where to ask, and no more: anybody can give any. */
  addresses: Set<string>;
}

/** Adds what a message says to what is known; the newest record of a kind counts. Whether anything is new, or forgotten. */
export function learn(speaker: Speaker, { parts, queries, addresses }: News, now: number): boolean {
  const changes = [
    ...parts.map((part) => learnPart(speaker.instances, part, now)),
    ...queries.map((query) => learnText(speaker.queries, query, MAX_QUERIES)),
    ...addresses.map((address) => learnText(speaker.addresses, address, MAX_ADDRESSES)),
    ...[...speaker.instances].map(
      ([key, { heardAt }]) => now - heardAt >= FORGET_AFTER_MS && speaker.instances.delete(key),
    ),
  ];
  return changes.includes(true);
}

function learnPart(instances: Map<string, Instance>, part: Part, now: number): boolean {
  // Names are compared without case (RFC 6762 16).
  const key = `${part.service} ${part.instance.toLowerCase()}`;
  const known = instances.get(key);
  const texts = part.texts?.slice(0, MAX_PAIRS) ?? known?.texts ?? [];
  const instance = { port: null, host: null, ...known, ...part, texts, heardAt: now };
  instances.delete(key);
  instances.set(key, instance);
  if (instances.size > MAX_INSTANCES)
    for (const oldest of instances.keys()) if (instances.delete(oldest)) break;
  return known === undefined || saidBy(known) !== saidBy(instance);
}

const saidBy = ({ instance, port, host, texts }: Instance): string =>
  JSON.stringify([instance, port, host, texts]);

function learnText(known: Set<string>, text: string, most: number): boolean {
  if (known.has(text) || known.size >= most) return false;
  known.add(text);
  return true;
}

/** In an order that does not depend on which record came first. */
export const instancesOf = ({ instances }: Speaker): Instance[] =>
  [...instances].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, instance]) => instance);

/** Where SIP is reached, as the SRV records say; empty where none does. */
export function sipEndpointsOf(speaker: Speaker): { transport: Transport; port: number }[] {
  const endpoints = instancesOf(speaker).flatMap(({ service, port }) => {
    const transport = SIP_SERVICES.get(service);
    return transport === undefined || port === null || port === 0 ? [] : { transport, port };
  });
  const distinct = new Map(endpoints.map((endpoint) => [`${endpoint.transport} ${endpoint.port}`, endpoint]));
  return [...distinct.values()].slice(0, MAX_ENDPOINTS);
}
