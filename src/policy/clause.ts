import type { RE2JS } from 're2js';
import type { Identification } from '../model/identity.ts';
import type { SupportLevel, Verdict } from '../model/verdict.ts';
import { compareFirmware, parseFirmware, type FirmwareVersion } from './firmware-order.ts';
import type { Condition } from './shape.ts';

/** One decision of the supplier, ready to be asked. */
export interface Clause {
  id: string;
  level: SupportLevel;
  when: Condition;
  /** Where the knowledge comes from; an exception always says. */
  source: string | null;
  modelPattern: RE2JS | null;
  firmware: FirmwareRange | null;
  /** Higher decides; compared only, no unit. */
  specificity: number;
  /** What it says wherever it holds. */
  verdict: Verdict;
}

/** From `from` (included) to `below` (not included); null is no bound. */
export interface FirmwareRange {
  from: FirmwareVersion | null;
  below: FirmwareVersion | null;
  /** Whether the first group names the hardware (Yealink 66.86.0.15): it must be equal, and there is no order across it. */
  platformFirst: boolean;
}

/** What alone keeps a clause from holding. */
export type Lack = 'firmware-unknown' | 'firmware-incomparable' | 'firmware-outside' | 'confidence';

/** An exception beats a row; exact model beats pattern beats family or kind beats vendor; then the number of conditions (at most eight). */
export function specificityOf(when: Condition, isException: boolean): number {
  return (isException ? 100 : 0) + 10 * subjectRank(when) + Object.keys(when).length;
}

function subjectRank(when: Condition): number {
  if (when.model !== undefined) return 3;
  if (when.modelPattern !== undefined) return 2;
  return when.family !== undefined || when.kind !== undefined ? 1 : 0;
}

/** Whether a clause holds for what was identified; `elsewhere` when it is about something else. */
export function fitOf(
  clause: Clause,
  { identity, confidence }: Identification,
): 'holds' | 'elsewhere' | Lack {
  if (!isAbout(clause, identity)) return 'elsewhere';
  if (confidence < (clause.when.minConfidence ?? 0)) return 'confidence';
  return clause.firmware === null ? 'holds' : firmwareFit(clause.firmware, identity.firmware);
}

/** Whether a clause speaks of this device, firmware and confidence left aside. */
export function isAbout(
  { when, modelPattern }: Clause,
  { vendor, family, model, kind }: Identification['identity'],
): boolean {
  return (
    (when.vendor === undefined || when.vendor === vendor) &&
    (when.model === undefined || when.model === model) &&
    (when.family === undefined || when.family === family) &&
    (when.kind === undefined || when.kind === kind) &&
    (modelPattern === null || (model !== undefined && modelPattern.testExact(model))) &&
    // A gateway is no phone unless the policy names it: "everything of this vendor" does not.
    (kind !== 'gateway' || subjectRank(when) > 0)
  );
}

function firmwareFit(range: FirmwareRange, text: string | undefined): 'holds' | Lack {
  if (text === undefined) return 'firmware-unknown';
  const firmware = parseFirmware(text);
  if (firmware === null || !isComparable(range, firmware)) return 'firmware-incomparable';
  const { from, below } = range;
  const isInside =
    (from === null || compareFirmware(firmware, from) >= 0) &&
    (below === null || compareFirmware(firmware, below) < 0);
  return isInside ? 'holds' : 'firmware-outside';
}

const isComparable = ({ from, below, platformFirst }: FirmwareRange, firmware: FirmwareVersion): boolean =>
  !platformFirst || (from ?? below)?.groups[0] === firmware.groups[0];

/** Whether some firmware lies in both ranges. */
export function overlaps(a: FirmwareRange | null, b: FirmwareRange | null): boolean {
  if (a === null || b === null) return true;
  const bound = b.from ?? b.below;
  if (bound !== null && !isComparable(a, bound)) return false;
  return startsBeforeEnd(a, b) && startsBeforeEnd(b, a);
}

const startsBeforeEnd = ({ from }: FirmwareRange, { below }: FirmwareRange): boolean =>
  from === null || below === null || compareFirmware(from, below) < 0;
