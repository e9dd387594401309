import type { Alert, AlertSubject } from '../model/alert.ts';
import { FINDINGS, findingKey, type Finding } from '../model/finding.ts';
import { reasonOf } from '../model/finding-reason.ts';

/**
 * What becomes of an alert by one finding more; null where it changes nothing. A condition fires until it is cleared; an event fires and
 * is over at once.
 */
export function advance(alert: Alert | null, finding: Finding, subject: AlertSubject | null): Alert | null {
  const { lasts } = FINDINGS[finding.kind];
  if (finding.state === 'raised') return raise(alert, finding, subject);
  if (!lasts || alert?.state !== 'firing') return null;
  // What it was about is told once more when it is over: the reason stays.
  return { ...alert, subject, state: 'resolved', resolvedAt: finding.at, seq: finding.seq };
}

function raise(alert: Alert | null, finding: Finding, subject: AlertSubject | null): Alert {
  const { lasts, severity } = FINDINGS[finding.kind];
  return {
    key: findingKey(finding),
    kind: finding.kind,
    severity,
    subject,
    about: finding.about,
    state: lasts ? 'firing' : 'resolved',
    since: lasts && alert?.state === 'firing' ? alert.since : finding.at,
    resolvedAt: lasts ? null : finding.at,
    seq: finding.seq,
    because: reasonOf(finding),
  };
}

/** As it is told: an event is told as it fired, for nobody is told that it is over. */
export const asTold = (alert: Alert): Alert =>
  FINDINGS[alert.kind].lasts ? alert : { ...alert, state: 'firing', resolvedAt: null };
