import { isoTime } from '../model/iso-time.ts';
import { event } from '../inventory/advance.ts';
import { patienceFor, statusAfter, watchedSince, type Patiences, type Watch } from '../inventory/presence.ts';
import { cleared } from '../inventory/standing.ts';
import { TOLD_BY_PBX } from '../model/coverage.ts';
import type { Device, DeviceId } from '../model/device.ts';
import type { Database } from '../store/database.ts';
import { devicesByIds, evidenceOf, updateDevice } from '../store/devices.ts';
import { conditionsOf } from '../store/findings.ts';
import { devicesQuietSince } from '../store/silence.ts';
import { closeSightings } from '../store/sightings.ts';
import { soundSweepsSince } from '../store/sweeps.ts';
import { recordVersion } from '../store/versions.ts';
import { watchesSince } from '../store/watches.ts';
import type { Told } from './identities.ts';

export interface PresenceParts {
  db: Database;
  patiences: Patiences;
  /** Whether the sweeps ask this address; where they do not, time alone decides. */
  isSwept: (address: string) => boolean;
  /** Hosts that are sent nothing now: their silence says nothing. */
  leftAlone: ReadonlySet<string>;
}

/** Devices that are judged in one transaction. */
const PORTION = 500;

/** The devices that were not heard for so long that they may be stale or gone, in portions. */
export function quietDevices(db: Database, { fixed, mobile }: Patiences, now: number): DeviceId[][] {
  const least = Math.min(fixed.staleAfterMs, mobile.staleAfterMs);
  const quiet = devicesQuietSince(db, now - least);
  return Array.from({ length: Math.ceil(quiet.length / PORTION) }, (_, index) =>
    quiet.slice(index * PORTION, (index + 1) * PORTION),
  );
}

/**
 * Calls those of these devices stale or gone that were silent for long enough, while this auditor could hear and over enough sound sweeps.
 * Writes what has changed; the caller holds the transaction.
 */
export function judgePresence(
  { db, patiences, isSwept, leftAlone }: PresenceParts,
  quiet: readonly DeviceId[],
  now: number,
): Told {
  const devices = devicesByIds(db, quiet);
  const oldest = devices.reduce((at, { lastSeen }) => Math.min(at, lastSeen), now);
  const watches = watchesSince(db, oldest);
  const sweeps = soundSweepsSince(db, oldest);
  return devices.flatMap((device) => {
    if (!mayBeJudged(device, leftAlone)) return [];
    const patience = patienceFor(device.identity.kind, patiences);
    const status = statusAfter(device.status, silenceOf(device, now, watches, sweeps, isSwept), patience);
    return status === device.status ? [] : [fall(db, device, status, now)];
  });
}

const currentAddresses = ({ endpoints }: Device): string[] => [
  ...new Set(endpoints.slice(0, 1).map(({ address }) => address)),
];

/** What only a PBX has told of was never heard, and cannot fall silent; nor can who is asked nothing. */
const mayBeJudged = (device: Device, leftAlone: ReadonlySet<string>): boolean =>
  device.endpoints.some(({ channels }) => channels.some((channel) => channel !== TOLD_BY_PBX)) &&
  !currentAddresses(device).some((address) => leftAlone.has(address));

const silenceOf = (
  device: Device,
  now: number,
  watches: readonly Watch[],
  sweeps: readonly number[],
  isSwept: PresenceParts['isSwept'],
) => ({
  ms: watchedSince(
    device.lastSeen,
    watches.map(({ from, to }) => ({ from, to: Math.min(to, now) })),
  ),
  missedSweeps: currentAddresses(device).some(isSwept) ? countAfter(sweeps, device.lastSeen) : null,
});

/** How many of these ascending moments come after another. */
function countAfter(moments: readonly number[], after: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? Infinity) > after) high = middle;
    else low = middle + 1;
  }
  return moments.length - low;
}

function fall(db: Database, device: Device, status: Device['status'], at: number): Told[number] {
  const state = { ...device, status };
  updateDevice(db, device.id, state, evidenceOf(db, device.id));
  closeSightings(db, device.id);
  recordVersion(db, device.id, state, {
    validFrom: at,
    recordedAt: at,
    cause: 'silence',
    sighting: null,
  });
  if (status !== 'gone') return { device: device.id, findings: [] };
  const over = conditionsOf(db, device.id).map(({ kind, about }) => cleared(at, kind, about));
  const gone = event(at, { kind: 'gone', before: isoTime(device.lastSeen), cause: 'silence' });
  return { device: device.id, findings: [...over, gone] };
}
