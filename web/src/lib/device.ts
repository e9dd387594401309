import type { DeviceJson, EndpointJson } from '../../../src/api/contract/device.ts';

/** `001565aabbcc` as people write it: `00:15:65:aa:bb:cc`. */
export const formatMac = (mac: string): string => mac.replace(/(..)(?!$)/g, '$1:');

/** Where a device was heard, freshest first, each address once. */
export const addressesOf = (device: DeviceJson): string[] => [
  ...new Set(freshestFirst(device.endpoints).map((endpoint) => endpoint.address)),
];

export const freshestFirst = (endpoints: readonly EndpointJson[]): EndpointJson[] =>
  [...endpoints].sort((a, b) => b.lastSeen.localeCompare(a.lastSeen));

/** What people call it: vendor and model; null when neither is known. */
export const nameOf = ({ vendor, model }: Pick<DeviceJson, 'vendor' | 'model'>): string | null =>
  [vendor, model].filter((word) => word !== null).join(' ') || null;

/** Whether a device says something new, and not just that it is still there. */
export const isNews = (before: DeviceJson | undefined, after: DeviceJson): boolean =>
  before === undefined || essence(before) !== essence(after);

const essence = (device: DeviceJson): string =>
  JSON.stringify([
    device.vendor,
    device.model,
    device.firmware,
    device.kind,
    device.mac,
    device.level,
    device.status,
    addressesOf(device)[0],
  ]);
