import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/open.ts';
import { MIGRATIONS } from './samples.ts';
import { rows, tempFolder } from './support.ts';

const WRITER = fileURLToPath(new URL('crash-writer.ts', import.meta.url));
const KILLS = 20;

/** Lets a process write, kills it `afterMs` after it has acknowledged something, and returns the last number that it did. */
async function writeUntilKilled(file: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    output += text;
  });
  expect(await ended).toEqual([null, 'SIGKILL']);
  const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return Number(acknowledged.at(-1));
}

it(
  'a database is sound and has everything acknowledged after each of 20 kills while it is written',
  { timeout: 240_000 },
  async () => {
    const file = join(tempFolder(), 'inventory.db');
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await writeUntilKilled(file, Math.random() * 40);
      const db = openDatabase({ file, migrations: MIGRATIONS });
      try {
        expect(rows(db, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
        expect(rows(db, 'pragma foreign_key_check')).toEqual([]);
        const [stored] = rows(db, 'select max(seq) as seq, count(*) as findings from findings');
        expect(stored?.['seq']).toBeGreaterThanOrEqual(acknowledged);
        for (const table of ['devices', 'endpoints', 'sightings', 'findings'])
          expect(rows(db, `select count(*) as n from ${table}`)).toEqual([{ n: stored?.['seq'] }]);
      } finally {
        db.close();
      }
    }
  },
);
