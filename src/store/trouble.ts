import BetterSqlite3 from 'better-sqlite3';
import { AppError, type ErrorCode } from '../model/app-error.ts';

interface Trouble {
  code: ErrorCode;
  /** What is wrong, after the name of the file. */
  what: string;
  hint: string;
}

const MOVE_OR_RESTORE =
  'It was left as it is. Restore a backup, or move the file away to begin with an empty inventory.';

/** SQLite's primary result codes that come from the machine and not from us. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  SQLITE_BUSY: {
    code: 'DATABASE',
    what: 'is locked by another program',
    hint: 'Another sipcensus, or a program that has the file open, is writing to it: end that one, or try again when it is done.',
  },
  SQLITE_CANTOPEN: {
    code: 'DATABASE',
    what: 'cannot be opened',
    hint: 'It must be a file in a folder that exists, and this user must be allowed to read and write both.',
  },
  SQLITE_PERM: {
    code: 'DATABASE',
    what: 'cannot be opened: no permission',
    hint: 'This user must be allowed to read and write the file and its folder.',
  },
  SQLITE_READONLY: {
    code: 'DATABASE',
    what: 'cannot be written',
    hint: 'This user must be allowed to write the file and its folder, and the file system must not be read-only.',
  },
  SQLITE_FULL: {
    code: 'DATABASE',
    what: 'cannot grow: the disk is full',
    hint: 'Free some space on that disk. What was stored before is kept.',
  },
  SQLITE_IOERR: {
    code: 'DATABASE',
    what: 'cannot be read or written: the disk reports an error',
    hint: 'Check the disk, its free space and its limits. What was stored before is kept.',
  },
  SQLITE_NOTADB: { code: 'DATABASE_CORRUPT', what: 'is not a database', hint: MOVE_OR_RESTORE },
  SQLITE_CORRUPT: { code: 'DATABASE_CORRUPT', what: 'is damaged', hint: MOVE_OR_RESTORE },
};

/** Runs `work` on the database `file`, and tells what the machine refuses as an AppError. Faults of our own SQL pass as they are. */
export function tellTrouble<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw troubleOf(file, error) ?? error;
  }
}

/** What the machine refused, in words; null for anything else. */
export const troubleOf = (file: string, error: unknown): AppError | null =>
  error instanceof BetterSqlite3.SqliteError ? troubleOfCode(file, error.code, error) : null;

/** As `troubleOf`, for a code of SQLite such as `SQLITE_IOERR_FSYNC`, which is an extended code of `SQLITE_IOERR`. */
export function troubleOfCode(file: string, code: string, cause: Error): AppError | null {
  const trouble = TROUBLES[code.split('_', 2).join('_')];
  return trouble === undefined ? null : databaseError(file, trouble, cause);
}

/** `The database FILE is locked by another program.` with what to do. */
export const databaseError = (file: string, { code, what, hint }: Trouble, cause?: unknown): AppError =>
  new AppError(code, `The database ${file} ${what}.`, { hint, cause });
