import { createExclusions, type Exclusion, type Exclusions } from '../engine/exclusions.ts';
import { parseMac } from '../model/mac.ts';
import { systemClock } from '../platform/clock.ts';
import { localNetworks } from '../platform/interfaces.ts';
import { parseDailyHours } from '../model/daily-hours.ts';
import { parseAddress, parseTarget } from '../scope/network.ts';
import type { Database } from '../store/database.ts';
import { devicesByIds } from '../store/devices.ts';
import { devicesKnownBy } from '../store/identifiers.ts';
import { systemNet } from './compose.ts';
import type { ConfigFile } from './config-schema.ts';
import { isOfScope, type WrittenExclusion } from './exclusion.ts';

/** The exclusions that a scope alone cannot hold: by MAC address, or at some hours. They are free of trouble. */
export function exclusionsFor(
  written: readonly WrittenExclusion[],
  { site, db }: { site: Pick<ConfigFile['site'], 'id' | 'timezone'>; db: Database },
): Exclusions {
  return createExclusions({
    entries: written.filter((one) => !isOfScope(one)).map(toExclusion),
    timezone: site.timezone,
    clock: systemClock,
    link: systemNet.link,
    networks: localNetworks,
    addressesOf: (macs) =>
      new Set(
        macs
          .flatMap((value) => devicesByIds(db, devicesKnownBy(db, site.id, { kind: 'mac', value })))
          .flatMap(({ endpoints }) => endpoints.map(({ address }) => address)),
      ),
  });
}

function toExclusion({ network, mac, between, because }: WrittenExclusion): Exclusion {
  const hours = between === undefined ? null : parseDailyHours(between);
  const digits = mac === undefined ? null : parseMac(mac);
  return {
    because,
    ...(digits === null ? {} : { mac: digits }),
    ...(hours === null ? {} : { between: hours }),
    ...(network === undefined ? {} : { covers: covering(network) }),
  };
}

function covering(network: string): (address: string) => boolean {
  const target = parseTarget(network, true);
  if (!target.ok) return () => true;
  const { family, first, last } = target.value.range;
  return (text) => {
    const address = parseAddress(text);
    return address?.family === family && first <= address.value && address.value <= last;
  };
}
