import type { DeviceJson } from '../../../src/api/contract/device.ts';
import { addressesOf, formatMac } from './device.ts';

/** What the list is narrowed to; an empty word narrows nothing. */
export interface Filter {
  text: string;
  level: string;
  vendor: string;
  kind: string;
  sla: string;
}

export const NO_FILTER: Filter = { text: '', level: '', vendor: '', kind: '', sla: '' };

/** Stands for "not known" where a filter would name a vendor or a kind. */
export const UNKNOWN = '-';

export const isFiltering = (filter: Filter): boolean => Object.values(filter).some((value) => value !== '');

/** The devices that pass every part of the filter. Words are looked for anywhere, in any case; each must be found. */
export function applyFilter(devices: readonly DeviceJson[], filter: Filter): DeviceJson[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean).map(toNeedle);
  return devices.filter(
    (device) =>
      (filter.level === '' || device.level === filter.level) &&
      (filter.vendor === '' || (device.vendor ?? UNKNOWN) === filter.vendor) &&
      (filter.kind === '' || (device.kind ?? UNKNOWN) === filter.kind) &&
      (filter.sla === '' || passesSla(device, filter.sla)) &&
      (words.length === 0 || hasWords(device, words)),
  );
}

/** What is no phone is neither eligible nor in the way of anything. */
const passesSla = (device: DeviceJson, sla: string): boolean =>
  device.level !== 'not-applicable' && device.slaEligible === (sla === 'yes');

interface Needle {
  word: string;
  /** Hex digits alone, where the word may be (part of) a MAC address; else null. */
  mac: string | null;
}

// 00:15:65:a, 00-15-65, 0015.65aa, 001565: from two pairs on, so that a version like 66-84 finds few phones by accident.
const MAC_LIKE =
  /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{1,2})+[:-]?|[0-9a-f]{4}(?:\.[0-9a-f]{1,4})+|[0-9a-f]{4,12})$/;

const toNeedle = (word: string): Needle => ({
  word,
  mac: MAC_LIKE.test(word) ? word.replace(/[^0-9a-f]/g, '') : null,
});

function hasWords(device: DeviceJson, needles: readonly Needle[]): boolean {
  const haystack = haystackOf(device);
  return needles.every(
    ({ word, mac }) => haystack.includes(word) || (mac !== null && (device.mac?.includes(mac) ?? false)),
  );
}

const haystacks = new WeakMap<DeviceJson, string>();

function haystackOf(device: DeviceJson): string {
  const known = haystacks.get(device);
  if (known !== undefined) return known;
  const haystack = [
    device.vendor,
    device.model,
    device.firmware,
    device.kind,
    device.serial,
    device.mac === null ? null : formatMac(device.mac),
    device.because,
    ...addressesOf(device),
    ...device.endpoints.flatMap((endpoint) => [endpoint.userAgent, endpoint.server, ...endpoint.channels]),
  ]
    .filter((piece) => piece !== null)
    .join('\n')
    .toLowerCase();
  haystacks.set(device, haystack);
  return haystack;
}

/** The words a filter can name, from the devices there are: sorted, unknown last. */
export function choicesOf(devices: readonly DeviceJson[], field: 'vendor' | 'kind'): string[] {
  const words = new Set(devices.map((device) => device[field] ?? UNKNOWN));
  return [...words].sort((a, b) => Number(a === UNKNOWN) - Number(b === UNKNOWN) || a.localeCompare(b));
}
