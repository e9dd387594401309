import BetterSqlite3 from 'better-sqlite3';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  folderOfTest,
  pause,
  phonesOn,
  startDaemon,
  sweeping,
  until,
  type Daemon,
  type Finally,
} from './daemon.ts';
import { TROUBLES, type Place, type Trouble } from './troubles.ts';

/** Asks as the dashboard does, all the while; returns the slowest answer in milliseconds. */
async function readFor(daemon: Daemon, ms: number): Promise<number> {
  let slowest = 0;
  for (const endAt = performance.now() + ms; performance.now() < endAt;) {
    for (const path of ['/healthz', '/api/v1/devices', '/api/v1/status']) {
      const answer = await daemon.get(path);
      expect(answer.status).toBe(200);
      slowest = Math.max(slowest, answer.ms);
    }
    await pause(250);
  }
  return slowest;
}

async function begun({ name, network, around }: Trouble, atEnd: Finally): Promise<Place> {
  const folder = folderOfTest(atEnd);
  await phonesOn(network, 20, atEnd);
  const daemon = await startDaemon({
    folder,
    config: sweeping(network, { schedule: '*/15 * * * * *', rate: 40 }),
    ...(around === undefined ? {} : { around, isolated: true }),
    atEnd,
  });
  // The first sweep, of which much is still to be written.
  await until(
    `a sweep is under way before it ${name}`,
    async () => (await daemon.sweeps())[0]!.answered >= 5,
    40_000,
  );
  const data = `/proc/${daemon.pid}/root${join(folder, 'data')}`;
  return { daemon, data, database: join(data, 'inventory.db') };
}

/** What a copy of the files of this moment says to each question: as after a power cut, nothing of them is asked for that is not written. */
function inCopy({ daemon, data }: Place, questions: readonly string[]): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-faults-'));
  const copy = join(folder, 'inventory.db');
  try {
    daemon.kill('SIGSTOP');
    for (const suffix of ['', '-wal']) copyFileSync(join(data, `inventory.db${suffix}`), copy + suffix);
    daemon.kill('SIGCONT');
    const db = new BetterSqlite3(copy);
    const answers = questions.map((sql) => db.prepare(sql).pluck().all());
    db.close();
    return answers;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a daemon whose database', () => {
  for (const trouble of TROUBLES)
    it.skipIf(trouble.whyNot !== null).concurrent(
      `${trouble.name} stays up, tells it once, and goes on by itself${because(trouble)}`,
      { timeout: 170_000 },
      async ({ onTestFinished }) => {
        const place = await begun(trouble, onTestFinished);
        const { daemon } = place;
        const end = trouble.begin(place);
        const began = Date.now();
        try {
          await until('the status tells', async () => (await daemon.status()).storage !== null, 15_000);
          expect((await daemon.status()).storage).toMatch(trouble.tells);
          expect(await daemon.post('/api/v1/silences', SILENCE)).toBe(503);
          expect(await daemon.post('/api/v1/sweeps', {})).toBeOneOf([202, 200, 503]);
          expect(await readFor(daemon, trouble.lastsMs - (Date.now() - began))).toBeLessThan(3000);
        } finally {
          end();
        }
        const freed = Date.now();
        const tells = async () =>
          (await daemon.journal('discovery-impaired')).filter(({ about }) => about === 'storage');
        await until('the journal tells it, and its end', async () => (await tells()).length >= 2, 60_000);
        await until(
          'a sweep goes on',
          async () =>
            (await daemon.sweeps()).some(
              ({ state, startedAt }) => state === 'done' && Date.parse(startedAt) > freed,
            ),
          60_000 - (Date.now() - freed),
        );
        expect(daemon.isAlive()).toBe(true);
        expect((await daemon.status()).storage).toBeNull();
        expect((await tells()).map(({ state }) => state)).toEqual(['raised', 'cleared']);
        const complaints = daemon
          .log()
          .filter(({ level, msg }) => Number(level) >= 40 && msg !== 'api.failed');
        expect(complaints.map(({ msg }) => msg)).toEqual(['storage.refused']);
        await until(
          'every sweep is done',
          async () => (await daemon.sweeps()).every(({ state }) => state === 'done'),
          20_000,
        );
        await pause(1000);
        const [integrity, foreignKeys, lost] = inCopy(place, QUESTIONS);
        expect([integrity, foreignKeys, lost]).toEqual([['ok'], [], [0]]);
        daemon.kill('SIGTERM');
        expect(await daemon.ended).toEqual({ code: 0, signal: null });
      },
    );
});

const because = ({ whyNot }: Trouble): string => (whyNot === null ? '' : ` (left out: it ${whyNot})`);

const QUESTIONS = [
  'pragma integrity_check',
  'pragma foreign_key_check',
  // Every answer that a sweep counted is stored, also those that came in the trouble.
  'select (select sum(answered) from sweeps) - (select sum(times) from sightings)',
];

const SILENCE = {
  matchers: { kind: 'appeared' },
  author: 'test',
  reason: 'to write something',
  until: new Date(Date.now() + 3_600_000).toISOString(),
};
