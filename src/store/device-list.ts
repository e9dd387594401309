import { sql, type Compilable, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { DeviceStatus } from '../model/device.ts';
import type { DeviceKind } from '../model/identity.ts';
import type { SupportLevel } from '../model/verdict.ts';
import { DEVICE_COLUMNS, type DeviceRow } from './device-rows.ts';
import { build } from './query.ts';
import type { Tables } from './schema.ts';

/** Which devices to list; what is left out restricts nothing. */
export interface DeviceFilter {
  /** Any of these; an empty list restricts nothing. */
  levels?: readonly SupportLevel[] | undefined;
  /** In upper or lower case. */
  vendor?: string | undefined;
  kind?: DeviceKind | undefined;
  status?: DeviceStatus | undefined;
  slaEligible?: boolean | undefined;
  /** A part of vendor and model, firmware, serial, MAC in any notation, address or User-Agent, in upper or lower case. */
  text?: string | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
}

const NO_LIMIT = -1;

/** Worst first, as people work through the list; what is no phone comes last. */
export const SEVERITY: Readonly<Record<SupportLevel, number>> = {
  unsupported: 0,
  basic: 1,
  partial: 2,
  full: 3,
  'not-applicable': 4,
};

const severity = sql`case devices.level ${sql.join(
  Object.entries(SEVERITY).map(([level, rank]) => sql`when ${sql.lit(level)} then ${sql.lit(rank)}`),
  sql` `,
)} end`;

// `address_key` is our own function (open.ts).
const latestAddress = sql`(
  select address_key(address) from endpoints where device_id = devices.id and until is null order by last_seen desc limit 1
)`;

/** The query behind `listDevices`. */
export const buildList = (filter: DeviceFilter): Compilable<DeviceRow> =>
  buildIds(filter).clearSelect().select(DEVICE_COLUMNS);

/** The same, for the ids alone. */
export function buildIds(filter: DeviceFilter) {
  return build
    .selectFrom('devices')
    .innerJoin('verdicts', 'verdicts.id', 'devices.verdict_id')
    .select('devices.id')
    .where('merged_into', 'is', null)
    .where((eb) => eb.and(conditionsOf(filter, eb)))
    .orderBy(severity)
    .orderBy('vendor', (order) => order.collate('nocase').asc().nullsLast())
    .orderBy('model', (order) => order.asc().nullsLast())
    .orderBy(latestAddress)
    .orderBy('devices.id')
    .limit(filter.limit ?? NO_LIMIT)
    .offset(filter.offset ?? 0);
}

function conditionsOf(
  { levels, vendor, kind, status, slaEligible, text }: DeviceFilter,
  eb: ExpressionBuilder<Tables, 'devices' | 'verdicts'>,
): Expression<SqlBool>[] {
  return [
    levels === undefined || levels.length === 0 ? null : eb('devices.level', 'in', levels),
    vendor === undefined ? null : sql<SqlBool>`vendor = ${vendor} collate nocase`,
    kind === undefined ? null : eb('kind', '=', kind),
    status === undefined ? null : eb('status', '=', status),
    slaEligible === undefined ? null : eb('devices.sla_eligible', '=', Number(slaEligible)),
    text === undefined ? null : matches(text),
  ].filter((condition) => condition !== null);
}

function matches(text: string): Expression<SqlBool> {
  const wanted = text.trim();
  // No LIKE: `%` and `_` are characters like any other here.
  return sql<SqlBool>`(
    instr(lower(concat_ws(' ', vendor, model, firmware, serial)), lower(${wanted})) > 0
    or exists (
      select 1 from identifiers
      where device_id in (select devices.id union all select part.id from devices as part where part.merged_into = devices.id)
        and identifiers.kind = 'mac' and instr(value, ${macDigits(wanted)}) > 0
    )
    or exists (
      select 1 from endpoints
      where device_id in (select devices.id union all select part.id from devices as part where part.merged_into = devices.id)
        and until is null and instr(lower(concat_ws(' ', address, user_agent)), lower(${wanted})) > 0
    )
  )`;
}

/** Pairs with colons or hyphens, groups of four with dots (and then no address is meant), or plain digits. */
const PART_OF_MAC =
  /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){1,5}[:-]?|[0-9a-f]{4}(?:\.[0-9a-f]{4}){1,2}|[0-9a-f]{4,12})$/i;

/** The digits of a MAC or of a part of one; null, which SQL finds nowhere, for a text that is none. */
export const macDigits = (text: string): string | null =>
  PART_OF_MAC.test(text) ? text.replace(/[^0-9a-f]/gi, '').toLowerCase() : null;
