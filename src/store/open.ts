import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../model/app-error.ts';
import { addressKey } from './address-key.ts';
import { createDatabase, type Database } from './database.ts';
import { migrate, type Migration } from './migrate.ts';
import { tellTrouble, troubleOfCode } from './trouble.ts';

/** Older ones can corrupt a database in WAL mode (release notes of SQLite 3.51.3). */
const OLDEST_SQLITE = '3.51.3';

export interface OpenOptions {
  /** A file in a folder that exists, or `:memory:`. */
  file: string;
  migrations: readonly Migration[];
  readonly?: boolean;
  /** How long to wait for another program's lock. */
  lockTimeoutMs?: number;
}

/**
 * Opens an inventory and brings its schema up to date; a file that does not exist is made, except readonly. Throws AppError
 * DATABASE, DATABASE_NEWER or DATABASE_CORRUPT, and leaves the file as it was.
 */
export function openDatabase(options: OpenOptions): Database {
  const { file, migrations } = options;
  return tellTrouble(file, () => {
    const raw = connect(options);
    try {
      refuseOldSqlite(raw.prepare('select sqlite_version()').pluck().get() as string);
      migrate(raw, file, migrations);
      if (!raw.readonly) raw.pragma('journal_mode = wal');
      // A power cut may take the last commits, never the soundness of the file.
      raw.pragma('synchronous = normal');
      raw.pragma('foreign_keys = on');
      raw.function('address_key', { deterministic: true }, addressKey);
      return createDatabase(raw, file);
    } catch (error) {
      raw.close();
      throw error;
    }
  });
}

function connect({ file, readonly = false, lockTimeoutMs = 5000 }: OpenOptions): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(file, { readonly, timeout: lockTimeoutMs });
  } catch (error) {
    // A folder that does not exist comes as a bare TypeError.
    throw error instanceof TypeError ? troubleOfCode(file, 'SQLITE_CANTOPEN', error) : error;
  }
}

/** Throws AppError DATABASE for a version of SQLite that is not to be trusted with an inventory. */
export function refuseOldSqlite(version: string): void {
  if (version.localeCompare(OLDEST_SQLITE, 'en', { numeric: true }) >= 0) return;
  throw new AppError(
    'DATABASE',
    `SQLite ${version} can corrupt databases; ${OLDEST_SQLITE} is the oldest to use.`,
    { hint: 'Install the packages that sipcensus comes with: npm ci.' },
  );
}
