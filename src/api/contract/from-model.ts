import type { AuditorStatus } from '../../engine/auditor.ts';
import type { Device, DeviceEndpoint } from '../../model/device.ts';
import { FINDINGS, type Finding } from '../../model/finding.ts';
import { reasonOf } from '../../model/finding-reason.ts';
import type { Evidence, Identification } from '../../model/identity.ts';
import type { Sweep } from '../../model/sweep.ts';
import type { Language } from '../../model/text.ts';
import type { LeftAlone } from '../../store/left-alone.ts';
import type { DeviceDetailJson, DeviceJson, EndpointJson, EvidenceJson, SummaryJson } from './device.ts';
import type { FindingJson } from './finding.ts';
import { MOST_LEFT_ALONE, type StatusJson } from './status.ts';
import type { SweepJson } from './sweep.ts';
import { coverageOf, isPhone, type SiteFigures } from '../../model/coverage.ts';
import { isoTime } from './words.ts';

/** A device with its findings, which come newest first. Reasons and caveats are in `language`. */
export function toDeviceJson(device: Device, findings: readonly Finding[], language: Language): DeviceJson {
  const { identity, verdict } = device;
  return {
    id: device.id,
    site: device.site,
    vendor: identity.vendor ?? null,
    model: identity.model ?? null,
    firmware: identity.firmware ?? null,
    kind: identity.kind ?? null,
    mac: identity.mac ?? null,
    serial: identity.serial ?? null,
    confidence: device.confidence,
    level: verdict.level,
    slaEligible: verdict.slaEligible,
    because: verdict.because[language],
    caveats: verdict.caveats.map((caveat) => caveat[language]),
    endpoints: device.endpoints.map(toEndpointJson),
    firstSeen: isoTime(device.firstSeen),
    lastSeen: isoTime(device.lastSeen),
    status: device.status,
    findings: findings.map((finding) => toFindingJson(finding, language)),
  };
}

const toEndpointJson = ({ sipStatus, ...endpoint }: DeviceEndpoint): EndpointJson => ({
  address: endpoint.address,
  port: endpoint.port,
  transport: endpoint.transport,
  userAgent: endpoint.userAgent,
  server: endpoint.server,
  status: sipStatus,
  solicited: endpoint.solicited,
  channels: [...endpoint.channels],
  firstSeen: isoTime(endpoint.firstSeen),
  lastSeen: isoTime(endpoint.lastSeen),
});

/** A device with the evidence that won and the evidence that lost. */
export function toDetailJson(
  device: Device,
  { evidence, conflicts }: Pick<Identification, 'evidence' | 'conflicts'>,
  findings: readonly Finding[],
  language: Language,
): DeviceDetailJson {
  return {
    device: toDeviceJson(device, findings, language),
    evidence: evidence.map(toEvidenceJson),
    conflicts: conflicts.map(toEvidenceJson),
    clause: device.verdict.clause,
  };
}

const toEvidenceJson = ({ rule, fact, asserts, certainty, solicited }: Evidence): EvidenceJson => ({
  rule,
  field: fact.field,
  value: fact.value,
  asserts: { ...asserts },
  certainty,
  solicited,
});

/** Counts a list of devices; what is no phone is counted as such and in no other figure. */
export function toSummaryJson(
  devices: readonly Pick<Device, 'identity' | 'verdict' | 'endpoints'>[],
  site: SiteFigures = {},
): SummaryJson {
  const byLevel = { full: 0, partial: 0, basic: 0, unsupported: 0 };
  const phones = devices.filter(isPhone);
  for (const { verdict } of phones) if (verdict.level !== 'not-applicable') byLevel[verdict.level] += 1;
  return {
    devices: devices.length,
    phones: phones.length,
    notPhones: devices.length - phones.length,
    notIdentified: phones.filter(({ identity }) => identity.vendor === undefined).length,
    byLevel,
    slaEligible: phones.filter(({ verdict }) => verdict.slaEligible).length,
    coverage: coverageOf(phones, site),
  };
}

export const toFindingJson = (finding: Finding, language: Language): FindingJson => ({
  seq: finding.seq,
  device: finding.device,
  about: finding.about,
  at: isoTime(finding.at),
  kind: finding.kind,
  state: finding.state,
  severity: FINDINGS[finding.kind].severity,
  cause: finding.cause,
  before: finding.before,
  after: finding.after,
  sighting: finding.sighting,
  title: FINDINGS[finding.kind].title[language],
  because: reasonOf(finding)[language],
  toDo: FINDINGS[finding.kind].toDo[language],
});

/** A sweep with an estimate from its pace so far. */
export const toSweepJson = (sweep: Sweep): SweepJson => ({
  id: sweep.id,
  channel: sweep.channel,
  state: sweep.state,
  startedAt: isoTime(sweep.startedAt),
  endedAt: sweep.endedAt === null ? null : isoTime(sweep.endedAt),
  targets: sweep.targets,
  sent: sweep.sent,
  mostToSend: sweep.mostToSend,
  answered: sweep.answered,
  secondsLeft: secondsLeft(sweep),
  refused: { ...sweep.refused },
});

/** Whole seconds, rounded up: an estimate that says more would claim too much. */
function secondsLeft({ state, activeMs, sent, mostToSend }: Sweep): number | null {
  if (state !== 'running' || sent === 0) return null;
  return Math.ceil((Math.max(0, mostToSend - sent) * activeMs) / sent / 1000);
}

export const toStatusJson = (
  {
    site,
    scope,
    policy,
    rules,
    channels,
    networks,
    leftAlone,
    storage,
  }: AuditorStatus & { leftAlone: readonly LeftAlone[]; storage: string | null },
  version: string,
  language: Language,
): StatusJson => ({
  version,
  site: { id: site.id, name: site.name, language: site.language, timezone: site.timezone },
  scope: {
    include: [...scope.include],
    exclude: scope.exclude.map(({ network = null, mac = null, between = null, because }) => ({
      network,
      mac,
      between,
      because,
    })),
  },
  policy: { title: policy.title, revision: policy.revision, isExample: policy.isExample },
  rules: { count: rules.count, refused: rules.refused },
  channels: channels.map(({ name, state, because }) => ({
    name,
    state,
    because: because?.[language] ?? null,
  })),
  networks: networks.map((seen) => ({
    interface: seen.interface,
    address: seen.address,
    network: seen.network,
  })),
  leftAlone: leftAlone
    .toSorted((a, b) => a.until - b.until)
    .slice(0, MOST_LEFT_ALONE)
    .map(({ address, until, because }) => ({ address, until: isoTime(until), because })),
  storage,
});
