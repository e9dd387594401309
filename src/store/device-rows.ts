import type { Insertable } from 'kysely';
import type { Device, DeviceEndpoint, DeviceState } from '../model/device.ts';
import { ATTRIBUTES, type Identification, type Identity } from '../model/identity.ts';
import { toDeviceId } from './device-id.ts';
import { readLocalTexts, readWords } from './json.ts';
import type { Row, Tables } from './schema.ts';

/** Why a device is what it is said to be: the evidence that agreed, and the evidence that lost. */
export type Reasons = Pick<Identification, 'evidence' | 'conflicts'>;

/** What a `Device` is made of; its reasons are read only where they are asked for. */
export const DEVICE_COLUMNS = [
  'id',
  'site',
  'vendor',
  'family',
  'model',
  'firmware',
  'kind',
  'mac',
  'serial',
  'confidence',
  'level',
  'sla_eligible',
  'clause',
  'because_en',
  'because_nl',
  'caveats',
  'status',
  'solicited',
  'first_seen',
  'last_seen',
] as const;

export type DeviceRow = Omit<Row<'devices'>, 'evidence' | 'conflicts'>;

export const toDevice = (row: DeviceRow, endpoints: readonly DeviceEndpoint[]): Device => ({
  id: toDeviceId(row.id),
  site: row.site,
  identity: toIdentity(row),
  confidence: row.confidence,
  verdict: {
    level: row.level,
    clause: row.clause,
    because: { en: row.because_en, nl: row.because_nl },
    caveats: readLocalTexts(row.caveats),
    slaEligible: row.sla_eligible === 1,
  },
  status: row.status,
  solicited: row.solicited === 1,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  endpoints,
});

const toIdentity = (row: DeviceRow): Partial<Identity> =>
  Object.fromEntries(
    ATTRIBUTES.filter((attribute) => row[attribute] !== null).map((attribute) => [attribute, row[attribute]]),
  );

/** A row without its id. Always the same keys: one statement serves all devices. */
export function toDeviceColumns(state: DeviceState, { evidence, conflicts }: Reasons) {
  const { identity, verdict } = state;
  return {
    site: state.site,
    vendor: identity.vendor ?? null,
    family: identity.family ?? null,
    model: identity.model ?? null,
    firmware: identity.firmware ?? null,
    kind: identity.kind ?? null,
    mac: identity.mac ?? null,
    serial: identity.serial ?? null,
    confidence: state.confidence,
    level: verdict.level,
    sla_eligible: Number(verdict.slaEligible),
    clause: verdict.clause,
    because_en: verdict.because.en,
    because_nl: verdict.because.nl,
    caveats: JSON.stringify(verdict.caveats),
    evidence: JSON.stringify(evidence),
    conflicts: JSON.stringify(conflicts),
    status: state.status,
    solicited: Number(state.solicited),
    first_seen: state.firstSeen,
    last_seen: state.lastSeen,
  } satisfies Insertable<Tables['devices']>;
}

export const toEndpoint = (row: Row<'endpoints'>): DeviceEndpoint => ({
  address: row.address,
  port: row.port,
  transport: row.transport,
  userAgent: row.user_agent,
  server: row.server,
  sipStatus: row.sip_status,
  solicited: row.solicited === 1,
  channels: readWords(row.channels),
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
});
