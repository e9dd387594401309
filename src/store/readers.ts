import type { Database } from './database.ts';
import { build, prepare } from './query.ts';

const read = prepare(({ name }: { name: string }) =>
  build.selectFrom('readers').select('seq').where('name', '=', name),
);
const write = prepare((row: { name: string; seq: number }) =>
  build
    .insertInto('readers')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq: row.seq })),
);

/** The number of the last finding that a reader of the journal has read; 0 where it never has. */
export const cursorOf = (db: Database, name: string): number => db.first(read({ name }))?.seq ?? 0;

export function moveCursor(db: Database, name: string, seq: number): void {
  db.run(write({ name, seq }));
}
