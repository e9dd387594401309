import type { SiteId } from '../model/endpoint.ts';
import type { Sweep } from '../model/sweep.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import type { Database } from '../store/database.ts';
import { answersSince } from '../store/sightings.ts';
import { listSweeps } from '../store/sweeps.ts';
import { SILENT_FOR_MS, type LeftAloneHosts } from './left-alone.ts';
import { onLinkOf } from './link-window.ts';
import type { SystemNet } from './scoped-net.ts';

interface Parts {
  db: Database;
  site: SiteId;
  scope: Scope;
  system: Pick<SystemNet, 'link'>;
  networks: () => readonly LocalNetwork[];
  leftAlone: LeftAloneHosts;
  log: Log;
}

/** More than so many at once, and more than half, are silent for a reason that is ours: a cable, a route, a firewall before all of them. */
const MOST_AT_ONCE = 3;

/** How many sweeps back the one before is looked for: those that were cancelled say nothing. */
const LOOKED_BACK = 10;

/**
 * Leaves alone for an hour who answered in the sweep before and not in the one that has just ended: a ban, or a phone that our probe
 * has hurt. Where nobody answers ARP any more, the device is switched off or gone, and may be asked as soon as it is back.
 */
export function noteSilent(sweep: Sweep, parts: Parts): void {
  const { db, site, scope, leftAlone, log } = parts;
  const before = listSweeps(db, LOOKED_BACK).find(({ id, state }) => id < sweep.id && state === 'done');
  if (before === undefined) return;
  const alreadyAlone = new Set(leftAlone.list().map(({ address }) => address));
  const isOff = offLink(parts);
  const answered = answersSince(db, site, before.startedAt).filter(({ address }) => scope.includes(address));
  const silent = answered.filter(({ at }) => at < sweep.startedAt);
  if (silent.length > Math.max(MOST_AT_ONCE, answered.length / 2)) {
    log.warn('sweep.silence', { answeredBefore: answered.length, silentNow: silent.length });
    return;
  }
  for (const { address } of silent) {
    if (alreadyAlone.has(address) || isOff(address)) continue;
    leftAlone.note(address, SILENT_FOR_MS, 'fell-silent');
    log.warn('host.fell-silent', { address, leftAloneForMs: SILENT_FOR_MS });
  }
}

/** Whether an address is of this link, and nobody there answers ARP. */
function offLink({ system, networks }: Parts): (address: string) => boolean {
  const isOnLink = onLinkOf(networks());
  const resolved = system.link.resolved();
  return (address) => resolved !== null && isOnLink(address) && !resolved.has(address);
}
