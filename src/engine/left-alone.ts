import type { Sighting } from '../model/sighting.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Clock } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import {
  leaveAlone,
  listLeftAlone,
  mayBeAskedAgain,
  type LeftAlone,
  type LeftAloneReason,
} from '../store/left-alone.ts';
import type { HostPace } from './pace.ts';
import { UNFORGIVING, type Storage } from './storage.ts';

/** How long a host that fell silent after a probe is sent nothing (the promise not to do harm). */
export const SILENT_FOR_MS = 3_600_000;

/** The hosts of a site that are sent nothing for a while; kept in the store, so that a restart asks none of them too soon. */
export interface LeftAloneHosts {
  list(): readonly LeftAlone[];
  /** Throws AppError where the database refuses it, so that a transaction around it ends. */
  note(address: string, ms: number, because: LeftAloneReason): void;
  /** Whoever speaks again, unasked, may be asked again: a phone that has booted announces itself. */
  heard(sighting: Sighting): void;
  /** The same pace, with these hosts left alone in it. */
  within(hosts: HostPace): HostPace;
}

export function createLeftAlone(parts: {
  db: Database;
  site: SiteId;
  clock: Clock;
  storage?: Pick<Storage, 'insist'>;
}): LeftAloneHosts {
  const { db, site, clock, storage = UNFORGIVING } = parts;
  const list = (): LeftAlone[] => listLeftAlone(db, site, clock.now());
  const silent = new Set(
    list()
      .filter(({ because }) => because === 'fell-silent')
      .map(({ address }) => address),
  );
  const note = (address: string, ms: number, because: LeftAloneReason): void => {
    leaveAlone(db, { site, address, until: clock.now() + ms, because });
    if (because === 'fell-silent') silent.add(address);
  };
  return {
    list,
    note,
    heard({ from: { address }, channel }) {
      // Its neighbour entry and its PBX's memory outlive a phone that hangs.
      if (!silent.has(address) || SAYS_NOTHING_NEW.has(channel)) return;
      silent.delete(address);
      storage.insist(() => mayBeAskedAgain(db, { site, address }));
    },
    within: (hosts) => ({
      ...hosts,
      leaveAlone(address, ms) {
        hosts.leaveAlone(address, ms);
        storage.insist(() => note(address, ms, 'retry-after'));
      },
    }),
  };
}

const SAYS_NOTHING_NEW: ReadonlySet<string> = new Set(['neighbours', 'dhcp', 'registrations']);
