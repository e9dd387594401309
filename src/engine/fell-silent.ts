import type { FindingDraft } from '../inventory/advance.ts';
import { sweepFindings } from '../inventory/outages.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Sweep } from '../model/sweep.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import type { Database } from '../store/database.ts';
import { answersSince } from '../store/sightings.ts';
import { markUnsound, soundSweepBefore, unsoundSweepsBefore } from '../store/sweeps.ts';
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

/** So long, and over so many sweeps, the same picture is taken for our own fault; then what still answers is the site as it is now. */
const BELIEVED_AFTER_MS = 24 * 3_600_000;
const BELIEVED_AFTER_SWEEPS = 8;

/**
 * Compares a sweep that has just ended with the last sound one. Who no longer answers is left alone for an hour: a ban, or a phone that our
 * probe has hurt; where nobody answers ARP any more, the device is switched off, and may be asked as soon as it is back. Where most have
 * fallen silent at once the fault is ours: the sweep says nothing of absence, and that is what it tells.
 */
export function noteSilent(sweep: Sweep, parts: Parts): FindingDraft[] {
  const { db, site, scope, leftAlone, log } = parts;
  const before = soundSweepBefore(db, sweep.id);
  if (before === null) return [];
  const alreadyAlone = new Set(leftAlone.list().map(({ address }) => address));
  const isOff = offLink(parts);
  const answered = answersSince(db, site, before.startedAt).filter(({ address }) => scope.includes(address));
  const silent = answered.filter(({ at }) => at < sweep.startedAt);
  const isOurs = silent.length > Math.max(MOST_AT_ONCE, answered.length / 2);
  if (isOurs && !isBelieved(db, sweep, answered.length - silent.length)) {
    log.warn('sweep.silence', { answeredBefore: answered.length, silentNow: silent.length });
    const after = `${silent.length}/${answered.length}`;
    markUnsound(db, sweep.id, after);
    return sweepFindings({ ...sweep, unsound: after });
  }
  for (const { address } of isOurs ? [] : silent) {
    if (alreadyAlone.has(address) || isOff(address)) continue;
    leftAlone.note(address, SILENT_FOR_MS, 'fell-silent');
    log.warn('host.fell-silent', { address, leftAloneForMs: SILENT_FOR_MS });
  }
  return sweepFindings(sweep);
}

/** Whether it has looked like this for so long, with some who answer, that it is how things are. */
function isBelieved(db: Database, sweep: Sweep, answering: number): boolean {
  const unsound = unsoundSweepsBefore(db, sweep.id);
  const oldest = unsound.at(-1);
  return (
    answering > 0 &&
    unsound.length >= BELIEVED_AFTER_SWEEPS &&
    oldest !== undefined &&
    sweep.startedAt - oldest.startedAt >= BELIEVED_AFTER_MS
  );
}

/** Whether an address is of this link, and nobody there answers ARP. */
function offLink({ system, networks }: Parts): (address: string) => boolean {
  const isOnLink = onLinkOf(networks());
  const resolved = system.link.resolved();
  return (address) => resolved !== null && isOnLink(address) && !resolved.has(address);
}
