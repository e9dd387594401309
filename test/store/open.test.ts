import BetterSqlite3 from 'better-sqlite3';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/model/app-error.ts';
import { listDevices, insertDevice } from '../../src/store/devices.ts';
import { openDatabase, refuseOldSqlite, type OpenOptions } from '../../src/store/open.ts';
import { device, MIGRATIONS, NO_REASONS } from './samples.ts';
import { appErrorOf, openStore, rows, tempFolder } from './support.ts';

const open = (file: string, change: Partial<OpenOptions> = {}) =>
  openDatabase({ file, migrations: MIGRATIONS, lockTimeoutMs: 50, ...change });

const PAGE_BYTES = 4096;

/** A database of ours with one device, closed. */
function writtenFile(folder: string): string {
  const file = join(folder, 'inventory.db');
  const db = open(file);
  insertDevice(db, device(), NO_REASONS);
  db.close();
  return file;
}

/** A connection of another program. */
function foreignConnection(file: string): BetterSqlite3.Database {
  const raw = new BetterSqlite3(file);
  onTestFinished(() => void raw.close());
  return raw;
}

describe('opening a database', () => {
  it('makes a new file with the schema, in WAL mode, with references enforced', () => {
    const db = openStore(join(tempFolder(), 'inventory.db'));
    expect(listDevices(db, {})).toEqual([]);
    expect(rows(db, 'pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(rows(db, 'pragma synchronous')).toEqual([{ synchronous: 1 }]);
    expect(rows(db, 'pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  });

  it('waits five seconds for a lock unless told otherwise', () => {
    const db = openDatabase({ file: ':memory:', migrations: MIGRATIONS });
    onTestFinished(() => db.close());
    expect(rows(db, 'pragma busy_timeout')).toEqual([{ timeout: 5000 }]);
  });

  it('finds again what was stored before', () => {
    expect(listDevices(openStore(writtenFile(tempFolder())), {})).toHaveLength(1);
  });

  it('reads a file without changing it when opened readonly', () => {
    const file = writtenFile(tempFolder());
    const before = readFileSync(file);
    const db = open(file, { readonly: true });
    expect(listDevices(db, {})).toHaveLength(1);
    expect(appErrorOf(() => insertDevice(db, device(), NO_REASONS))).toMatchObject({ code: 'DATABASE' });
    db.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a file of a newer version with words, and leaves it as it was', () => {
    const file = writtenFile(tempFolder());
    const raw = foreignConnection(file);
    raw.pragma('user_version = 7');
    raw.close();
    const before = readFileSync(file);
    const error = appErrorOf(() => open(file));
    expect(error.code).toBe('DATABASE_NEWER');
    expect(error.describe()).toContain(
      `${file} was written by a newer sipcensus (schema 7; this one knows 4)`,
    );
    expect(error.hint).toContain('Install that newer version');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    ['text', Buffer.from('vendor;model;level\n'.repeat(500))],
    ['a few bytes', Buffer.from('SQLite')],
    ['zeros', Buffer.alloc(8192)],
  ])('refuses a file of %s, which is no database, and leaves it as it was', (_what, bytes) => {
    const folder = tempFolder();
    const file = join(folder, 'inventory.db');
    writeFileSync(file, bytes);
    const error = appErrorOf(() => open(file));
    expect(error.code).toBe('DATABASE_CORRUPT');
    expect(error.message).toBe(`The database ${file} is not a database.`);
    expect(error.hint).toContain('Restore a backup');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['inventory.db']);
  });

  it('refuses a file that has lost pages at its end, at any place, and leaves the rest', () => {
    const file = writtenFile(tempFolder());
    const whole = readFileSync(file);
    const mostKept = whole.length - PAGE_BYTES;
    for (let part = 1; part <= 20; part++) {
      const length = Math.floor((mostKept * part) / 20);
      writeFileSync(file, whole.subarray(0, length));
      expect(appErrorOf(() => open(file)).code).toBe('DATABASE_CORRUPT');
      expect(readFileSync(file).equals(whole.subarray(0, length))).toBe(true);
    }
  });

  it('tells damage inside the file when it is met, and leaves it', () => {
    const file = writtenFile(tempFolder());
    const bytes = readFileSync(file);
    bytes.fill(0xff, 2 * PAGE_BYTES);
    writeFileSync(file, bytes);
    const error = appErrorOf(() => {
      const db = open(file);
      onTestFinished(() => db.close());
      listDevices(db, {});
    });
    expect(error.code).toBe('DATABASE_CORRUPT');
    expect(error.message).toBe(`The database ${file} is damaged.`);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('refuses the database of another program', () => {
    const file = join(tempFolder(), 'inventory.db');
    foreignConnection(file).exec('create table bookmarks (url text)');
    const error = appErrorOf(() => open(file));
    expect(error.code).toBe('DATABASE');
    expect(error.message).toContain('belongs to another program');
  });

  it('says that another program holds the lock', () => {
    const file = join(tempFolder(), 'inventory.db');
    foreignConnection(file).exec('begin exclusive');
    const error = appErrorOf(() => open(file));
    expect(error.code).toBe('DATABASE');
    expect(error.message).toBe(`The database ${file} is locked by another program.`);
    expect(error.hint).toContain('try again');
  });

  it('says what to do where the folder does not exist or the name is that of a folder', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'inventory.db'));
    for (const file of [join(folder, 'missing', 'inventory.db'), join(folder, 'inventory.db')]) {
      const error = appErrorOf(() => open(file));
      expect(error.code).toBe('DATABASE');
      expect(error.message).toBe(`The database ${file} cannot be opened.`);
      expect(error.hint).toContain('a folder that exists');
    }
  });

  it('opens an empty file, as a crash right after its making leaves it, as a new database', () => {
    const file = join(tempFolder(), 'inventory.db');
    writeFileSync(file, '');
    expect(listDevices(openStore(file), {})).toEqual([]);
  });
});

describe('the oldest SQLite', () => {
  it.each(['3.51.3', '3.52.0', '3.100.0', '4.0.0'])('takes %s', (version) => {
    expect(() => refuseOldSqlite(version)).not.toThrow();
  });
  it.each(['3.51.2', '3.9.9', '2.99.99'])('refuses %s', (version) => {
    expect(() => refuseOldSqlite(version)).toThrow(AppError);
  });
});
