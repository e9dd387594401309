import { isPhone, isUnknownToPbx } from '../../model/coverage.ts';
import type { Device } from '../../model/device.ts';

/** A phone on the wire that no PBX has told of: the shape in `summary.unknownToPbx` (docs/json.md). */
export interface UnknownPhone {
  id: string;
  address: string;
  vendor: string | null;
  model: string | null;
}

/** The list is for a look at who they are; the figure beside it counts them all. */
export const MOST_UNKNOWN = 100;

/** The first of the phones that no PBX has told of, as they stand in the list. */
export const phonesUnknownToPbx = (devices: readonly Device[]): UnknownPhone[] =>
  devices
    .filter((device) => isPhone(device) && isUnknownToPbx(device))
    .slice(0, MOST_UNKNOWN)
    .map(({ id, endpoints, identity: { vendor, model } }) => ({
      id,
      address: endpoints[0]?.address ?? '',
      vendor: vendor ?? null,
      model: model ?? null,
    }));
