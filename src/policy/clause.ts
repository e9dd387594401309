import type { RE2JS } from 're2js';
import { compareFirmware, type FirmwareReader, type OrderedFirmware } from '../model/firmware.ts';
import type { Identification } from '../model/identity.ts';
import type { SupportLevel, Verdict } from '../model/verdict.ts';
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
  from: OrderedFirmware | null;
  below: OrderedFirmware | null;
  /** Reads what a device says as the bounds were read. */
  reader: FirmwareReader;
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
  return clause.firmware === null ? 'holds' : firmwareFit(clause.firmware, identity);
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

function firmwareFit(
  { from, below, reader }: FirmwareRange,
  { vendor, family, firmware: text }: Identification['identity'],
): 'holds' | Lack {
  if (text === undefined) return 'firmware-unknown';
  const firmware = reader.read({ vendor, family }, text);
  if (firmware === null) return 'firmware-incomparable';
  const sinceFrom = from === null ? 0 : compareFirmware(firmware, from);
  const sinceBelow = below === null ? -1 : compareFirmware(firmware, below);
  if (sinceFrom === null || sinceBelow === null) return 'firmware-incomparable';
  return sinceFrom >= 0 && sinceBelow < 0 ? 'holds' : 'firmware-outside';
}

/** Whether some firmware lies in both ranges; bounds of two platforms have nothing in common. */
export const overlaps = (a: FirmwareRange | null, b: FirmwareRange | null): boolean =>
  a === null || b === null || (startsBeforeEnd(a, b) && startsBeforeEnd(b, a) && shareAnOrder(a, b));

const startsBeforeEnd = ({ from }: FirmwareRange, { below }: FirmwareRange): boolean =>
  from === null || below === null || (compareFirmware(from, below) ?? 0) < 0;

function shareAnOrder(a: FirmwareRange, b: FirmwareRange): boolean {
  const [one, other] = [a.from ?? a.below, b.from ?? b.below];
  return one === null || other === null || compareFirmware(one, other) !== null;
}
