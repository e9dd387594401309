import { cleared } from '../inventory/standing.ts';
import type { Device } from '../model/device.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Database } from '../store/database.ts';
import { deviceById, devicesByAddress } from '../store/devices.ts';
import { conditionsOfKinds, type Condition } from '../store/findings.ts';
import type { Told } from './identities.ts';
import type { Newcomers } from './newcomers.ts';

/** A clash that has not shown for so long is over. */
const CALM_AFTER_MS = 24 * 3_600_000;

/** Ends the clashes that have not shown for a day, and the floods that are over. */
export function calmDown(
  { db, site, newcomers }: { db: Database; site: SiteId; newcomers: Newcomers },
  now: number,
): Told {
  return conditionsOfKinds(db, ['duplicate-mac', 'duplicate-address', 'spoof-suspected'])
    .filter((condition) => isOver(db, site, newcomers, condition, now))
    .map(({ device, kind, about }) => ({ device, findings: [cleared(now, kind, about)] }));
}

function isOver(
  db: Database,
  site: SiteId,
  newcomers: Newcomers,
  { kind, device, about }: Condition,
  now: number,
): boolean {
  if (device === null) return !newcomers.isCrowded(about, now);
  const who = deviceById(db, device);
  if (who === null) return true;
  const since = now - CALM_AFTER_MS;
  if (kind === 'duplicate-mac') return addressesSince(who, since).size < 2;
  if (kind === 'spoof-suspected') return !addressesSince(who, since).has(about ?? '');
  const place = about ?? '';
  const heard = devicesByAddress(db, site, place).filter((one) => addressesSince(one, since).has(place));
  return heard.length < 2;
}

/** Where a device was heard since then; IPv6 addresses, of which it may have many, are left out. */
const addressesSince = ({ endpoints }: Device, since: number): ReadonlySet<string> =>
  new Set(
    endpoints
      .filter(({ address, lastSeen }) => lastSeen > since && !address.includes(':'))
      .map(({ address }) => address),
  );
