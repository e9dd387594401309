import type { DeviceId } from '../model/device.ts';

export const toDeviceId = (row: number): DeviceId => `d${row}`;

/** The row of a device; 0, which no row has, for a text that names none. */
export const toRow = (id: DeviceId): number => (/^d[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0);
