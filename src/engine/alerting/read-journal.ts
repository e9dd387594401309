import { dueAfterNews } from '../../alerts/group.ts';
import { advance } from '../../alerts/lifecycle.ts';
import { findingKey, type Finding, type FindingKind } from '../../model/finding.ts';
import { alertOf, saveAlert } from '../../store/alerts.ts';
import { listGroups, saveGroup } from '../../store/alert-groups.ts';
import { findingsAfter } from '../../store/findings.ts';
import { cursorOf, moveCursor } from '../../store/readers.ts';
import { endAcknowledgements } from '../../store/silences.ts';
import { READER, type AlertingParts } from './parts.ts';

/** Findings read in one transaction. */
const PORTION = 500;

/**
 * Reads on in the journal: alerts, the groups that they make due, and the place in the journal change together or not at all. Returns
 * whether there may be more to read.
 */
export function readPortion(parts: AlertingParts): boolean {
  const { db } = parts;
  return db.transaction(() => {
    const findings = findingsAfter(db, cursorOf(db, READER), PORTION);
    const last = findings.at(-1);
    if (last === undefined) return false;
    const changed = new Set(findings.filter((finding) => note(finding, parts)).map(({ kind }) => kind));
    bringForward(changed, parts);
    moveCursor(db, READER, last.seq);
    return findings.length === PORTION;
  });
}

/** Whether the finding changed its alert. */
function note(finding: Finding, { db, inventory, clock }: AlertingParts): boolean {
  const known = alertOf(db, findingKey(finding));
  const subject =
    finding.device === null ? null : (inventory.subjectOf(finding.device) ?? known?.subject ?? null);
  const alert = advance(known, finding, subject);
  if (alert === null) return false;
  saveAlert(db, alert);
  // Who acknowledged it knew of that one; when it fires again, it is told.
  if (finding.state === 'cleared') endAcknowledgements(db, alert.key, { by: 'resolved', now: clock.now() });
  return true;
}

function bringForward(changed: ReadonlySet<FindingKind>, { db, settings, clock }: AlertingParts): void {
  const now = clock.now();
  for (const group of listGroups(db))
    if (changed.has(group.kind))
      saveGroup(db, { ...group, dueAt: dueAfterNews(group, settings.groups, now) });
}
