import type { Database } from './database.ts';
import { build, prepare } from './query.ts';

const read = prepare(({ key }: { key: string }) =>
  build.selectFrom('settings').select('value').where('key', '=', key),
);
const write = prepare((row: { key: string; value: string }) =>
  build
    .insertInto('settings')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value })),
);

/** What the program has noted for itself under a key; null when it never has. */
export const settingOf = (db: Database, key: string): string | null => db.first(read({ key }))?.value ?? null;

export function saveSetting(db: Database, key: string, value: string): void {
  db.run(write({ key, value }));
}
