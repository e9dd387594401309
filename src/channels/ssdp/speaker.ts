import type { SsdpMessage } from '../../wire/ssdp/message.ts';

/** Most root devices of one address: a router has up to seven, each with a description of its own. */
export const MAX_ROOTS = 8;
/** Most types and names kept of one root device; a router announces some 20. */
export const MAX_WORDS = 32;

/** What the messages of one address said of one root device; LOCATION is what tells root devices apart. */
export interface RootDevice {
  /** Empty where no message named one. */
  location: string;
  server: string | null;
  /** Device and service types (`urn:…`) of ST and NT. */
  types: Set<string>;
  /** What stands before `::` in USN: `uuid:…`, the names of the device and of those embedded in it. */
  names: Set<string>;
  /** Monotonic, in milliseconds. */
  heardAt: number;
}

/** One address that speaks SSDP, by the LOCATION of its root devices. */
export type Roots = Map<string, RootDevice>;

/** `news`, `known` already, `nothing` said, or `full`: more root devices than are kept. */
export type Learnt = 'news' | 'known' | 'nothing' | 'full';

/** Adds what a message says to what is known of its speaker. */
export function learn(roots: Roots, message: SsdpMessage, now: number): Learnt {
  const type = message.target !== null && /^urn:/i.test(message.target) ? message.target : null;
  const name = message.usn?.split('::')[0] ?? null;
  const { server } = message;
  if (type === null && name === null && server === null && message.location === null) return 'nothing';

  const location = message.location ?? '';
  const known = roots.get(location);
  if (known === undefined && roots.size >= MAX_ROOTS) return 'full';
  const root = known ?? { location, server: null, types: new Set(), names: new Set(), heardAt: now };
  roots.set(location, root);
  root.heardAt = now;
  // Another SERVER at the same place is another firmware: the old one is no more.
  const isNewServer = server !== null && server !== root.server;
  if (isNewServer) root.server = server;
  const added = [addWord(root.types, type), addWord(root.names, name)];
  return known === undefined || isNewServer || added.includes(true) ? 'news' : 'known';
}

function addWord(words: Set<string>, word: string | null): boolean {
  if (word === null || words.has(word) || words.size >= MAX_WORDS) return false;
  words.add(word);
  return true;
}

/** Drops the root devices that were not heard for so long; a device that starts again often has its description at another port. */
export function forget(roots: Roots, before: number): void {
  for (const { location, heardAt } of roots.values()) if (heardAt < before) roots.delete(location);
}
