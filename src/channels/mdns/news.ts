import { isResponse, TYPE, type DnsMessage, type DnsRecord, type Name } from '../../wire/dns/message.ts';

/** Service types that count, in small letters: announced by a device, and asked for by one. */
export interface Interest {
  services: ReadonlySet<string>;
  queries: ReadonlySet<string>;
}

/** What one record says of one instance of a service. */
export interface Part {
  /** Such as `_sip._udp`, in small letters. */
  service: string;
  /** The name of the instance, as announced. */
  instance: string;
  port?: number;
  host?: string;
  texts?: readonly string[];
}

/** What a message says of its sender. */
export interface News {
  parts: readonly Part[];
  /** IPv6 addresses that it gives for the hosts of its services. */
  addresses: readonly string[];
  queries: readonly string[];
}

/** What DNS-SD browsers ask first (RFC 6763 9). */
const ALL_SERVICES = '_services._dns-sd._udp.local';

/**
 * What a message says of whoever sent it. The records of a query are what it knows of others (RFC 6762 7.1) and say nothing of it. A
 * record of TTL 0 is a farewell (10.1): anybody can forge one, so it takes nothing away, and says nothing.
 */
export function readNews(message: DnsMessage, interest: Interest): News {
  if (!isResponse(message))
    return {
      parts: [],
      addresses: [],
      queries: servicesAskedFor(message).filter((name) => interest.queries.has(name)),
    };
  const parts = [...message.answers, ...message.additionals]
    .filter(({ ttl }) => ttl > 0)
    .flatMap(partsOf)
    .filter(({ service }) => interest.services.has(service));
  const addresses = addressesOf(message, parts).filter(isReachableIPv6);
  return { parts, addresses, queries: [] };
}

/** Whether it asks for the list of all services: then a person looks around there, and what is asked for next tells of no phone. */
export const isBrowsing = (message: DnsMessage): boolean =>
  !isResponse(message) && message.questions.some(({ name }) => textOf(name).toLowerCase() === ALL_SERVICES);

/**
 * Whether the records give other addresses than this one for the hosts of the services: then they were repeated for another network
 * (a reflector), or are a lie.
 */
export function isForOthers(message: DnsMessage, { parts }: News, address: string): boolean {
  const addresses = addressesOf(message, parts);
  return addresses.length > 0 && !addresses.includes(address);
}

/** Link-local ones (RFC 4291 2.5.6) mean nothing without the link, which no record tells. */
const isReachableIPv6 = (address: string): boolean => address.includes(':') && !/^fe[89ab]/i.test(address);

/** What the records give as addresses of the hosts of these services. */
function addressesOf({ answers, additionals }: DnsMessage, parts: readonly Part[]): string[] {
  const hosts = new Set(parts.map(({ host }) => host?.toLowerCase()));
  return [...answers, ...additionals].flatMap((record) =>
    'address' in record && record.ttl > 0 && hosts.has(textOf(record.name).toLowerCase())
      ? record.address
      : [],
  );
}

const textOf = (name: Name): string => name.join('.');

const servicesAskedFor = ({ questions }: DnsMessage): string[] =>
  questions
    .filter(({ name, type }) => name.length === 3 && (type === TYPE.PTR || type === TYPE.ANY))
    .flatMap(({ name }) => serviceOf(name) ?? []);

/** The service that a name ends in, as `<instance>._sip._udp.local` does. */
function serviceOf(name: Name): string | null {
  const [type, transport, domain] = name.slice(-3).map((label) => label.toLowerCase());
  return domain === 'local' ? `${type ?? ''}.${transport ?? ''}` : null;
}

function partsOf(record: DnsRecord): Part[] {
  const name = record.type === 'PTR' ? record.target : record.name;
  const service = serviceOf(name);
  // An instance is one label; stacks that take its dots for those of the name write several.
  const instance = textOf(name.slice(0, -3));
  if (service === null || instance === '') return [];
  switch (record.type) {
    case 'PTR':
      return [{ service, instance }];
    case 'SRV':
      return [{ service, instance, port: record.port, host: textOf(record.target) }];
    case 'TXT':
      return [{ service, instance, texts: record.texts }];
    case 'A':
    case 'AAAA':
      return [];
  }
}
