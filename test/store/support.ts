import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { onTestFinished } from 'vitest';
import { AppError } from '../../src/model/app-error.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { MIGRATIONS } from './samples.ts';

/** A folder of its own, removed when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Opens (or makes) a database with the real schema, closed when the test ends. */
export function openStore(file = ':memory:'): Database {
  const db = openDatabase({ file, migrations: MIGRATIONS, lockTimeoutMs: 50 });
  onTestFinished(() => db.close());
  return db;
}

/** Any SQL, for looking at what the store's functions do not show. */
export const rows = (db: Database, sql: string, ...parameters: unknown[]): Record<string, unknown>[] =>
  db.all({ compile: () => CompiledQuery.raw(sql, parameters) as CompiledQuery<Record<string, unknown>> });

/** The AppError that the work throws. */
export function appErrorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
