import { composeMessage } from '../../alerts/compose-message.ts';
import { digestStep } from '../../alerts/digest.ts';
import type { WallTime } from '../../alerts/wall-clock.ts';
import { MOST_ALERTS, type Alert, type SiteFigures } from '../../model/alert.ts';
import { FINDINGS, SEVERITIES, type FindingKind } from '../../model/finding.ts';
import { alertsSince, countAlertsSince } from '../../store/alerts.ts';
import type { Database } from '../../store/database.ts';
import { enqueue } from '../../store/deliveries.ts';
import { countRaised, forgetDigest, lastDigest, saveDigest, type DigestState } from '../../store/digests.ts';
import { cursorOf } from '../../store/readers.ts';
import type { Muting } from './muting.ts';
import { READER, type AlertingParts } from './parts.ts';

/** Queues the digest where it is due; returns how many messages. While nothing at all may be told, it waits. */
export function tellDigest(
  parts: AlertingParts,
  muting: Pick<Muting, 'isAll'>,
  wall: (now: number) => WallTime,
): number {
  const { db, settings, sinks, clock } = parts;
  const now = clock.now();
  const last = lastDigest(db);
  if (settings.digest.every === 'off' || !sinks.some(({ digest }) => digest)) {
    if (last !== null) forgetDigest(db);
    return 0;
  }
  const { day, isDue } = digestStep(settings.digest, wall(now), last?.day ?? null);
  if (!isDue || last === null) {
    if (day !== last?.day) saveDigest(db, { at: now, seq: cursorOf(db, READER), ...last, day });
    return 0;
  }
  return muting.isAll
    ? 0
    : db.transaction(() => tell(parts, last, { day, at: now, seq: cursorOf(db, READER) }));
}

function tell(parts: AlertingParts, last: DigestState, next: DigestState): number {
  const { db, inventory, site, link, sinks } = parts;
  const figures: SiteFigures = {
    ...inventory.fleet(),
    from: Math.min(last.at, next.at),
    to: next.at,
    findings: countRaised(db, { after: last.seq, upTo: next.seq }),
  };
  const told = worstSince(db, last.seq);
  const receivers = sinks.filter(({ digest }) => digest);
  for (const { name, language } of receivers)
    enqueue(
      db,
      name,
      composeMessage({
        site,
        language,
        reason: 'digest',
        about: 'digest',
        at: next.at,
        ...told,
        figures,
        link,
      }),
    );
  saveDigest(db, next);
  return receivers.length;
}

/** The worst alerts that changed after a number of the journal, and how many there are of any. */
function worstSince(db: Database, seq: number): { alerts: Alert[]; count: number } {
  const counts = countAlertsSince(db, seq);
  const alerts: Alert[] = [];
  for (const kind of [...counts.keys()].sort(worstFirst))
    if (alerts.length < MOST_ALERTS) alerts.push(...alertsSince(db, { kind, seq, limit: MOST_ALERTS }));
  return { alerts, count: [...counts.values()].reduce((sum, count) => sum + count, 0) };
}

const worstFirst = (a: FindingKind, b: FindingKind): number =>
  SEVERITIES.indexOf(FINDINGS[a].severity) - SEVERITIES.indexOf(FINDINGS[b].severity);
