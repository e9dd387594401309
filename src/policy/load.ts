import { createHash } from 'node:crypto';
import { RE2JS } from 're2js';
import { checkShape } from '../document/check-shape.ts';
import { readYaml } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import { plainFirmware, type FirmwareReader } from '../model/firmware.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { isSlaLevel, SUPPORT_LEVELS } from '../model/verdict.ts';
import { conditionFaults, exampleFaults, idFaults, vendorFaults, type FaultAt } from './check.ts';
import { specificityOf, type Clause, type FirmwareRange } from './clause.ts';
import type { Policy } from './policy.ts';
import { deflectCaveat } from './words.ts';
import { policyFile, rowsOf, type Condition, type PolicyFile, type Row } from './shape.ts';

/**
 * Reads a policy file (docs/policy-format.md), or says all that is wrong with it: a file whose keys are right is then checked
 * for what it means. Where `vendors` is given, the known spellings, any other vendor is a fault. `firmware` knows how vendors count.
 */
export function loadPolicy(
  text: string,
  file: string,
  {
    vendors,
    firmware = plainFirmware,
    read = readYaml,
  }: { vendors?: readonly string[]; firmware?: FirmwareReader; read?: typeof readYaml } = {},
): Outcome<Policy, Fault[]> {
  const document = read(text, file);
  if (!document.ok) return document;
  const shape = checkShape(policyFile, document.value);
  if (!shape.ok) return shape;

  const content = shape.value;
  const { placeOf } = document.value;
  const faultAt: FaultAt = (path, message, hint) => ({ file, ...placeOf(path), message, hint });
  const rows = rowsOf(content);
  const entries: { row: Row; clause: Clause }[] = [];
  const faults = [...vendorFaults(rows, vendors, faultAt), ...idFaults(rows, faultAt)];
  for (const row of rows) {
    const wrong = conditionFaults(row, firmware, faultAt);
    faults.push(...wrong);
    if (wrong.length === 0) entries.push({ row, clause: toClause(row, firmware) });
  }
  const policy = assemble(
    content,
    entries.map(({ clause }) => clause),
  );
  faults.push(...entries.flatMap(({ row, clause }) => exampleFaults(row, clause, policy, faultAt)));
  return faults.length === 0 ? success(policy) : failure(faults.sort(byPlace));
}

const byPlace = (a: Fault, b: Fault): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);

function toClause(row: Row, reader: FirmwareReader): Clause {
  const { id, level, when, because, source = null, caveats = [], callDeflect, isException } = row;
  return {
    id,
    level,
    when,
    source,
    modelPattern: when.modelPattern === undefined ? null : RE2JS.compile(when.modelPattern),
    firmware: firmwareRange(when, reader),
    specificity: specificityOf(when, isException),
    verdict: {
      level,
      clause: id,
      because,
      caveats: [...caveats, ...deflectCaveat(callDeflect)],
      slaEligible: isSlaLevel(level),
      ...(callDeflect === undefined ? {} : { callDeflect }),
    },
  };
}

function firmwareRange(
  { vendor, family, firmwareFrom, firmwareBelow }: Condition,
  reader: FirmwareReader,
): FirmwareRange | null {
  if (firmwareFrom === undefined && firmwareBelow === undefined) return null;
  const read = (text: string | undefined) =>
    text === undefined ? null : reader.read({ vendor, family }, text);
  return { from: read(firmwareFrom), below: read(firmwareBelow), reader };
}

function assemble(content: PolicyFile, unordered: readonly Clause[]): Policy {
  const { title, revision, example = false, default: byDefault } = content.policy;
  const clauses = unordered.toSorted(byRank);
  const vendors = new Set(clauses.flatMap(({ when }) => when.vendor ?? []));
  const about = (vendor: string | undefined): Clause[] =>
    clauses.filter(({ when }) => when.vendor === undefined || when.vendor === vendor);
  return {
    title,
    revision,
    isExample: example,
    hash: contentHash(content),
    clauses,
    byVendor: new Map([...vendors].map((vendor) => [vendor, about(vendor)])),
    anyVendor: about(undefined),
    fallback: { level: 'basic', clause: null, because: byDefault.because, caveats: [], slaEligible: false },
  };
}

/** Most specific first. A tie that no example showed goes to the lower level: never a guess of a better one. */
const byRank = (a: Clause, b: Clause): number =>
  b.specificity - a.specificity ||
  SUPPORT_LEVELS.indexOf(b.level) - SUPPORT_LEVELS.indexOf(a.level) ||
  (a.id < b.id ? -1 : 1);

function contentHash(content: PolicyFile): string {
  const canonical = {
    ...content,
    catalogue: (content.catalogue ?? []).toSorted(byId),
    exceptions: (content.exceptions ?? []).toSorted(byId),
  };
  return createHash('sha256').update(JSON.stringify(canonical, withSortedKeys)).digest('hex');
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

const withSortedKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
