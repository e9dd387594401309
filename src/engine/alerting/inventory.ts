import { subjectOf } from '../../model/alert.ts';
import type { SiteId } from '../../model/endpoint.ts';
import type { Database } from '../../store/database.ts';
import { deviceById } from '../../store/devices.ts';
import { countPhones } from '../../store/digests.ts';
import type { AlertedInventory } from './parts.ts';

/** The inventory of a site as alerts show it. */
export const alertedInventory = (db: Database, site: SiteId): AlertedInventory => ({
  subjectOf(id) {
    const device = deviceById(db, id);
    return device === null ? null : subjectOf(device);
  },
  fleet() {
    const byLevel = countPhones(db, site);
    return { phones: Object.values(byLevel).reduce((sum, count) => sum + count, 0), byLevel };
  },
});
