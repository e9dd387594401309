import type { Device, DeviceEndpoint, DeviceId } from '../model/device.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Database } from './database.ts';
import { toDeviceId, toRow } from './device-id.ts';
import { filterAndSort } from './device-filter.ts';
import type { DeviceFilter } from './device-list.ts';
import { toIdentity } from './device-rows.ts';
import { build, prepare } from './query.ts';
import type { Row } from './schema.ts';
import { toVerdict, VERDICT_COLUMNS } from './verdicts.ts';

/** What held at a moment, as it was known at another; milliseconds since the epoch. */
export interface Moment {
  at: number;
  knownAt: number;
}

/** The version of each device that was the last one recorded by then. */
const versionsAt = prepare(({ at, knownAt }: Moment) =>
  build
    .selectFrom('versions')
    .innerJoin('devices', 'devices.id', 'versions.device_id')
    .select(['device_id', 'versions.last_seen', 'seen_until', 'versions.verdict_id', 'versions.merged_into'])
    .select(['versions.vendor', 'versions.family', 'versions.model', 'versions.firmware', 'versions.kind'])
    .select(['versions.mac', 'versions.serial', 'versions.confidence', 'versions.status'])
    .select(['versions.solicited', 'versions.first_seen'])
    .select(['devices.site', 'devices.last_seen as heard_last'])
    .where((eb) =>
      eb(
        'versions.id',
        'in',
        eb
          .selectFrom('versions as known')
          .select((select) => select.fn.max('known.id').as('id'))
          .where('known.recorded_at', '<=', knownAt)
          .where('known.valid_from', '<=', at)
          .groupBy('known.device_id'),
      ),
    ),
);
const verdicts = prepare(() => build.selectFrom('verdicts').select(['id', ...VERDICT_COLUMNS]));

/** All that was heard by then at the places that were still the device's own, as it was known. */
const heardBy = prepare(({ at, knownAt }: Moment) =>
  build
    .selectFrom('sightings')
    .innerJoin('endpoints', 'endpoints.id', 'sightings.endpoint_id')
    .select(['endpoint_id', 'endpoints.device_id', 'address', 'port', 'transport', 'first_seen'])
    .select(['channel', 'sightings.solicited', 'sightings.user_agent', 'sightings.server'])
    .select(['sightings.sip_status', 'first_at', 'last_at'])
    .where('first_at', '<=', at)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', knownAt)])),
);

type VersionRow = Pick<Row<'devices'>, 'site'> & { heard_last: number } & Omit<
    Row<'versions'>,
    'id' | 'valid_from' | 'valid_to' | 'recorded_at' | 'cause' | 'sighting_id'
  >;

/** The fleet as it was known then: the devices that pass the filter, in the order of `listDevices`. */
export function devicesAsOf(db: Database, moment: Moment, filter: DeviceFilter): Device[] {
  const said = new Map(db.all(verdicts({})).map(({ id, ...row }) => [id, toVerdict(row)]));
  const versions: VersionRow[] = db.all(versionsAt(moment));
  const endpoints = endpointsAt(db, moment, versions);
  const devices: Device[] = [];
  for (const row of versions)
    if (row.merged_into === null)
      devices.push(toDeviceAt(row, said.get(row.verdict_id), endpoints.get(row.device_id) ?? [], moment.at));
  return filterAndSort(devices, filter);
}

interface PlaceAt extends DeviceEndpoint {
  channels: string[];
}

const RANK_STEP = 1e14;

/** Of what was said at a place: what answered us before what was overheard, a name before none, the later before the earlier. */
const rankOf = ({ solicited, user_agent, first_at }: HeardRow): number =>
  (solicited * 2 + Number(user_agent !== null)) * RANK_STEP + first_at;

/** Where each device was heard by then, and what it last said there. */
function endpointsAt(db: Database, moment: Moment, versions: readonly VersionRow[]): Map<number, PlaceAt[]> {
  const wholes = new Map<number, number>();
  for (const { device_id, merged_into } of versions)
    if (merged_into !== null) wholes.set(device_id, merged_into);
  const places = new Map<number, { place: PlaceAt; rank: number }>();
  const ofDevice = new Map<number, PlaceAt[]>();
  for (const row of db.all(heardBy(moment))) {
    const known = places.get(row.endpoint_id);
    if (known !== undefined) {
      known.rank = hearMore(known, row, moment.at);
      continue;
    }
    const place = toPlace(row, moment.at);
    places.set(row.endpoint_id, { place, rank: rankOf(row) });
    const owner = wholes.get(row.device_id) ?? row.device_id;
    const own = ofDevice.get(owner);
    if (own === undefined) ofDevice.set(owner, [place]);
    else own.push(place);
  }
  return ofDevice;
}

interface HeardRow {
  address: string;
  port: number;
  transport: DeviceEndpoint['transport'];
  first_seen: number;
  channel: string;
  solicited: number;
  user_agent: string | null;
  server: string | null;
  sip_status: number | null;
  first_at: number;
  last_at: number;
}

const toPlace = (row: HeardRow, at: number): PlaceAt => ({
  address: row.address,
  port: row.port,
  transport: row.transport,
  userAgent: row.user_agent,
  server: row.server,
  sipStatus: row.sip_status,
  solicited: row.solicited === 1,
  channels: [row.channel],
  firstSeen: row.first_seen,
  lastSeen: Math.min(row.last_at, at),
});

/** Adds another sighting to a place, and returns the rank of what it says now. */
function hearMore({ place, rank }: { place: PlaceAt; rank: number }, row: HeardRow, at: number): number {
  place.lastSeen = Math.max(place.lastSeen, Math.min(row.last_at, at));
  place.solicited ||= row.solicited === 1;
  if (!place.channels.includes(row.channel)) place.channels.push(row.channel);
  const better = rankOf(row);
  if (better <= rank) return rank;
  place.userAgent = row.user_agent;
  place.server = row.server;
  place.sipStatus = row.sip_status;
  return better;
}

/** One device as it was known then; null for one that was not known, or was a part of another by then. */
export const deviceAsOf = (db: Database, moment: Moment, id: DeviceId): Device | null =>
  devicesAsOf(db, moment, {}).find((device) => toRow(device.id) === toRow(id)) ?? null;

const UNKNOWN: Verdict = {
  level: 'basic',
  clause: null,
  because: { en: '', nl: '' },
  caveats: [],
  slaEligible: false,
};

function toDeviceAt(row: VersionRow, verdict: Verdict = UNKNOWN, endpoints: PlaceAt[], at: number): Device {
  // While it was present it was heard again and again: the moment asked for is as close as is known.
  const lastSeen = row.status === 'present' ? Math.min(at, row.seen_until ?? row.heard_last) : row.last_seen;
  for (const place of endpoints) place.lastSeen = Math.min(place.lastSeen, lastSeen);
  return {
    id: toDeviceId(row.device_id),
    site: row.site,
    identity: toIdentity(row),
    confidence: row.confidence,
    verdict,
    status: row.status,
    solicited: row.solicited === 1,
    firstSeen: row.first_seen,
    lastSeen,
    endpoints: endpoints.length < 2 ? endpoints : endpoints.sort((a, b) => b.lastSeen - a.lastSeen),
  };
}
