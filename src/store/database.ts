import type BetterSqlite3 from 'better-sqlite3';
import type { Compilable } from 'kysely';
import { AppError } from '../model/app-error.ts';
import { tellTrouble } from './trouble.ts';

/**
 * An open database. Every call is done when it returns. What the machine refuses (locked, full, damaged) is thrown as an AppError
 * DATABASE or DATABASE_CORRUPT.
 */
export interface Database {
  all<R>(query: Compilable<R>): R[];
  first<R>(query: Compilable<R>): R | null;
  /** How many rows the query has changed. */
  run(query: Compilable): number;
  /** All of the work, or nothing of it when it throws. Inside another transaction it is a part of that one. */
  transaction<T>(work: () => T): T;
  /** Writes a consistent, compact copy into a file that must not exist yet, while others read and write. */
  vacuumInto(file: string): void;
  close(): void;
}

/** Wraps an open connection to `file`. */
export function createDatabase(raw: BetterSqlite3.Database, file: string): Database {
  // Our texts are few: values are parameters, and a list of values is one parameter as JSON.
  const statements = new Map<string, BetterSqlite3.Statement>();
  const ask = <T>(
    query: Compilable,
    work: (statement: BetterSqlite3.Statement, parameters: readonly unknown[]) => T,
  ): T =>
    tellTrouble(file, () => {
      const { sql, parameters } = query.compile();
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = raw.prepare(sql);
        statements.set(sql, statement);
      }
      return work(statement, parameters);
    });

  return {
    all: <R>(query: Compilable<R>) => ask(query, (statement, parameters) => statement.all(parameters) as R[]),
    first: <R>(query: Compilable<R>) =>
      ask(query, (statement, parameters) => (statement.get(parameters) as R | undefined) ?? null),
    run: (query) => ask(query, (statement, parameters) => statement.run(parameters).changes),
    transaction: (work) =>
      raw.inTransaction ? work() : tellTrouble(file, () => raw.transaction(work).immediate()),
    vacuumInto(copy) {
      try {
        raw.prepare('vacuum into ?').run(copy);
      } catch (error) {
        throw new AppError('DATABASE', `The database ${file} cannot be copied to ${copy}.`, {
          hint: 'The copy must be a new file in a folder that exists, with enough space.',
          cause: error,
        });
      }
    },
    close() {
      raw.close();
    },
  };
}

/** Runs an insert that returns the id of its row. */
export function insertRow(db: Database, query: Compilable<{ id: number }>): number {
  // By itself it would be committed when its statement is reset after the row, and a full disk would refuse that without a word.
  const row = db.transaction(() => db.first(query));
  if (row === null) throw new Error('an insert returned no id');
  return row.id;
}
