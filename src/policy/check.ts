import { RE2JS } from 're2js';
import { didYouMean } from '../document/did-you-mean.ts';
import type { Path } from '../document/read-yaml.ts';
import type { Fault } from '../model/fault.ts';
import type { FirmwareReader } from '../model/firmware.ts';
import { fitOf, isAbout, overlaps, type Clause } from './clause.ts';
import { clausesOf, type Policy } from './policy.ts';
import type { Row } from './shape.ts';

/** Makes a fault out of the path in the file where it stands, what is wrong, and what to do. */
export type FaultAt = (path: Path, message: string, hint: string) => Fault;

/** Vendors that are in no vocabulary; without a vocabulary every vendor is right. */
export function vendorFaults(
  rows: readonly Row[],
  vendors: readonly string[] | undefined,
  faultAt: FaultAt,
): Fault[] {
  if (vendors === undefined) return [];
  const known = new Set(vendors);
  return rows.flatMap(({ path, when: { vendor } }) =>
    vendor === undefined || known.has(vendor)
      ? []
      : faultAt(
          [...path, 'when', 'vendor'],
          `no vendor is called "${vendor}".`,
          didYouMean(vendor, vendors) ?? 'Write it as "identify" shows it.',
        ),
  );
}

/** Ids that stand on more than one row. */
export function idFaults(rows: readonly Row[], faultAt: FaultAt): Fault[] {
  const seen = new Set<string>();
  return rows.flatMap(({ path, id }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return faultAt([...path, 'id'], `the id "${id}" is taken.`, 'Every row needs its own.');
  });
}

/** Conditions of one row that mean nothing. */
export function conditionFaults({ path, when }: Row, firmware: FirmwareReader, faultAt: FaultAt): Fault[] {
  const faults: Fault[] = [];
  const add = (key: string, message: string, hint: string): void => {
    faults.push(faultAt([...path, 'when', key], message, hint));
  };
  if (when.vendor === undefined) {
    if (when.kind === undefined)
      faults.push(faultAt([...path, 'when'], 'the row is about nothing.', 'Name a vendor or a kind.'));
    for (const key of ['family', 'model', 'modelPattern', 'firmwareFrom', 'firmwareBelow'] as const)
      if (when[key] !== undefined)
        add(key, `"${key}" says nothing without a vendor.`, 'Name the vendor beside it.');
  }
  if (when.model !== undefined && when.modelPattern !== undefined)
    add('modelPattern', '"model" and "modelPattern" exclude each other.', 'Keep one.');
  const wrong = when.modelPattern === undefined ? null : patternError(when.modelPattern);
  if (wrong !== null)
    add(
      'modelPattern',
      `the pattern cannot be read: ${wrong}.`,
      'It is RE2: no look-around, no back-references.',
    );
  for (const key of ['firmwareFrom', 'firmwareBelow'] as const) {
    const version = when[key];
    if (version !== undefined && firmware.read(when, version) === null)
      add(key, `the firmware "${version}" has no order.`, 'Write it as the device does.');
  }
  return faults;
}

function patternError(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Examples of a clause that it does not decide, or that another one, just as specific, may decide too. */
export function exampleFaults(row: Row, clause: Clause, policy: Policy, faultAt: FaultAt): Fault[] {
  return row.examples.flatMap((identity, at) => {
    const add = (message: string, hint: string): Fault =>
      faultAt([...row.path, 'examples', at], message, hint);
    const heard = { identity, confidence: 1, evidence: [], conflicts: [] };
    if (fitOf(clause, heard) !== 'holds')
      return add(`"${clause.id}" does not hold for its own example.`, 'Compare it with "when".');

    const rivals = clausesOf(policy, identity.vendor).filter((other) => other !== clause);
    const better = rivals.find(
      (other) => other.specificity > clause.specificity && fitOf(other, heard) === 'holds',
    );
    if (better !== undefined)
      return add(
        `"${better.id}" decides this example: it is more specific than "${clause.id}".`,
        'Give an example that only this row decides.',
      );
    return rivals
      .filter((other) => isTie(clause, other) && isAbout(other, identity))
      .map((other) =>
        add(
          `"${clause.id}" and "${other.id}" are equally specific and can both hold for a device like this example.`,
          'Make one of them narrower.',
        ),
      );
  });
}

const isTie = (a: Clause, b: Clause): boolean =>
  a.specificity === b.specificity && overlaps(a.firmware, b.firmware);
