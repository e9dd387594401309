import type { DeviceJson } from '../../../src/api/contract/device.ts';
import { addressesOf, nameOf } from './device.ts';
import { urgency } from './levels.ts';

/** The columns of the list, in their order on the screen; each can be sorted by. */
export const COLUMNS = [
  'level',
  'vendor',
  'model',
  'firmware',
  'kind',
  'address',
  'mac',
  'confidence',
  'sla',
  'because',
  'lastSeen',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  column: Column;
  isDescending: boolean;
}

/** What needs attention comes first. */
export const DEFAULT_SORT: Sort = { column: 'level', isDescending: true };

/** Columns where the highest is what people look for first. */
const HIGHEST_FIRST: ReadonlySet<Column> = new Set(['level', 'confidence', 'lastSeen']);

/** The sort after a click on a column's head: the same column turns around. */
export const nextSort = (sort: Sort, column: Column): Sort => ({
  column,
  isDescending: sort.column === column ? !sort.isDescending : HIGHEST_FIRST.has(column),
});

const keyOf: Record<Column, (device: DeviceJson) => string | number | null> = {
  level: (device) => (device.level === 'not-applicable' ? null : urgency(device.level)),
  vendor: (device) => device.vendor,
  model: (device) => device.model,
  firmware: (device) => device.firmware,
  kind: (device) => device.kind,
  address: (device) => addressesOf(device)[0] ?? null,
  mac: (device) => device.mac,
  confidence: (device) => device.confidence,
  sla: (device) => (device.level === 'not-applicable' ? null : Number(device.slaEligible)),
  because: (device) => device.because,
  lastSeen: (device) => device.lastSeen,
};

/** A sorted copy. What is not known comes last either way; equals keep the order of name and address. */
export function sortDevices(
  devices: readonly DeviceJson[],
  { column, isDescending }: Sort,
  language: string,
): DeviceJson[] {
  const compare = comparerFor(language);
  const direction = isDescending ? -1 : 1;
  return devices
    .map((device) => ({
      device,
      key: keyOf[column](device),
      name: nameOf(device),
      address: addressesOf(device)[0] ?? null,
    }))
    .sort(
      (a, b) =>
        unknownLast(a.key, b.key) ||
        direction * compare(a.key, b.key) ||
        unknownLast(a.name, b.name) ||
        compare(a.name, b.name) ||
        compare(a.address, b.address),
    )
    .map(({ device }) => device);
}

type Key = string | number | null;

const unknownLast = (a: Key, b: Key): number => Number(a === null) - Number(b === null);

function comparerFor(language: string): (a: Key, b: Key) => number {
  // Numeric, so that 10.0.0.9 comes before 10.0.0.10, and T46 before T100.
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  return (a, b) => {
    // Most neighbours are equal, and a collator is slow.
    if (a === b) return 0;
    return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  };
}
