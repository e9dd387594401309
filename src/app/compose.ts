import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFeed, type Feed } from '../engine/feed.ts';
import { createIntake, type Intake } from '../engine/intake.ts';
import type { Knowledge } from '../engine/knowledge.ts';
import type { SystemNet } from '../engine/scoped-net.ts';
import { AppError } from '../model/app-error.ts';
import { fileTrouble, readMigrations } from '../platform/files.ts';
import { openBroadcast } from '../platform/broadcast.ts';
import { httpGet } from '../platform/http-get.ts';
import { macBehindIPv6, systemLink } from '../platform/link.ts';
import { readNeighbours } from '../platform/neighbours.ts';
import { openStream } from '../platform/tcp.ts';
import { joinGroup, localAddressFor, openUdp } from '../platform/udp.ts';
import type { Database } from '../store/database.ts';
import { openDatabase, type OpenOptions } from '../store/open.ts';
import { MIGRATIONS } from './paths.ts';

/** The one place that builds things. */
export const systemNet: SystemNet = {
  openUdp,
  openStream,
  localAddressFor,
  joinGroup,
  openBroadcast,
  readNeighbours,
  httpGet,
  link: systemLink,
};

/** The data directory that holds: the one named, else the environment's, else ./data. */
export const dataDirOf = (named: string | undefined, environment: NodeJS.ProcessEnv): string =>
  named ?? environment['SIPCENSUS_DATA_DIR'] ?? environment['STATE_DIRECTORY'] ?? 'data';

/**
 * Opens the inventory in a data directory, which is made when it is missing. While it waits for another program's lock nothing else is
 * done: 5 s where `lockTimeoutMs` is not said. Throws AppError DATA_DIR or one of the store's.
 */
export function openInventory(dataDir: string, options: Pick<OpenOptions, 'lockTimeoutMs'> = {}): Database {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError('DATA_DIR', `The data directory ${dataDir} cannot be made: ${fileTrouble(error)}.`, {
      hint: 'Choose another with --data-dir.',
      cause: error,
    });
  }
  const file = join(dataDir, 'inventory.db');
  return openDatabase({ ...options, file, migrations: readMigrations(MIGRATIONS) });
}

/** SQLite's own name for a file that nobody sees and that is gone with the program: a sweep of a million addresses fits no memory. */
const UNSEEN_FILE = '';

/** An inventory that lives as long as the program. */
export const openTransientInventory = (): Database =>
  openDatabase({ file: UNSEEN_FILE, migrations: readMigrations(MIGRATIONS) });

export interface Pipeline {
  db: Database;
  feed: Feed;
  intake: Intake;
}

/** From a sighting to the store, with the rules and policy that `knowledge` hands out. */
export function createPipeline(
  db: Database,
  knowledge: () => Knowledge,
  macBehind = macBehindIPv6,
): Pipeline {
  const feed = createFeed();
  return { db, feed, intake: createIntake({ db, feed, knowledge, macBehind }) };
}
