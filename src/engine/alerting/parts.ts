import type { ConfiguredSink } from '../../alerts/route.ts';
import type { AlertSettings } from '../../alerts/settings.ts';
import type { AlertSubject, SiteFigures } from '../../model/alert.ts';
import type { DeviceId } from '../../model/device.ts';
import type { Site } from '../../model/site.ts';
import type { Clock, Log } from '../../platform/ports.ts';
import type { Database } from '../../store/database.ts';
import type { Feed } from '../feed.ts';
import type { Storage } from '../storage.ts';

/** What alerting asks of the inventory. */
export interface AlertedInventory {
  /** A device as an alert shows it; null where there is none. */
  subjectOf(device: DeviceId): AlertSubject | null;
  /** How many phones there are now, for a digest. */
  fleet(): Pick<SiteFigures, 'phones' | 'byLevel'>;
}

export interface AlertingParts {
  db: Database;
  /** Where it is missing, the journal is looked at once a minute. */
  feed?: Pick<Feed, 'subscribe'>;
  clock: Clock;
  log: Log;
  /** Shared with all that writes, so that a refusal is told once; where it is missing, alerting tells its own. */
  storage?: Pick<Storage, 'attempt'>;
  site: Site;
  settings: AlertSettings;
  sinks: readonly ConfiguredSink[];
  /** Where people read on; null where it is not known. */
  link: string | null;
  inventory: AlertedInventory;
  /** 0..1; spreads the attempts of many sites. */
  random?: () => number;
}

/** The name under which the place in the journal is kept. */
export const READER = 'alerts';
