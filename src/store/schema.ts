import type { Generated, Selectable } from 'kysely';
import type { AlertState, MessageReason } from '../model/alert.ts';
import type { DeliveryState, GivenUpBecause } from '../model/delivery.ts';
import type { DeviceStatus } from '../model/device.ts';
import type { Transport } from '../model/endpoint.ts';
import type { FindingCause, FindingKind, FindingState } from '../model/finding.ts';
import type { DeviceKind } from '../model/identity.ts';
import type { IdentifierKind } from '../model/identifier.ts';
import type { IdentityAct } from '../model/identity-act.ts';
import type { VersionCause } from '../model/version.ts';
import type { SweepOutcome } from '../model/sweep.ts';
import type { CallDeflect, SupportLevel } from '../model/verdict.ts';

/** SQLite has no booleans. */
type Flag = number;
/** Text that is JSON; read it with json.ts. */
type Json = string;

/** What a device and a version of it have in common. */
interface DeviceColumns {
  vendor: string | null;
  family: string | null;
  model: string | null;
  firmware: string | null;
  kind: DeviceKind | null;
  mac: string | null;
  serial: string | null;
  confidence: number;
  verdict_id: number;
  status: DeviceStatus;
  solicited: Flag;
  first_seen: number;
  merged_into: number | null;
}

/** The tables as the migrations leave them. */
export interface Tables {
  verdicts: {
    id: Generated<number>;
    hash: string;
    level: SupportLevel;
    sla_eligible: Flag;
    clause: string | null;
    because_en: string;
    because_nl: string;
    caveats: Json;
    firmware_from: string | null;
    call_deflect: CallDeflect | null;
  };
  devices: DeviceColumns & {
    id: Generated<number>;
    site: string;
    level: SupportLevel;
    sla_eligible: Flag;
    last_seen: number;
  };
  reasons: { device_id: number; evidence: Json; conflicts: Json };
  versions: DeviceColumns & {
    id: Generated<number>;
    device_id: number;
    valid_from: number;
    valid_to: number | null;
    recorded_at: number;
    last_seen: number;
    seen_until: number | null;
    cause: VersionCause;
    sighting_id: number | null;
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
    until: number | null;
  };
  sightings: {
    id: Generated<number>;
    device_id: number;
    endpoint_id: number;
    message_id: number;
    channel: string;
    solicited: Flag;
    said: string;
    user_agent: string | null;
    server: string | null;
    sip_status: number | null;
    first_at: number;
    last_at: number;
    times: number;
    is_open: Flag;
  };
  messages: { id: Generated<number>; facts: Json; raw: Uint8Array };
  identifiers: {
    site: string;
    kind: IdentifierKind;
    value: string;
    device_id: number;
    first_at: number;
    last_at: number;
  };
  identity_acts: {
    id: Generated<number>;
    act: IdentityAct['act'];
    device_id: number;
    other_id: number;
    at: number;
    because: string;
    author: string | null;
    undone_at: number | null;
    undone_by: string | null;
  };
  told_apart: { low_id: number; high_id: number };
  watches: {
    id: Generated<number>;
    from_at: number;
    to_at: number;
    ended_because: string | null;
    noticed_at: number | null;
  };
  judgements: { id: Generated<number>; made_at: number; up_to: number };
  findings: {
    seq: Generated<number>;
    device_id: number | null;
    about: string | null;
    at: number;
    kind: FindingKind;
    state: FindingState;
    cause: FindingCause | null;
    before: string | null;
    after: string | null;
    sighting_id: number | null;
  };
  conditions: {
    key: string;
    device_id: number | null;
    kind: FindingKind;
    about: string | null;
    since: number;
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
    unsound: string | null;
  };
  left_alone: { site: string; address: string; until: number; because: string };
  settings: { key: string; value: string };
  readers: { name: string; seq: number };
  alerts: {
    key: string;
    kind: FindingKind;
    about: string | null;
    state: AlertState;
    since: number;
    resolved_at: number | null;
    seq: number;
    because_en: string;
    because_nl: string;
    subject: Json | null;
  };
  alert_groups: {
    sink: string;
    kind: FindingKind;
    seq: number;
    due_at: number | null;
    sent_at: number | null;
  };
  tellings: { sink: string; kind: FindingKind; key: string; at: number };
  silences: {
    id: Generated<number>;
    matchers: Json;
    author: string;
    reason: string;
    created_at: number;
    starts_at: number;
    expires_at: number;
    ended_at: number | null;
    ended_by: string | null;
  };
  deliveries: {
    number: Generated<number>;
    sink: string;
    state: DeliveryState;
    message: Json;
    message_group: string;
    reason: MessageReason;
    at: number;
    attempts: Generated<number>;
    tried_at: number | null;
    ended_at: number | null;
    because: GivenUpBecause | null;
    fault: string | null;
    detail: string | null;
  };
  outages: {
    sink: string;
    since: number;
    failures: number;
    tried_at: number;
    wait_ms: number;
    given_up: number;
    fault: string;
    detail: string;
  };
}

/** A whole row as it is read. */
export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
