import type { Matcher } from '../identify/match.ts';
import { changesOf, event, type After, type FindingDraft } from '../inventory/advance.ts';
import { changeOfStanding, standingOf, type Capabilities } from '../inventory/standing.ts';
import type { Device, DeviceState } from '../model/device.ts';
import type { FindingCause } from '../model/finding.ts';
import type { Evidence } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import type { VersionCause } from '../model/version.ts';
import type { Database } from '../store/database.ts';
import { evidenceOf, updateDevice, type Reasons } from '../store/devices.ts';
import { conditionsOf } from '../store/findings.ts';
import { latestSightings, type StoredSighting } from '../store/sightings.ts';
import { recordVersion } from '../store/versions.ts';
import { judge } from './judge.ts';
import type { Knowledge } from './knowledge.ts';

/** What all that was heard of a device adds up to. */
export interface Assessment {
  after: After;
  heard: readonly StoredSighting[];
}

/** Judges a device by all that was heard of it and its parts last. */
export function assess(
  db: Database,
  knowledge: Knowledge,
  device: Device['id'],
  isConfirmed: boolean,
): Assessment {
  const heard = notLeft(latestSightings(db, device));
  return { heard, after: judge(knowledge, evidenceFrom(knowledge.matcher, heard), isConfirmed) };
}

/**
 * Leaves out what was said at an address before the device was first heard on that channel at another one of the family: it has moved, and
 * what it says now counts. Of a device that is in two places at once both count.
 */
const notLeft = (heard: readonly StoredSighting[]): StoredSighting[] =>
  heard.filter(
    (one) =>
      !heard.some(
        (other) =>
          other.channel === one.channel &&
          other.solicited >= one.solicited &&
          isElsewhere(other.from.address, one.from.address) &&
          other.at > one.lastAt,
      ),
  );

const isElsewhere = (address: string, from: string): boolean =>
  address !== from && address.includes(':') === from.includes(':');

const evidenceFrom = (matcher: Matcher, heard: readonly StoredSighting[]): Evidence[] =>
  heard.flatMap((sighting) => [...matcher.match(sighting.facts, sighting.solicited)]);

/** What a device last said of its functions, in answers to our own probe: anybody can announce anything. */
export function capabilitiesOf(heard: readonly Pick<Sighting, 'solicited' | 'facts'>[]): Capabilities {
  const listed = (field: 'sip.allow' | 'sip.codecs'): readonly string[] | null => {
    const text = heard
      .filter(({ solicited }) => solicited)
      .flatMap(({ facts }) => facts.filter((fact) => fact.field === field))[0]?.value;
    return text === undefined ? null : text.split(',').map((word) => word.trim());
  };
  return { methods: listed('sip.allow'), codecs: listed('sip.codecs') };
}

/** How a change is kept: since when it is true, when we knew, and what made it. */
export interface Change {
  at: number;
  cause: VersionCause;
  sighting: number | null;
}

/**
 * Writes what is concluded of a device now, beginning a version where that is another conclusion than before, and returns what begins
 * and what ends with it.
 */
export function conclude(
  db: Database,
  before: Device,
  state: DeviceState,
  { after, heard }: Assessment,
  change: Change,
): FindingDraft[] {
  updateDevice(db, before.id, state, after.identification);
  if (!isSameState(before, state))
    recordVersion(db, before.id, state, {
      validFrom: change.at,
      recordedAt: change.at,
      cause: change.cause,
      sighting: change.sighting,
    });
  return standingChanges(db, before.id, state, heard, change.at);
}

/** What begins and ends of the matters that follow from the state of a device. */
export function standingChanges(
  db: Database,
  device: Device['id'],
  state: DeviceState,
  heard: readonly StoredSighting[],
  at: number,
): FindingDraft[] {
  const address = heard[0]?.from.address ?? null;
  return changeOfStanding(conditionsOf(db, device), standingOf(state, capabilitiesOf(heard), address), at);
}

/** Judges a device anew: null where nothing has changed, reasons included. `judgedBy` is who changed their mind. */
export function judgeAnew(
  db: Database,
  knowledge: Knowledge,
  device: Device,
  { judgedBy, ...change }: Change & { judgedBy?: FindingCause },
  spans: Partial<Pick<DeviceState, 'firstSeen' | 'lastSeen' | 'solicited'>> = {},
): FindingDraft[] | null {
  const solicited = spans.solicited ?? device.solicited;
  const assessment = assess(db, knowledge, device.id, solicited);
  const { identification, verdict } = assessment.after;
  const state: DeviceState = {
    site: device.site,
    identity: identification.identity,
    confidence: identification.confidence,
    verdict,
    status: device.status,
    solicited,
    firstSeen: spans.firstSeen ?? device.firstSeen,
    lastSeen: spans.lastSeen ?? device.lastSeen,
  };
  const isSame =
    isSameState(device, state) &&
    device.lastSeen === state.lastSeen &&
    canonical(reasonsOf(identification)) === canonical(evidenceOf(db, device.id));
  if (isSame) {
    // What follows from the state may not have been told yet: an older program knew fewer kinds of findings.
    const standing = standingChanges(db, device.id, state, assessment.heard, change.at);
    return standing.length === 0 ? null : standing;
  }
  return [
    ...changesOf(device, state, judgedBy).map((one) => event(change.at, one)),
    ...conclude(db, device, state, assessment, change),
  ];
}

const reasonsOf = ({ evidence, conflicts }: Reasons): Reasons => ({ evidence, conflicts });

/** Whether two conclusions are the same, but for when the device was heard last. */
const isSameState = (a: DeviceState, b: DeviceState): boolean =>
  canonical(essence(a)) === canonical(essence(b));

const essence = ({ identity, confidence, verdict, status, solicited, firstSeen }: DeviceState) => [
  identity,
  confidence,
  verdict,
  status,
  solicited,
  firstSeen,
];

/** JSON in which the order of keys means nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
