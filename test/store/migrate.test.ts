import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import type { Migration } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { appErrorOf, rows, tempFolder } from './support.ts';

const FIRST = { name: '0001-people.sql', sql: 'create table people (id integer primary key, name text);' };
const SECOND = {
  name: '0002-pets.sql',
  sql: `create table pets (id integer primary key, owner_id integer references people (id));
    insert into people (name) values ('Anna');`,
};

const newFile = (): string => join(tempFolder(), 'test.db');

/** Opens, looks, closes. */
function look<T>(file: string, migrations: readonly Migration[], see: (db: Database) => T): T {
  const db = openDatabase({ file, migrations });
  try {
    return see(db);
  } finally {
    db.close();
  }
}

const tables = (db: Database): unknown[] =>
  rows(db, "select name from sqlite_schema where type = 'table' order by name").map(({ name }) => name);
const version = (db: Database): unknown => rows(db, 'pragma user_version')[0]?.['user_version'];

describe('migrations', () => {
  it('are taken in the order of their numbers, and each once', () => {
    const file = newFile();
    for (let time = 1; time <= 2; time++)
      look(file, [SECOND, FIRST], (db) => {
        expect(tables(db)).toEqual(['migrations', 'people', 'pets']);
        expect(version(db)).toBe(2);
        expect(rows(db, 'select name from people')).toEqual([{ name: 'Anna' }]);
        expect(rows(db, 'select number, name from migrations')).toEqual([
          { number: 1, name: FIRST.name },
          { number: 2, name: SECOND.name },
        ]);
      });
  });

  it('bring an older file up to date and keep its rows', () => {
    const file = newFile();
    look(file, [FIRST], (db) => rows(db, "insert into people (name) values ('Bert') returning id"));
    look(file, [FIRST, SECOND], (db) =>
      expect(rows(db, 'select name from people')).toEqual([{ name: 'Bert' }, { name: 'Anna' }]),
    );
  });

  it.each([
    ['its SQL fails', 'nonsense;'],
    ['a constraint fails', 'insert into people (id) values (1), (1);'],
    ['a reference would dangle', 'insert into pets (owner_id) values (99);'],
  ])('roll back whole, tables and rows, when %s', (_what, last) => {
    const file = newFile();
    look(file, [FIRST], () => undefined);
    const broken = { name: SECOND.name, sql: `${SECOND.sql} drop table people; ${FIRST.sql} ${last}` };
    const error = appErrorOf(() => look(file, [FIRST, broken], () => undefined));
    expect(error.code).toBe('DATABASE');
    expect(error.message).toContain(`${file} cannot be brought up to date by ${SECOND.name}`);
    expect(error.hint).toContain('Nothing was changed');
    look(file, [FIRST], (db) => {
      expect(tables(db)).toEqual(['migrations', 'people']);
      expect(version(db)).toBe(1);
      expect(rows(db, 'select * from people')).toEqual([]);
    });
  });

  it('leave an empty database when the first one fails', () => {
    const file = newFile();
    const broken = { ...FIRST, sql: `${FIRST.sql} nonsense;` };
    expect(appErrorOf(() => look(file, [broken], () => undefined)).code).toBe('DATABASE');
    look(file, [FIRST], (db) => expect(tables(db)).toEqual(['migrations', 'people']));
  });

  it('may rebuild a table that others refer to', () => {
    const file = newFile();
    look(file, [FIRST, SECOND], (db) => rows(db, 'insert into pets (owner_id) values (1) returning id'));
    const rebuild = {
      name: '0003-longer-names.sql',
      sql: `create table people_new (id integer primary key, name text not null);
        insert into people_new select * from people;
        drop table people;
        alter table people_new rename to people;`,
    };
    look(file, [FIRST, SECOND, rebuild], (db) => {
      expect(rows(db, 'select owner_id from pets')).toEqual([{ owner_id: 1 }]);
      expect(rows(db, 'pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    });
  });

  it.each([
    ['text', { ...FIRST, sql: `${FIRST.sql} -- edited` }],
    ['name', { ...FIRST, name: '0001-persons.sql' }],
  ])('refuse a file that was made by another %s of one', (_what, edited) => {
    const file = newFile();
    look(file, [FIRST], () => undefined);
    const error = appErrorOf(() => look(file, [edited, SECOND], () => undefined));
    expect(error.code).toBe('DATABASE');
    expect(error.message).toContain(`another text of the migration ${edited.name}`);
    look(file, [FIRST], (db) => expect(tables(db)).toEqual(['migrations', 'people']));
  });

  it('are not taken through a connection that may only read', () => {
    const file = newFile();
    look(file, [FIRST], () => undefined);
    const error = appErrorOf(() => openDatabase({ file, migrations: [FIRST, SECOND], readonly: true }));
    expect(error.message).toContain('was written by an older sipcensus');
  });

  it.each([
    ['a gap', [FIRST, { ...SECOND, name: '0003-pets.sql' }]],
    ['a number twice', [FIRST, { ...SECOND, name: '0001-pets.sql' }]],
    ['no number', [{ ...FIRST, name: 'people.sql' }]],
  ])('are a fault of ours with %s in their numbers', (_what, migrations) => {
    expect(() => openDatabase({ file: ':memory:', migrations })).toThrow('out of place');
  });
});
