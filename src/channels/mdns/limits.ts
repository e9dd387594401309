import type { Most } from '../flood.ts';

/** Everything that is read: the chatter of a big LAN fits, and reading this many of the worst takes half of one processor. */
export const MOST_READ: Most = { fromOne: 3000, fromAll: 30_000 };
/** What tells of a device: a host announces each service three times, and answers each of our questions on every interface. */
export const MOST_TAKEN: Most = { fromOne: 60, fromAll: 6000 };
