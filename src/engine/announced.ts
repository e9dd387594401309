import type { Device } from '../model/device.ts';
import type { Database } from '../store/database.ts';
import { latestSightings } from '../store/sightings.ts';

/** The IPv6 addresses that devices have given as their own over mDNS. */
export const announcedAddresses = (db: Database, devices: readonly Device[]): string[] =>
  devices
    .filter(({ endpoints }) => endpoints.some(({ channels }) => channels.includes('mdns')))
    .flatMap(({ id }) => latestSightings(db, id))
    .flatMap(({ facts }) => facts.filter(({ field }) => field === 'mdns.address'))
    .map(({ value }) => value);
