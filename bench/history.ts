import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPipeline, openInventory } from '../src/app/compose.ts';
import { loadKnowledge } from '../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../src/app/paths.ts';
import { judgePresence, quietDevices } from '../src/engine/presence.ts';
import { PATIENCES } from '../src/inventory/presence.ts';
import type { Sighting } from '../src/model/sighting.ts';
import { devicesAsOf } from '../src/store/as-of.ts';
import { listDevices } from '../src/store/devices.ts';
import { startSweepRow } from '../src/store/sweeps.ts';
import { beginWatch, extendWatch, recordJudgement } from '../src/store/watches.ts';

/** `node bench/history.ts [devices] [days]`: a fleet over time, through the real intake into a file. */
const DEVICES = Number(process.argv[2] ?? 100_000);
const DAYS = Number(process.argv[3] ?? 90);
const SWEEPS_A_DAY = 96;
const BATCH = 500;
const DAY = 24 * 3_600_000;
const START = Date.UTC(2026, 0, 5);

const FIRMWARE = ['66.86.0.15', '66.86.0.160', '66.86.0.180'];

function answerOf(index: number, at: number, firmware: string): Sighting {
  const host = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  return {
    channel: 'sip-options',
    at,
    from: { site: 'bench', transport: 'udp', address: host, port: 5060 },
    solicited: true,
    facts: [
      { field: 'sip.status', value: '200' },
      { field: 'sip.user_agent', value: `Yealink SIP-T46S ${firmware}` },
      {
        field: 'sip.allow',
        value: 'INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER, INFO, UPDATE, MESSAGE',
      },
      { field: 'sip.contact', value: `<sip:${index}@${host}:5060>` },
      {
        field: 'sip.header_order',
        value: 'Via,From,To,Call-ID,CSeq,Contact,User-Agent,Allow,Content-Length',
      },
      { field: 'sip.to_tag', value: String(at) },
    ],
    raw: Buffer.from(`SIP/2.0 200 OK ${String(index).repeat(90)}`.slice(0, 600)),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'sipcensus-history-'));
const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
let db = openInventory(folder);
const { intake } = createPipeline(
  db,
  () => knowledge,
  () => null,
);

const timed = (what: string, count: number, work: () => void): void => {
  const began = performance.now();
  work();
  const ms = performance.now() - began;
  console.log(
    `${what.padEnd(58)} ${(ms / 1000).toFixed(2).padStart(8)} s ${Math.round((count / ms) * 1000)
      .toString()
      .padStart(8)} a second`,
  );
};
const sweep = (day: number, indexes: readonly number[], firmware: (index: number) => string): void => {
  for (let from = 0; from < indexes.length; from += BATCH)
    intake.accept(
      indexes.slice(from, from + BATCH).map((index) => answerOf(index, START + day * DAY, firmware(index))),
    );
};
const all = Array.from({ length: DEVICES }, (_, index) => index);
/** Each device gets its first update in the first month and its second in the second, a part of the fleet each day. */
const firmwareOn =
  (day: number) =>
  (index: number): string =>
    FIRMWARE[Number(day > index % 30) + Number(day > 30 + (index % 30))] ?? '';

try {
  timed('new devices, in batches of 500', DEVICES, () => sweep(0, all, () => FIRMWARE[0]!));
  for (let round = 1; round <= 3; round++)
    timed('unchanged answers, in batches of 500', DEVICES, () =>
      sweep(round / SWEEPS_A_DAY, all, () => FIRMWARE[0]!),
    );
  const some = all.slice(0, 5000);
  timed('unchanged answers, each its own transaction', some.length, () => {
    for (const index of some) intake.accept([answerOf(index, START + DAY / 24, FIRMWARE[0]!)]);
  });
  const row = beginWatch(db, START);
  let changes = 0;
  const began = performance.now();
  for (let day = 1; day <= DAYS; day++) {
    for (let n = 0; n < SWEEPS_A_DAY; n++) {
      const at = START + (day - 1 + n / SWEEPS_A_DAY) * DAY;
      startSweepRow(db, {
        ...{
          channel: 'sip-options',
          state: 'done',
          startedAt: at,
          endedAt: at + 60_000,
          targets: DEVICES,
          sent: DEVICES,
        },
        ...{
          mostToSend: 0,
          answered: DEVICES,
          refused: {},
          seed: n,
          plan: 'bench',
          position: DEVICES,
          activeMs: 60_000,
        },
        unsound: null,
      });
      recordJudgement(db, { madeAt: at + 70_000, upTo: at + 70_000 });
    }
    const updated = all.filter((index) => firmwareOn(day)(index) !== firmwareOn(day - 1)(index));
    changes += updated.length;
    sweep(day, updated, firmwareOn(day));
    // Whoever is not updated on a day is heard on every third one: the span of its answers reaches on.
    sweep(
      day + 0.01,
      all.filter((index) => index % 3 === day % 3),
      firmwareOn(day),
    );
    extendWatch(db, row, START + (day + 0.02) * DAY);
    for (const quiet of quietDevices(db, PATIENCES, START + day * DAY))
      intake.change(() =>
        judgePresence(
          { db, patiences: PATIENCES, isSwept: () => false, leftAlone: new Set() },
          quiet,
          START + day * DAY,
        ),
      );
  }
  console.log(
    `${DAYS} days, ${changes} changes of firmware: ${((performance.now() - began) / 1000).toFixed(0)} s`,
  );
  const size = (name: string): string => `${(statSync(join(folder, name)).size / 2 ** 20).toFixed(0)} MiB`;
  console.log(
    `file ${size('inventory.db')}, WAL ${size('inventory.db-wal')}, memory ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
  );
  const middle = { at: START + (DAYS / 2) * DAY, knownAt: START + (DAYS / 2) * DAY };
  for (let round = 0; round < 3; round++)
    timed('the whole fleet as of the middle', DEVICES, () => {
      devicesAsOf(db, middle, {});
    });
  timed('the whole fleet now', DEVICES, () => {
    listDevices(db, {});
  });
  db.close();
  for (const start of ['first', 'second']) await timeStart(start);
  db = openInventory(folder);
} finally {
  db.close();
  rmSync(folder, { recursive: true });
}

/** From the command to the address of the dashboard; the first start judges all devices in the background. */
async function timeStart(which: string): Promise<void> {
  const config = join(folder, 'sipcensus.yaml');
  writeFileSync(config, 'site: { id: bench }\nserver: { listen: 127.0.0.1:0 }\n');
  const began = performance.now();
  const daemon = spawn(
    process.execPath,
    ['dist/app/main.js', 'serve', '--config', config, '--data-dir', folder],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let told = '';
  for await (const chunk of daemon.stderr) {
    told += String(chunk);
    if (told.includes('sipcensus is at')) break;
  }
  console.log(`${which} start with that file: ${((performance.now() - began) / 1000).toFixed(2)} s`);
  daemon.kill();
  await once(daemon, 'exit');
}
