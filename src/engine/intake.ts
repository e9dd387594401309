import { advance, event, movedFrom, type Before, type FindingDraft } from '../inventory/advance.ts';
import { twoDevices, twoPlaces, type PlaceBefore } from '../inventory/clashes.ts';
import { cleared } from '../inventory/standing.ts';
import { TOLD_BY_PBX } from '../model/coverage.ts';
import type { Device, DeviceId } from '../model/device.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Fact, Field } from '../model/fact.ts';
import type { Finding, FindingCause } from '../model/finding.ts';
import type { Identifier } from '../model/identifier.ts';
import type { Evidence, Identity } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import { identifiersIn } from '../resolve/identifiers.ts';
import { latestAddress } from '../resolve/resolve.ts';
import type { Database } from '../store/database.ts';
import {
  deviceById,
  deviceIds,
  devicesByIds,
  evidenceOf,
  insertDevice,
  touchDevice,
} from '../store/devices.ts';
import { saveEndpoint, touchEndpoint, type HeardAt } from '../store/endpoints.ts';
import { conditionsOf, recordFindings } from '../store/findings.ts';
import { identifiersOf, saveIdentifier } from '../store/identifiers.ts';
import { latestPlaceAt } from '../store/places.ts';
import {
  findSameAgain,
  insertSighting,
  keepApart,
  repeatSighting,
  saidHash,
  saveSighting,
  type Kept,
} from '../store/sightings.ts';
import { recordVersion } from '../store/versions.ts';
import { assess, conclude, judgeAnew, standingChanges } from './assess.ts';
import type { Feed } from './feed.ts';
import { findDevice, type Found } from './find-device.ts';
import { mergeDevices, splitDevice, undoAct, type Said, type Told } from './identities.ts';
import { judge } from './judge.ts';
import type { Knowledge } from './knowledge.ts';
import { createNewcomers, type Newcomers } from './newcomers.ts';

/** The one way from a sighting, or from a person's word, to a committed device with its findings. */
export interface Intake {
  /** Takes sightings in the order given, in one transaction, and then tells the feed. */
  accept(sightings: readonly Sighting[]): void;
  /** Judges devices anew, all of them where none are named, after a change of rules or policy; at `now`, in milliseconds since the epoch. */
  reassess(now: number, judgedBy: FindingCause, devices?: readonly DeviceId[]): void;
  /** Makes one device of two. Throws AppError NOT_FOUND. */
  merge(one: DeviceId, other: DeviceId, said: Said): void;
  /** Makes a device of its own of what was heard at an address. Throws AppError NOT_FOUND or INPUT_INVALID. */
  split(device: DeviceId, address: string, said: Said): void;
  /** Takes back a merge or a split. Throws AppError NOT_FOUND or INPUT_INVALID. */
  undo(act: number, said: Said & { author: string }): void;
  /** Other changes of devices and findings that belong together: one transaction, then the feed is told. */
  change(work: () => Told): void;
  /** What was not taken in, because too many strangers announced themselves. */
  readonly refused: number;
  readonly newcomers: Newcomers;
}

export interface IntakeParts {
  db: Database;
  feed: Feed;
  knowledge: () => Knowledge;
  /** The MAC address behind an IPv6 address, as the system knows it; a phone with IPv4 as well is known by it. */
  macBehind?: (address: string) => string | null;
}

/** A device, or the site itself for null, and what there is to tell of it. */
interface News {
  device: DeviceId | null;
  findings: readonly FindingDraft[];
  sighting?: number | null;
}

/** Most places of one device that are kept; whoever claims more has told enough. */
export const MOST_ENDPOINTS = 64;

/** A device heard again so soon at another address is at both. */
const SAME_MOMENT_MS = 15_000;

