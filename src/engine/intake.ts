import type { Matcher } from '../identify/match.ts';
import { advance, changesOf, movedFrom, type FindingDraft } from '../inventory/advance.ts';
import type { Device, DeviceId } from '../model/device.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Fact, Field } from '../model/fact.ts';
import type { Evidence } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import { resolve, type Candidate } from '../resolve/resolve.ts';
import type { Database } from '../store/database.ts';
import {
  deviceById,
  devicesByAddress,
  devicesByMac,
  evidenceOf,
  insertDevice,
  listDevices,
  touchDevice,
  updateDevice,
} from '../store/devices.ts';
import { saveEndpoint } from '../store/endpoints.ts';
import { appendFindings } from '../store/findings.ts';
import { latestSightings, saveFirstSighting, saveSighting, type StoredSighting } from '../store/sightings.ts';
import type { Feed } from './feed.ts';
import { judge } from './judge.ts';
import type { Knowledge } from './knowledge.ts';

/** The one way from a sighting to a committed device with its findings. */
export interface Intake {
  /** Takes sightings in the order given, in one transaction, and then tells the feed. */
  accept(sightings: readonly Sighting[]): void;
  /** Judges every device anew, after a change of rules or policy; at `now`, in milliseconds since the epoch. */
  reassess(now: number): void;
}

export interface IntakeParts {
  db: Database;
  feed: Feed;
  knowledge: () => Knowledge;
  /** The MAC address behind an IPv6 address, as the system knows it; a phone with IPv4 as well is known by it. */
  macBehind?: (address: string) => string | null;
}

export function createIntake(parts: IntakeParts): Intake {
  const { db, feed } = parts;
  /** Runs the work in one transaction, then tells readers what to look at again. */
  const commit = (
    work: (
      touched: Set<DeviceId>,
      tell: (findings: readonly FindingDraft[], device: DeviceId) => void,
    ) => void,
  ): void => {
    const touched = new Set<DeviceId>();
    let lastSeq = 0;
    db.transaction(() => {
      work(touched, (findings, device) => {
        if (findings.length > 0)
          lastSeq = appendFindings(
            db,
            findings.map((finding) => ({ ...finding, device })),
          );
      });
    });
    if (touched.size > 0) feed.publish({ type: 'devices', ids: [...touched] });
    if (lastSeq > 0) feed.publish({ type: 'journal', lastSeq });
  };

  return {
    accept(sightings) {
      commit((touched, tell) => {
        for (const sighting of sightings) {
          const { id, findings } = take(parts, sighting);
          touched.add(id);
          tell(findings, id);
        }
      });
    },
    reassess(now) {
      commit((touched, tell) => {
        for (const device of listDevices(db, {})) {
          const findings = judgeAgain(db, parts.knowledge(), device, now);
          if (findings === null) continue;
          touched.add(device.id);
          tell(findings, device.id);
        }
      });
    },
  };
}

/** One sighting: match, resolve, identify with all that is known of the device, decide, compare, write. */
function take(parts: IntakeParts, sighting: Sighting): { id: DeviceId; findings: FindingDraft[] } {
  const { db } = parts;
  const knowledge = parts.knowledge();
  const { matcher } = knowledge;
  const own = matcher.match(sighting.facts, sighting.solicited);
  const known = findKnown(parts, matcher, sighting, own);
  if (known === null) {
    const after = judge(knowledge, own, sighting.solicited);
    const { state, findings } = advance(null, after, sighting);
    const id = insertDevice(db, state, after.identification);
    saveFirstSighting(db, id, endpointOf(db, id, placeOf(null, sighting), sighting), sighting);
    return { id, findings };
  }

  const before = { device: known, conflicts: evidenceOf(db, known.id).conflicts };
  const isNews =
    saveSighting(db, known.id, endpointOf(db, known.id, placeOf(known, sighting), sighting), sighting) !==
      'repeated' ||
    known.status !== 'present' ||
    movedFrom(known, sighting) !== null;
  if (!isNews) {
    touchDevice(db, known.id, Math.max(known.lastSeen, sighting.at), 'present');
    return { id: known.id, findings: [] };
  }
  const heard = latestSightings(db, known.id);
  const after = judge(knowledge, evidenceFrom(matcher, heard), known.solicited || sighting.solicited);
  const { state, findings } = advance(before, after, sighting);
  updateDevice(db, known.id, state, after.identification);
  return { id: known.id, findings };
}

function findKnown(
  { db, macBehind }: IntakeParts,
  matcher: Matcher,
  sighting: Sighting,
  own: readonly Evidence[],
): Device | null {
  const { site, address } = sighting.from;
  const { identity } = matcher.combine(own);
  const byAddress = (): Candidate[] =>
    devicesByAddress(db, site, address).map((device) => ({
      device,
      saidBefore: latestSightings(db, device.id)
        .filter((heard) => heard.channel === sighting.channel)

        .map((heard) => matcher.combine(matcher.match(heard.facts, heard.solicited)).identity),
    }));
  const byMac = identity.mac === undefined ? [] : devicesByMac(db, site, identity.mac);
  const id = resolve({ address, identity }, { byMac, byAddress: byMac.length > 0 ? [] : byAddress() });
  if (id !== null) return deviceById(db, id);
  // A new IPv6 address that tells no MAC address is that of a phone already known, where the link says so.
  const mac = identity.mac === undefined && address.includes(':') ? (macBehind?.(address) ?? null) : null;
  return mac === null ? null : (devicesByMac(db, site, mac)[0] ?? null);
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

/** The row of the endpoint that a sighting belongs to, renewed by what it says. */
function endpointOf(
  db: Database,
  id: DeviceId,
  { site, address, port, transport }: Endpoint,
  sighting: Sighting,
): number {
  const status = valueOf(sighting.facts, 'sip.status');
  return saveEndpoint(db, id, site, {
    address,
    port,
    transport,
    userAgent: valueOf(sighting.facts, 'sip.user_agent'),
    server: valueOf(sighting.facts, 'sip.server'),
    sipStatus: status === null ? null : Number(status),
    solicited: sighting.solicited,
    channel: sighting.channel,
    at: sighting.at,
  });
}

const valueOf = (facts: readonly Fact[], field: Field): string | null =>
  facts.find((fact) => fact.field === field)?.value ?? null;

const evidenceFrom = (matcher: Matcher, heard: readonly StoredSighting[]): Evidence[] =>
  heard.flatMap((sighting) => [...matcher.match(sighting.facts, sighting.solicited)]);

/** Null when new rules and policy come to the same answer. */
function judgeAgain(db: Database, knowledge: Knowledge, device: Device, now: number): FindingDraft[] | null {
  const after = judge(
    knowledge,
    evidenceFrom(knowledge.matcher, latestSightings(db, device.id)),
    device.solicited,
  );
  const { verdict, identification } = after;
  const state = {
    ...device,
    identity: identification.identity,
    confidence: identification.confidence,
    verdict,
  };
  if (
    canonical([state.identity, state.confidence, verdict]) ===
    canonical([device.identity, device.confidence, device.verdict])
  )
    return null;
  updateDevice(db, device.id, state, identification);
  return changesOf(device, state).map((change) => ({ at: now, ...change }));
}

/** JSON in which the order of keys means nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
