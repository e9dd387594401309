import { sharedMacs } from '../channels/neighbours/index.ts';
import type { Patiences } from '../inventory/presence.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Sweep } from '../model/sweep.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import type { Database } from '../store/database.ts';
import { recordJudgement } from '../store/watches.ts';
import { calmDown } from './calm.ts';
import { noteSilent } from './fell-silent.ts';
import type { Intake } from './intake.ts';
import type { KeptWatch } from './keep-watch.ts';
import type { LeftAloneHosts } from './left-alone.ts';
import { onLinkOf } from './link-window.ts';
import { judgePresence, quietDevices } from './presence.ts';
import type { SystemNet } from './scoped-net.ts';
import type { Storage } from './storage.ts';

/** So long Linux takes an old neighbour for granted (5 s), and then asks for it (three times, one a second), before it is gone. */
export const LINK_SETTLES_MS = 10_000;

export interface Hindsight {
  db: Database;
  site: SiteId;
  scope: Scope;
  intake: Intake;
  storage: Storage;
  watch: Pick<KeptWatch, 'note'>;
  system: Pick<SystemNet, 'link'>;
  networks: () => readonly LocalNetwork[];
  leftAlone: LeftAloneHosts;
  patiences: Patiences;
  /** Whether a device is known at that address, or the rules make something of what was heard. */
  isKnown: (sighting: Sighting) => boolean;
  /** Whether the neighbour table is a channel of this site. */
  readsNeighbours: boolean;
  emit: (sighting: Sighting) => void;
  flush: () => void;
  clock: Clock;
  log: Log;
}

/** What a sweep that has ended says of those who did not answer. */
export function lookBack(sweep: Sweep, parts: Hindsight): void {
  if (parts.readsNeighbours) hearOfTheLink(parts);
  if (isBehind(parts)) return;
  parts.storage.attempt(() =>
    parts.intake.change(() => [{ device: null, findings: noteSilent(sweep, parts) }]),
  );
}

/** While what was heard waits for the database, nobody is called silent. */
function isBehind({ flush, storage }: Hindsight): boolean {
  flush();
  return storage.trouble !== null;
}

/** Whoever has just been asked and is silent to SIP has answered ARP, where anybody is there: that is presence. */
function hearOfTheLink({ system, scope, networks, site, clock, isKnown, emit }: Hindsight): void {
  const isOnLink = onLinkOf(networks());
  const macs = system.link.macs() ?? new Map<string, string>();
  const shared = sharedMacs([...macs].map(([address, mac]) => ({ address, mac })));
  for (const [address, mac] of macs) {
    if (!scope.isSwept(address) || !isOnLink(address)) continue;
    const sighting: Sighting = {
      channel: 'neighbours',
      at: clock.now(),
      from: { site, transport: 'udp', address, port: 0 },
      solicited: false,
      facts: [{ field: shared.has(mac) ? 'arp.shared_mac' : 'arp.mac', value: mac }],
      raw: new Uint8Array(0),
    };
    if (isKnown(sighting)) emit(sighting);
  }
}

/** Calls those stale or gone who were silent for long enough, up to the last moment at which this auditor certainly heard. */
export async function judgeSilence(parts: Hindsight): Promise<void> {
  const { intake, storage, leftAlone, scope, db, patiences, site, clock } = parts;
  if (isBehind(parts)) return;
  const now = parts.watch.note();
  storage.attempt(() => recordJudgement(db, { madeAt: clock.now(), upTo: now }));
  const alone = new Set(leftAlone.list().map(({ address }) => address));
  const judging = { db, patiences, isSwept: (address: string) => scope.isSwept(address), leftAlone: alone };
  for (const portion of quietDevices(db, patiences, now)) {
    storage.attempt(() => intake.change(() => judgePresence(judging, portion, now)));
    await clock.turn();
  }
  storage.attempt(() => intake.change(() => calmDown({ db, site, newcomers: intake.newcomers }, now)));
}