export function createIntake(parts: IntakeParts): Intake {
  const { db, feed } = parts;
  const newcomers = createNewcomers();
  let refused = 0;
  /** Runs the work in one transaction, then tells readers what to look at again. */
  const commit = (work: (tell: (news: News) => void) => void): void => {
    const touched = new Set<DeviceId>();
    let lastSeq = 0;
    db.transaction(() => {
      work(({ device, findings, sighting = null }) => {
        if (device !== null) touched.add(device);
        const drafts = findings.map((finding): Omit<Finding, 'seq'> => ({ ...finding, device, sighting }));
        if (drafts.length > 0) lastSeq = Math.max(lastSeq, recordFindings(db, drafts));
      });
    });
    if (touched.size > 0) feed.publish({ type: 'devices', ids: [...touched] });
    if (lastSeq > 0) feed.publish({ type: 'journal', lastSeq });
  };
  const act = (work: (knowledge: { db: Database; knowledge: Knowledge }) => Told): void =>
    commit((tell) => work({ db, knowledge: parts.knowledge() }).forEach(tell));

  return {
    accept(sightings) {
      let refusedNow = 0;
      let isHeld = false;
      try {
        commit((tell) => {
          for (const sighting of sightings) {
            const news = take({ ...parts, newcomers }, sighting);
            if (news === null) refusedNow += 1;
            else news.forEach(tell);
          }
        });
        isHeld = true;
        refused += refusedNow;
      } finally {
        // What the disk refuses comes again, and is no second crowd of strangers.
        newcomers.settle(isHeld);
      }
    },
    reassess(now, judgedBy, ids = deviceIds(db)) {
      commit((tell) => {
        for (const device of devicesByIds(db, ids)) {
          const change = { at: now, cause: 'reassessed', sighting: null, judgedBy } as const;
          const findings = judgeAnew(db, parts.knowledge(), device, change);
          if (findings !== null) tell({ device: device.id, findings });
        }
      });
    },
    merge: (one, other, said) => act((known) => mergeDevices(known, one, other, said)),
    split: (device, address, said) => act((known) => splitDevice(known, device, address, said)),
    undo: (id, said) => act((known) => undoAct(known, id, said)),
    change: (work) => commit((tell) => work().forEach(tell)),
    get refused() {
      return refused;
    },
    newcomers,
  };
}

type TakeParts = IntakeParts & { newcomers: Newcomers };

/** One sighting: the same again, or a closer look. Null where it is not taken in. */
function take(parts: TakeParts, sighting: Sighting): News[] | null {
  const { db } = parts;
  const said = saidHash(sighting.facts);
  const again = findSameAgain(db, placeAt(db, sighting), sighting, said);
  if (again?.status !== 'present') return lookCloser(parts, sighting, said);
  repeatSighting(db, again.sighting, sighting);
  touchEndpoint(db, again.endpoint, sighting.at, statusOf(sighting.facts));
  touchDevice(db, again.device, sighting.at);
  return [{ device: again.device, findings: [] }];
}

/** Match, resolve, identify with all that is known of the device, decide, compare, write. */
function lookCloser(parts: TakeParts, sighting: Sighting, said: string): News[] | null {
  const { db } = parts;
  const knowledge = parts.knowledge();
  const own = knowledge.matcher.match(sighting.facts, sighting.solicited);
  const { identity } = knowledge.matcher.combine(own);
  const identifiers = identifiersIn(sighting.facts, identity);
  const found = findDevice(db, knowledge.matcher, sighting, {
    identity,
    identifiers: [...identifiers, ...behind(parts, sighting, identity)],
  });
  if (found.whole === null) return welcome(parts, knowledge, sighting, said, own, identifiers);

  const joined = found.parts.flatMap((part) => join(db, knowledge, found, part, sighting.at));
  const known = joined.length === 0 ? found.whole : (deviceById(db, found.whole.id) ?? found.whole);
  const place = placeOf(known, sighting);
  const here = known.endpoints.find((one) => isSamePlace(one, place)) ?? null;
  if (here === null && known.endpoints.length >= MOST_ENDPOINTS) return crowded(known, sighting);
  const news = renew(db, knowledge, { known, place, here, found, sighting, said, identifiers });
  return [...joined, news];
}

/** Two records of one device become one before anything else is said of it. */
const join = (db: Database, knowledge: Knowledge, { whole }: Found, part: DeviceId, at: number): News[] => [
  ...mergeDevices({ db, knowledge }, whole?.id ?? part, part, {
    at,
    because: 'the same identifiers',
    author: null,
  }),
];

/** A new IPv6 address that tells no MAC address is that of a phone already known, where the link says so. */
function behind(
  { macBehind }: IntakeParts,
  { from: { address } }: Sighting,
  { mac }: Partial<Identity>,
): Identifier[] {
  if (mac !== undefined || !address.includes(':')) return [];
  const value = macBehind?.(address) ?? null;
  return value === null ? [] : [{ kind: 'mac', value }];
}

