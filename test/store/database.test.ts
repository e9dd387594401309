import BetterSqlite3 from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { insertDevice, listDevices } from '../../src/store/devices.ts';
import { device, NO_REASONS } from './samples.ts';
import { appErrorOf, openStore, rows, tempFolder } from './support.ts';

describe('a transaction', () => {
  it('keeps all of its work, and returns what the work returns', () => {
    const db = openStore();
    expect(db.transaction(() => insertDevice(db, device(), NO_REASONS))).toBe('d1');
    expect(listDevices(db, {})).toHaveLength(1);
  });

  it('keeps nothing when the work throws, and the next one runs', () => {
    const db = openStore();
    const failing = () =>
      db.transaction(() => {
        insertDevice(db, device(), NO_REASONS);
        throw new Error('changed my mind');
      });
    expect(failing).toThrow('changed my mind');
    expect(listDevices(db, {})).toEqual([]);
    db.transaction(() => insertDevice(db, device(), NO_REASONS));
    expect(listDevices(db, {})).toHaveLength(1);
  });

  it('inside another is a part of that one', () => {
    const db = openStore();
    const failing = () =>
      db.transaction(() => {
        db.transaction(() => insertDevice(db, device(), NO_REASONS));
        throw new Error('changed my mind');
      });
    expect(failing).toThrow('changed my mind');
    expect(listDevices(db, {})).toEqual([]);
  });
});

describe('what the machine refuses', () => {
  it('is told as a lock when another program is writing, and works again afterwards', () => {
    const file = join(tempFolder(), 'inventory.db');
    const db = openStore(file);
    const other = new BetterSqlite3(file);
    onTestFinished(() => void other.close());
    other.exec('begin immediate');
    const error = appErrorOf(() => db.transaction(() => insertDevice(db, device(), NO_REASONS)));
    expect(error.code).toBe('DATABASE');
    expect(error.message).toBe(`The database ${file} is locked by another program.`);
    expect(listDevices(db, {})).toEqual([]);
    other.exec('rollback');
    db.transaction(() => insertDevice(db, device(), NO_REASONS));
    expect(listDevices(db, {})).toHaveLength(1);
  });

  it('is told as a full disk when the file cannot grow; what was stored before is kept', () => {
    const db = openStore();
    insertDevice(db, device(), NO_REASONS);
    rows(db, 'pragma max_page_count = 1');
    const fill = () => {
      for (let n = 0; n < 1000; n++) insertDevice(db, device(), NO_REASONS);
    };
    const error = appErrorOf(() => db.transaction(fill));
    expect(error.message).toContain('the disk is full');
    expect(listDevices(db, {})).toHaveLength(1);
  });

  it('passes a fault of our own SQL as it is', () => {
    expect(() => rows(openStore(), 'select nonsense')).toThrow(BetterSqlite3.SqliteError);
  });
});

describe('a copy', () => {
  it('has everything that was committed, and opens by itself', () => {
    const folder = tempFolder();
    const db = openStore(join(folder, 'inventory.db'));
    insertDevice(db, device(), NO_REASONS);
    db.vacuumInto(join(folder, 'copy.db'));
    insertDevice(db, device(), NO_REASONS);
    expect(listDevices(openStore(join(folder, 'copy.db')), {})).toHaveLength(1);
  });

  it('never replaces a file', () => {
    const folder = tempFolder();
    const copy = join(folder, 'copy.db');
    writeFileSync(copy, 'precious');
    const error = appErrorOf(() => openStore(join(folder, 'inventory.db')).vacuumInto(copy));
    expect(error.code).toBe('DATABASE');
    expect(error.message).toContain(copy);
  });
});
