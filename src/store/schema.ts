import type { Generated, Selectable } from 'kysely';
import type { DeviceStatus } from '../model/device.ts';
import type { Transport } from '../model/endpoint.ts';
import type { FindingKind } from '../model/finding.ts';
import type { DeviceKind } from '../model/identity.ts';
import type { SweepOutcome } from '../model/sweep.ts';
import type { SupportLevel } from '../model/verdict.ts';

/** SQLite has no booleans. */
type Flag = number;
/** Text that is JSON; read it with json.ts. */
type Json = string;

/** The tables as the migrations leave them. */
export interface Tables {
  devices: {
    id: Generated<number>;
    site: string;
    vendor: string | null;
    family: string | null;
    model: string | null;
    firmware: string | null;
    kind: DeviceKind | null;
    mac: string | null;
    serial: string | null;
    confidence: number;
    level: SupportLevel;
    sla_eligible: Flag;
    clause: string | null;
    because_en: string;
    because_nl: string;
    caveats: Json;
    evidence: Json;
    conflicts: Json;
    status: DeviceStatus;
    solicited: Flag;
    first_seen: number;
    last_seen: number;
  };
  endpoints: {
    id: Generated<number>;
    device_id: number;
    site: string;
    address: string;
    port: number;
    transport: Transport;
    user_agent: string | null;
    server: string | null;
    sip_status: number | null;
    solicited: Flag;
    channels: Json;
    first_seen: number;
    last_seen: number;
  };
  sightings: {
    id: Generated<number>;
    device_id: number;
    endpoint_id: number;
    channel: string;
    solicited: Flag;
    facts: Json;
    raw: Uint8Array;
    first_at: number;
    last_at: number;
    times: number;
  };
  findings: {
    seq: Generated<number>;
    device_id: number;
    at: number;
    kind: FindingKind;
    before: string | null;
    after: string | null;
  };
  sweeps: {
    id: Generated<number>;
    channel: string;
    state: SweepOutcome;
    started_at: number;
    ended_at: number | null;
    targets: number;
    sent: number;
    most_to_send: number;
    answered: number;
    refused: Json;
    seed: number;
    plan: string;
    position: number;
    active_ms: number;
  };
  left_alone: { site: string; address: string; until: number; because: string };
  settings: { key: string; value: string };
}

/** A whole row as it is read. */
export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