/** A device that is not known yet. */
function welcome(
  { db, newcomers }: TakeParts,
  knowledge: Knowledge,
  sighting: Sighting,
  said: string,
  own: readonly Evidence[],
  identifiers: readonly Identifier[],
): News[] | null {
  const admission = newcomers.admit(sighting);
  if (admission === 'refused') return null;
  const after = judge(knowledge, own, sighting.solicited);
  const { state, findings } = advance(null, after, sighting);
  const id = insertDevice(db, state, after.identification);
  const heard = saveAt(db, id, placeOf(null, sighting), sighting);
  const row = insertSighting(db, heard, sighting, said);
  const { at } = sighting;
  recordVersion(db, id, state, {
    validFrom: state.firstSeen,
    recordedAt: at,
    cause: 'sighting',
    sighting: row,
  });
  saveNames(db, id, identifiers, sighting);
  const standing = standingChanges(db, id, state, [{ ...sighting, id: row, lastAt: at, times: 1 }], at);
  return [
    { device: id, findings: [...findings, ...standing], sighting: row },
    ...(admission === 'admitted' ? [] : [{ device: null, findings: [floodOf(admission, sighting)] }]),
  ];
}

const floodOf = (admission: 'last-of-address' | 'last-of-all', { at, from }: Sighting): FindingDraft =>
  event(at, {
    kind: 'spoof-suspected',
    about: admission === 'last-of-all' ? null : from.address,
    after: from.address,
    cause: 'flood',
  });

interface Renewal {
  known: Device;
  place: Endpoint;
  /** The endpoint of this place before; null for a new one. */
  here: Device['endpoints'][number] | null;
  found: Found;
  sighting: Sighting;
  said: string;
  identifiers: readonly Identifier[];
}

/** News of a device that is known. */
function renew(db: Database, knowledge: Knowledge, renewal: Renewal): News {
  const { known, place, sighting, said, identifiers } = renewal;
  const clashes = clashesOf(renewal);
  const held = new Set(conditionsOf(db, known.id).map(({ kind }) => kind));
  const before: Before = {
    device: known,
    conflicts: evidenceOf(db, known.id).conflicts,
    // Whoever is in two places does not move from one to the other.
    address:
      clashes.isInTwoPlaces || held.has('duplicate-mac')
        ? sighting.from.address
        : lastAnsweredAt(known, sighting.from.address),
  };
  const heard = saveAt(db, known.id, place, sighting);
  const kept = saveSighting(db, heard, sighting, said);
  const named = saveNames(db, known.id, identifiers, sighting);
  const isSame = kept.as === 'repeated' || kept.as === 'resumed';
  const isNews = !isSame || named || known.status !== 'present' || movedFrom(before, sighting) !== null;
  if (!isNews) {
    touchDevice(db, known.id, sighting.at);
    return { device: known.id, findings: clashes.findings, sighting: kept.id };
  }
  const assessment = assess(db, knowledge, known.id, known.solicited || sighting.solicited);
  const { state, findings } = advance(before, assessment.after, sighting);
  const hasHappened = findings.length > 0 || clashes.findings.length > 0;
  const row = hasHappened ? ownRow(db, heard, sighting, kept, said) : kept.id;
  const change = { at: sighting.at, cause: 'sighting', sighting: row } as const;
  return {
    device: known.id,
    findings: [
      ...findings,
      ...(known.status === 'gone' ? [cleared(sighting.at, 'gone', null)] : []),
      ...clashes.findings,
      ...provisioningOf(renewal),
      ...conclude(db, known, state, assessment, change),
    ],
    sighting: row,
  };
}

/** The raw evidence of something that has happened is kept, also where the words are the same as before. */
const ownRow = (db: Database, heard: HeardAt, sighting: Sighting, kept: Kept, said: string): number =>
  kept.before === null ? kept.id : keepApart(db, heard, sighting, kept, said);

/** Whether a device is in two places, or two devices are at one. */
function clashesOf({ known, here, place, found, sighting }: Renewal): {
  findings: FindingDraft[];
  isInTwoPlaces: boolean;
} {
  const before: PlaceBefore | null = here;
  const others = found.atAddress
    .filter(({ id }) => id !== known.id)
    .flatMap((device) =>
      device.endpoints.filter((one) => isSamePlace(one, place)).map((endpoint) => ({ device, endpoint })),
    );
  const both = twoPlaces(known, before ?? newPlaceAtOnce(known, sighting), sighting);
  const findings = [both, twoDevices(known, before, others, sighting)].filter((one) => one !== null);
  return { findings, isInTwoPlaces: both?.kind === 'duplicate-mac' };
}

