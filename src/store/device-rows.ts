import type { Insertable } from 'kysely';
import type { Device, DeviceEndpoint, DeviceState } from '../model/device.ts';
import { ATTRIBUTES, type Identification, type Identity } from '../model/identity.ts';
import { toDeviceId } from './device-id.ts';
import { readWords } from './json.ts';
import type { Row, Tables } from './schema.ts';
import { toVerdict, VERDICT_COLUMNS } from './verdicts.ts';

/** Why a device is what it is said to be: the evidence that agreed, and the evidence that lost. */
export type Reasons = Pick<Identification, 'evidence' | 'conflicts'>;

/** What a `Device` is made of, verdict included; its reasons are read only where they are asked for. */
export const DEVICE_COLUMNS = [
  'devices.id',
  'devices.site',
  'devices.vendor',
  'devices.family',
  'devices.model',
  'devices.firmware',
  'devices.kind',
  'devices.mac',
  'devices.serial',
  'devices.confidence',
  'devices.status',
  'devices.solicited',
  'devices.first_seen',
  'devices.last_seen',
  ...VERDICT_COLUMNS,
] as const;

export type DeviceRow = Omit<Row<'devices'>, 'verdict_id' | 'merged_into'> &
  Omit<Row<'verdicts'>, 'id' | 'hash'>;

export const toDevice = (row: DeviceRow, endpoints: readonly DeviceEndpoint[]): Device => ({
  id: toDeviceId(row.id),
  site: row.site,
  identity: toIdentity(row),
  confidence: row.confidence,
  verdict: toVerdict(row),
  status: row.status,
  solicited: row.solicited === 1,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  endpoints,
});

export function toIdentity(row: Pick<DeviceRow, (typeof ATTRIBUTES)[number]>): Partial<Identity> {
  const identity: Partial<Record<keyof Identity, string>> = {};
  for (const attribute of ATTRIBUTES) {
    const value = row[attribute];
    if (value !== null) identity[attribute] = value;
  }
  return identity as Partial<Identity>;
}

/** What a device and a version of it have in common. Always the same keys: one statement serves all devices. */
export function toStateColumns({ identity, confidence, status, solicited, firstSeen }: DeviceState) {
  return {
    vendor: identity.vendor ?? null,
    family: identity.family ?? null,
    model: identity.model ?? null,
    firmware: identity.firmware ?? null,
    kind: identity.kind ?? null,
    mac: identity.mac ?? null,
    serial: identity.serial ?? null,
    confidence,
    status,
    solicited: Number(solicited),
    first_seen: firstSeen,
  } satisfies Partial<Insertable<Tables['versions']>>;
}

/** A row without its id, verdict and merge. */
export const toDeviceColumns = (state: DeviceState) =>
  ({
    ...toStateColumns(state),
    site: state.site,
    level: state.verdict.level,
    sla_eligible: Number(state.verdict.slaEligible),
    last_seen: state.lastSeen,
  }) satisfies Partial<Insertable<Tables['devices']>>;

export const toEndpoint = (
  row: Omit<Row<'endpoints'>, 'id' | 'device_id' | 'site' | 'until'>,
): DeviceEndpoint => ({
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
