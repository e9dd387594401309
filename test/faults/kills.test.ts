import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../../src/model/finding.ts';
import type { Database } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { MIGRATIONS } from '../store/samples.ts';
import { rows } from '../store/support.ts';
import { folderOfTest } from './daemon.ts';

const WRITER = fileURLToPath(new URL('intake-writer.ts', import.meta.url));

/** As many as quality.md asks for with SIPCENSUS_KILLS=200: that takes some minutes. */
const KILLS = Number(process.env['SIPCENSUS_KILLS'] ?? 25);
const MOST_MS = 800;
/** Starting the program, which loads its rules from the source and opens the database that was killed under it. */
const START_WITHIN_MS = 5000;

/** Lets a process take in sightings from `from` on, kills it at some moment after it has started, and returns the last it acknowledged. */
async function takeInUntilKilled(
  file: string,
  from: number,
): Promise<{ acknowledged: number; startMs: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [WRITER, file, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let startMs = Infinity;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') {
      startMs = performance.now() - began;
      setTimeout(() => child.kill('SIGKILL'), Math.random() * MOST_MS);
    }
    output += text;
  });
  expect(await ended).toEqual([null, 'SIGKILL']);
  // What follows the last end of a line was not said to its end.
  const lines = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return { acknowledged: Math.max(from, Number(lines.at(-1)) || from), startMs };
}

/** How many sightings are stored, told apart or not. */
const heardIn = (db: Database): number =>
  Number(rows(db, 'select coalesce(sum(times), 0) as n from sightings')[0]?.['n']);

/** The conditions that the journal makes, read from its beginning. */
function conditionsByJournal(db: Database): string[] {
  const held = new Set<string>();
  for (const row of rows(db, 'select kind, device_id, about, state from findings order by seq')) {
    const key = JSON.stringify([row['kind'], row['device_id'], row['about']]);
    if (!FINDINGS[row['kind'] as keyof typeof FINDINGS].lasts) continue;
    if (row['state'] === 'raised') held.add(key);
    else held.delete(key);
  }
  return [...held].sort();
}

function expectSound(db: Database): void {
  expect(rows(db, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(rows(db, 'pragma foreign_key_check')).toEqual([]);
  expect(rows(db, 'select coalesce(max(seq), 0) - count(*) as gaps from findings')).toEqual([{ gaps: 0 }]);
  const conditions = rows(db, 'select kind, device_id, about from conditions').map((row) =>
    JSON.stringify([row['kind'], row['device_id'], row['about']]),
  );
  expect(conditions.sort()).toEqual(conditionsByJournal(db));
  // Each record that is one of its own has exactly one version that holds.
  expect(
    rows(
      db,
      'select id from devices where merged_into is null and 1 != (select count(*) from versions where device_id = devices.id and valid_to is null)',
    ),
  ).toEqual([]);
}

describe('an inventory under 500 sightings a second', () => {
  it(
    `is sound, complete and open again within 5 s after each of ${KILLS} kills`,
    { timeout: 60_000 + KILLS * 10_000 },
    async ({ onTestFinished }) => {
      const file = join(folderOfTest(onTestFinished), 'inventory.db');
      let from = 0;
      let slowest = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const { acknowledged, startMs } = await takeInUntilKilled(file, from);
        slowest = Math.max(slowest, startMs);
        const db = openDatabase({ file, migrations: MIGRATIONS });
        try {
          expectSound(db);
          const heard = heardIn(db);
          expect(heard).toBeGreaterThanOrEqual(acknowledged);
          from = heard;
        } finally {
          db.close();
        }
      }
      expect(slowest).toBeLessThan(START_WITHIN_MS);
      const db = openDatabase({ file, migrations: MIGRATIONS });
      onTestFinished(() => db.close());
      // What was tested was a site that lives.
      for (const table of ['findings', 'versions', 'identity_acts', 'conditions'])
        expect(rows(db, `select 1 from ${table}`).length, table).toBeGreaterThan(0);
    },
  );
});