/** Where a device was last, of the family of this address; of one that has ever answered, where it answered. */
const lastAnsweredAt = (device: Device, like: string): string | null => {
  const endpoints = device.endpoints.filter(({ solicited }) => solicited || !device.solicited);
  return latestAddress({ endpoints }, like) ?? null;
};

/** A place that is new, while the device was heard elsewhere a moment ago, counts as one where it was before. */
const newPlaceAtOnce = (known: Device, { at, from, solicited }: Sighting): PlaceBefore | null => {
  const isAtOnce =
    solicited &&
    known.endpoints.some(
      ({ address, lastSeen, solicited: yes }) =>
        yes && address !== from.address && at - lastSeen < SAME_MOMENT_MS && lastSeen <= at,
    );
  return isAtOnce ? { address: from.address, lastSeen: at - SAME_MOMENT_MS } : null;
};

/** A phone that a PBX has let in asks for provisioning: it has been reset, or it asks at every boot. */
function provisioningOf({ known, sighting }: Renewal): FindingDraft[] {
  const wasLetIn = known.endpoints.some(({ channels }) => channels.includes(TOLD_BY_PBX));
  if (sighting.channel !== ASKS_FOR_PROVISIONING || !wasLetIn) return [];
  return [event(sighting.at, { kind: 'asks-for-provisioning', about: sighting.from.address })];
}

const ASKS_FOR_PROVISIONING = 'sip-pnp';

/** It claims more places than we keep: told once, and no more is kept. */
const crowded = (known: Device, { at, from }: Sighting): News[] => [
  {
    device: known.id,
    findings: [
      event(at, {
        kind: 'duplicate-mac',
        about: known.identity.mac ?? known.id,
        before: known.endpoints[0]?.address ?? null,
        after: from.address,
      }),
    ],
  },
];

/** Notes by what a device was heard, and says whether anything of it is new. */
function saveNames(
  db: Database,
  id: DeviceId,
  identifiers: readonly Identifier[],
  { from, at }: Sighting,
): boolean {
  if (identifiers.length === 0) return false;
  const known = new Set(identifiersOf(db, id).map(({ kind, value }) => `${kind} ${value}`));
  for (const one of identifiers) saveIdentifier(db, id, { ...one, site: from.site, at });
  return identifiers.some(({ kind, value }) => !known.has(`${kind} ${value}`));
}

/** Where the default says that SIP is spoken; nobody has answered there yet. */
const SIP_PORT = 5060;

/**
 * Where a sighting belongs. What is heard of a host on a channel that is not SIP (port 0: its neighbour table, its mDNS name) stands
 * with what it last said in SIP, else where SIP would be.
 */
function placeOf(known: Device | null, { from }: Sighting): Endpoint {
  if (from.port !== 0) return from;
  const [latest] = (known?.endpoints ?? [])
    .filter(({ address }) => address === from.address)
    .sort((a, b) => b.lastSeen - a.lastSeen);
  return { ...from, port: latest?.port ?? SIP_PORT, transport: latest?.transport ?? 'udp' };
}

/** The same, where it is not known yet whose sighting it is. */
const placeAt = (db: Database, { from }: Sighting): Endpoint =>
  from.port !== 0 ? from : { ...from, ...(latestPlaceAt(db, from.site, from.address) ?? { port: SIP_PORT }) };

const isSamePlace = (a: Omit<Endpoint, 'site'>, b: Omit<Endpoint, 'site'>): boolean =>
  a.address === b.address && a.port === b.port && a.transport === b.transport;

/** The row of the endpoint that a sighting belongs to, renewed by what it says. */
function saveAt(
  db: Database,
  id: DeviceId,
  { site, address, port, transport }: Endpoint,
  sighting: Sighting,
): HeardAt {
  return saveEndpoint(db, id, site, {
    address,
    port,
    transport,
    userAgent: valueOf(sighting.facts, 'sip.user_agent'),
    server: valueOf(sighting.facts, 'sip.server'),
    sipStatus: statusOf(sighting.facts),
    solicited: sighting.solicited,
    channel: sighting.channel,
    at: sighting.at,
  });
}

const statusOf = (facts: readonly Fact[]): number | null => {
  const status = valueOf(facts, 'sip.status');
  return status === null ? null : Number(status);
};

const valueOf = (facts: readonly Fact[], field: Field): string | null =>
  facts.find((fact) => fact.field === field)?.value ?? null;
