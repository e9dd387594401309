import type { Device } from '../model/device.ts';
import { addressKey } from './address-key.ts';
import { macDigits, SEVERITY, type DeviceFilter } from './device-list.ts';

/** What `listDevices` asks of the database, for devices that are not in its tables: those of another day. */
export function filterAndSort(devices: readonly Device[], filter: DeviceFilter): Device[] {
  const { limit = Infinity, offset = 0 } = filter;
  const wanted = devices
    .filter((device) => passes(device, filter))
    .map((device) => ({ device, key: sortKey(device) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ device }) => device);
  return wanted.slice(offset, offset + limit);
}

function passes(
  device: Device,
  { levels = [], vendor, kind, status, slaEligible, text }: DeviceFilter,
): boolean {
  const { identity, verdict } = device;
  return (
    (levels.length === 0 || levels.includes(verdict.level)) &&
    (vendor === undefined || identity.vendor?.toLowerCase() === vendor.toLowerCase()) &&
    (kind === undefined || identity.kind === kind) &&
    (status === undefined || device.status === status) &&
    (slaEligible === undefined || verdict.slaEligible === slaEligible) &&
    (text === undefined || holds(device, text.trim()))
  );
}

function holds(
  { identity: { vendor, model, firmware, serial, mac }, endpoints }: Device,
  text: string,
): boolean {
  const wanted = text.toLowerCase();
  const digits = macDigits(text);
  const words = [
    [vendor, model, firmware, serial],
    ...endpoints.map(({ address, userAgent }) => [address, userAgent]),
  ].map((list) => list.filter((word) => word !== undefined && word !== null).join(' '));
  return (
    words.some((line) => line.toLowerCase().includes(wanted)) ||
    (digits !== null && mac?.includes(digits) === true)
  );
}

/** One text that sorts as the list does: worst level, vendor (none last), model (none last), address, name. */
const sortKey = ({ id, identity, verdict, endpoints }: Device): string =>
  [
    SEVERITY[verdict.level],
    identity.vendor?.toLowerCase() ?? LAST,
    identity.model ?? LAST,
    addressKey(endpoints[0]?.address ?? ''),
    id.slice(1).padStart(16, '0'),
  ].join('\u0001');

const LAST = '\uffff';
