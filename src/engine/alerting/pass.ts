import { msUntilDue } from '../../alerts/group.ts';
import { wallClock } from '../../alerts/wall-clock.ts';
import { forgetResolved } from '../../store/alerts.ts';
import { listGroups } from '../../store/alert-groups.ts';
import { forgetEnded, giveUpOld, sinksWithWaiting } from '../../store/deliveries.ts';
import { endOutage, listOutages } from '../../store/outages.ts';
import { mutingAt } from './muting.ts';
import type { AlertingParts } from './parts.ts';
import type { Patience } from './patience.ts';
import { readPortion } from './read-journal.ts';
import { tellDigest } from './tell-digest.ts';
import { prepareGroups, tellGroups } from './tell-groups.ts';

const MINUTE_MS = 60_000;
const TIDY_EVERY_MS = 3_600_000;
/** Alerts that are over are shown for so long; the journal keeps them. */
const KEEP_RESOLVED_MS = 30 * 24 * 3_600_000;

/** Makes the store fit the configuration: groups of its sinks, and nothing that waits for sinks it no longer names. */
export function prepareStore(parts: AlertingParts): void {
  const { db, sinks, clock, log } = parts;
  const now = clock.now();
  const isGone = (name: string): boolean => !sinks.some((sink) => sink.name === name);
  prepareGroups(parts);
  for (const { sink } of listOutages(db).filter((outage) => isGone(outage.sink))) endOutage(db, sink);
  for (const sink of sinksWithWaiting(db).filter(isGone)) {
    const count = giveUpOld(db, { sink, before: Number.MAX_SAFE_INTEGER, now, because: 'sink-removed' });
    log.warn('messages-given-up', { sink, because: 'sink-removed', count });
  }
}

/** One look at the journal and the clock: what is due is queued. Resolves to the milliseconds until something may be due again. */
export type Pass = () => Promise<number>;

export function createPass(parts: AlertingParts, patience: Patience, onQueued: () => void): Pass {
  const { clock, site } = parts;
  const wall = wallClock(site.timezone);
  let tidiedAt = -Infinity;
  const tell = (): number => {
    const muting = mutingAt(clock.now(), parts, wall);
    return tellGroups(parts, muting) + tellDigest(parts, muting, wall);
  };
  return async () => {
    while ((await patience(() => readPortion(parts))) === true) await clock.turn();
    if (((await patience(tell)) ?? 0) > 0) onQueued();
    if (clock.monotonic() - tidiedAt >= TIDY_EVERY_MS) {
      tidiedAt = clock.monotonic();
      await patience(() => tidy(parts));
    }
    // Digests and maintenance go by whole minutes.
    const untilMinute = MINUTE_MS - (clock.now() % MINUTE_MS);
    return Math.min(untilMinute, (await patience(() => untilGroup(parts))) ?? 0);
  };
}

const untilGroup = ({ db, settings, clock }: AlertingParts): number =>
  listGroups(db).reduce(
    (least, { dueAt }) =>
      dueAt === null ? least : Math.min(least, msUntilDue(dueAt, settings.groups, clock.now())),
    Infinity,
  );

function tidy({ db, sinks, clock }: AlertingParts): void {
  forgetResolved(db, clock.now() - KEEP_RESOLVED_MS);
  for (const { name } of sinks) forgetEnded(db, name);
}
