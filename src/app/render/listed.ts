import type { DeviceJson } from '../../api/contract/device.ts';
import { toDeviceJson } from '../../api/contract/from-model.ts';
import type { Device } from '../../model/device.ts';
import type { Language } from '../../model/text.ts';
import type { Database } from '../../store/database.ts';
import { findingsOfMany } from '../../store/findings.ts';

/** Devices whose findings are read in one go. */
const AT_ONCE = 500;

/** Devices as they are written, each with its latest findings, made when they are asked for. */
export function* listed(
  db: Database,
  devices: readonly Device[],
  { language, findings: most }: { language: Language; findings: number },
): Generator<DeviceJson> {
  for (let from = 0; from < devices.length; from += AT_ONCE) {
    const some = devices.slice(from, from + AT_ONCE);
    const findings = findingsOfMany(
      db,
      some.map(({ id }) => id),
      most,
    );
    for (const device of some) yield toDeviceJson(device, findings.get(device.id) ?? [], language);
  }
}
