import type { DeviceJson } from '../../api/contract/device.ts';
import { toDeviceJson } from '../../api/contract/from-model.ts';
import type { Device } from '../../model/device.ts';
import type { Language } from '../../model/text.ts';
import type { Database } from '../../store/database.ts';
import { findingsOfMany } from '../../store/findings.ts';
import { findingsUntil } from '../../store/journal.ts';

/** Devices whose findings are read in one go. */
const AT_ONCE = 100;

/** Devices as they are written, each with its latest findings, those of a moment where it is said, made when they are asked for. */
export function* listed(
  db: Database,
  devices: Iterable<Device>,
  { language, findings: most, until }: { language: Language; findings: number; until?: number | undefined },
): Generator<DeviceJson> {
  for (const some of portionsOf(devices)) {
    const ids = some.map(({ id }) => id);
    const findings =
      until === undefined
        ? findingsOfMany(db, ids, most)
        : findingsUntil(db, ids, { until, limitEach: most });
    for (const device of some) yield toDeviceJson(device, findings.get(device.id) ?? [], language);
  }
}

function* portionsOf(devices: Iterable<Device>): Generator<Device[]> {
  let portion: Device[] = [];
  for (const device of devices)
    if (portion.push(device) === AT_ONCE) {
      yield portion;
      portion = [];
    }
  yield portion;
}

/** Those of many that pass a test, without a list of them. */
export function* only<T>(many: Iterable<T>, test: (one: T) => boolean): Generator<T> {
  for (const one of many) if (test(one)) yield one;
}
