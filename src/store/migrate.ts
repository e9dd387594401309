import { createHash } from 'node:crypto';
import type BetterSqlite3 from 'better-sqlite3';
import type { AppError } from '../model/app-error.ts';
import { databaseError, troubleOf } from './trouble.ts';

/** One file of migrations/, by its name `0001-first-tables.sql`. */
export interface Migration {
  name: string;
  sql: string;
}

const MIGRATIONS_TABLE = `create table if not exists migrations (
  number integer primary key,
  name text not null,
  hash text not null
) strict`;

interface Step extends Migration {
  number: number;
  hash: string;
}

/**
 * Brings a database to the newest schema, each step in a transaction of its own, which fails whole or not at all. SQLite's
 * `user_version` is the number of the last step taken; the table `migrations` says which text that was. Throws AppError
 * DATABASE_NEWER or DATABASE, before anything is written, for a file that this program must not touch.
 */
export function migrate(raw: BetterSqlite3.Database, file: string, migrations: readonly Migration[]): void {
  const steps = inOrder(migrations);
  const version = versionOf(raw);
  const tables = tableNames(raw);
  if (tables.length > 0 && !tables.includes('migrations')) throw foreign(file);
  if (version > steps.length) throw newer(file, version, steps.length);
  const taken = steps.slice(0, version);
  const changed = taken.find((step) => !tables.includes('migrations') || !isRecorded(raw, step));
  if (changed !== undefined) throw otherText(file, changed);
  const waiting = steps.slice(version);
  if (waiting.length === 0) return;
  if (raw.readonly) throw older(file);
  // Tables may be rebuilt: references are off while that happens, and looked at as a whole before the commit.
  raw.pragma('foreign_keys = off');
  for (const step of waiting) take(raw, file, step);
}

function inOrder(migrations: readonly Migration[]): Step[] {
  const steps = migrations
    .map(({ name, sql }) => ({ name, sql, number: Number.parseInt(name, 10), hash: hashOf(sql) }))
    .sort((a, b) => a.number - b.number);
  const stray = steps.find((step, index) => step.number !== index + 1);
  if (stray !== undefined)
    throw new Error(`Migrations are numbered 0001, 0002, … without a gap; ${stray.name} is out of place.`);
  return steps;
}

const hashOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

const versionOf = (raw: BetterSqlite3.Database): number =>
  raw.pragma('user_version', { simple: true }) as number;

const tableNames = (raw: BetterSqlite3.Database): unknown[] =>
  raw.prepare("select name from sqlite_schema where type = 'table'").pluck().all();

const isRecorded = (raw: BetterSqlite3.Database, { number, name, hash }: Step): boolean =>
  raw
    .prepare('select 1 from migrations where number = ? and name = ? and hash = ?')
    .get(number, name, hash) !== undefined;

function take(raw: BetterSqlite3.Database, file: string, { number, name, sql, hash }: Step): void {
  const work = raw.transaction(() => {
    // Another process may have taken this step while we waited for the lock.
    if (versionOf(raw) >= number) return;
    raw.exec(MIGRATIONS_TABLE);
    raw.exec(sql);
    raw.prepare('insert into migrations (number, name, hash) values (?, ?, ?)').run(number, name, hash);
    const [dangling] = raw.pragma('foreign_key_check') as { table: string }[];
    if (dangling !== undefined) throw new Error(`${dangling.table} would refer to rows that do not exist`);
    raw.pragma(`user_version = ${number}`);
  });
  try {
    work.immediate();
  } catch (error) {
    throw troubleOf(file, error) ?? broken(file, name, error as Error);
  }
}

const foreign = (file: string): AppError =>
  databaseError(file, {
    code: 'DATABASE',
    what: 'belongs to another program',
    hint: 'It was left as it is. Choose another data directory.',
  });

const newer = (file: string, version: number, known: number): AppError =>
  databaseError(file, {
    code: 'DATABASE_NEWER',
    what: `was written by a newer sipcensus (schema ${version}; this one knows ${known})`,
    hint: 'It was left as it is. Install that newer version again, or restore a backup made by this one.',
  });

const older = (file: string): AppError =>
  databaseError(file, {
    code: 'DATABASE',
    what: 'was written by an older sipcensus',
    hint: 'Open it once for writing, such as with `sipcensus serve`: that brings it up to date.',
  });

const otherText = (file: string, { name }: Step): AppError =>
  databaseError(file, {
    code: 'DATABASE',
    what: `was made by another text of the migration ${name}`,
    hint: 'It was left as it is. A released migration never changes: install a release, or restore a backup.',
  });

const broken = (file: string, name: string, cause: Error): AppError =>
  databaseError(
    file,
    {
      code: 'DATABASE',
      what: `cannot be brought up to date by ${name} (${cause.message})`,
      hint: 'Nothing was changed: the version that wrote it still works. Please report this.',
    },
    cause,
  );
