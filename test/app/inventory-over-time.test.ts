import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AlertJson } from '../../src/api/contract/alert.ts';
import type { FindingJson } from '../../src/api/contract/finding.ts';
import type { TimelineJson } from '../../src/api/contract/history.ts';
import { createAlertingFor } from '../../src/app/alerts.ts';
import { createPipeline, openInventory } from '../../src/app/compose.ts';
import { loadConfig } from '../../src/app/config.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { recordFindings } from '../../src/store/findings.ts';
import { openHttp, type HttpPeer } from '../alerts/sinks/http-peer.ts';
import { run as runProgram, stopAll, temporaryFolder, type Ended } from './program.ts';

const DAY = 86_400_000;
const START = systemClock.now() - 6 * DAY;
const folder = temporaryFolder();
const file = join(folder.path, 'sipcensus.yaml');
const dataDir = join(folder.path, 'data');
const quiet = (): void => undefined;
let peer: HttpPeer;

const run = (line: string | readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  runProgram(typeof line === 'string' ? wordsOf(line) : line, {
    env: { SIPCENSUS_CONFIG: file, SIPCENSUS_DATA_DIR: dataDir, ...env },
  });
async function json<T>(line: string): Promise<T> {
  const { code, stdout, stderr } = await run(`${line} --format json`);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

/** A line of shell without variables: words, and what stands in single quotes. */
const wordsOf = (line: string): string[] =>
  (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));

const dateOf = (at: number): string => new Date(at).toISOString();

beforeAll(async () => {
  peer = await openHttp();
  writeFileSync(
    file,
    `site: { id: site, name: Head office, timezone: Europe/Amsterdam }
alerts:
  groupWaitSeconds: 0
  sinks:
    webhook:
      - { name: chat, url: '${peer.url}/hook', allow: ['127.0.0.1'] }
      - { name: nobody, url: 'http://127.0.0.1:9/hook', allow: ['127.0.0.1'] }
    command: [{ name: script, program: /bin/true }]
`,
  );
  await live();
});
afterAll(async () => {
  stopAll();
  await peer.close();
  folder.remove();
});

/** Six days of a site: a phone that changes its firmware and moves, one that comes later, one that nobody supports. */
async function live(): Promise<void> {
  const config = loadConfig(file);
  const knowledge = loadKnowledge(config);
  const db = openInventory(dataDir);
  const { intake, feed } = createPipeline(db, () => knowledge);
  const hear = (at: number, address: string, userAgent: string): void =>
    intake.accept([
      {
        channel: 'sip-options',
        at,
        from: { site: 'site', transport: 'udp', address, port: 5060 },
        solicited: true,
        facts: [
          { field: 'sip.status', value: '200' },
          { field: 'sip.user_agent', value: userAgent },
        ],
        raw: Buffer.from(userAgent),
      },
    ]);
  hear(START, '192.168.10.23', 'Yealink SIP-T46S 66.84.0.15 001565aabbcc');
  hear(START + 2 * DAY, '192.168.10.23', 'Yealink SIP-T46S 66.86.0.15 001565aabbcc');
  hear(START + 3 * DAY, '192.168.10.31', 'snom370/8.7.5.48');
  hear(START + 3 * DAY, '192.168.10.24', 'Acme\u001b[2J P10W');
  recordFindings(db, [
    {
      kind: 'unsupported',
      device: 'd3',
      about: null,
      at: START + 3 * DAY,
      state: 'raised',
      cause: null,
      before: null,
      after: 'Acme \u001b[2J P10W',
      sighting: null,
    },
  ]);
  hear(START + 4 * DAY, '192.168.10.77', 'Yealink SIP-T46S 66.86.0.15 001565aabbcc');
  const log = { info: quiet, warn: quiet, error: quiet };
  const alerting = createAlertingFor({ config, db, feed, log, link: null });
  alerting.start();
  await vi.waitFor(() => {
    expect(alerting.alerts({ state: 'firing', limit: 9 })).toHaveLength(1);
    expect(alerting.deliveries(9).filter(({ attempts }) => attempts > 0)).toHaveLength(3);
  }, 20_000);
  await alerting.stop();
  db.close();
}

describe('devices --as-of', () => {
  interface Fleet {
    summary: { devices: number; asOf?: string; knownAt?: string };
    devices: { id: string; firmware: string | null; findings: FindingJson[] }[];
  }

  it('tells the fleet as it was known then', async () => {
    const { summary, devices } = await json<Fleet>(`devices --as-of ${dateOf(START + DAY)}`);
    expect(summary).toMatchObject({ devices: 1, asOf: dateOf(START + DAY), knownAt: dateOf(START + DAY) });
    expect(devices).toMatchObject([{ id: 'd1', firmware: '66.84.0.15', findings: [{ kind: 'appeared' }] }]);
    expect((await json<Fleet>('devices')).devices).toHaveLength(3);
  });

  it('says above the table of when it is, and as of when it was known', async () => {
    const at = `${dateOf(START + DAY).slice(0, 10)}T12:00`;
    const { stdout } = await run(`devices --as-of ${at} --known-at ${dateOf(START + 4 * DAY)} --lang en`);
    expect(stdout).toMatch(/^The fleet at \d+ \w+ \d{4}, 12:00 CES?T, as known at .*\n\n/);
    expect((await run(`devices --as-of ${at} --lang nl`)).stdout).toMatch(/^De toestellen op \d+ /);
  });

  it.each(['csv', 'ndjson'])('knows the format %s', async (format) => {
    const { stdout } = await run(`devices --as-of ${dateOf(START + DAY)} --format ${format}`);
    expect(stdout).toContain('66.84.0.15');
    expect(stdout).not.toContain('66.86.0.15');
  });

  it.each([
    ['what is no date', '--as-of yesterday', /--as-of takes a date/],
    ['what lies ahead', '--as-of 2199-01-01', /lies ahead/],
    ['what is kept no more', '--as-of 2001-01-01', /history is kept for 400 days/],
  ])('refuses %s', async (_, options, message) => {
    const { code, stdout, stderr } = await run(`devices ${options}`);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('explain', () => {
  it('shows the timeline, the oldest first, a time once, in the time zone of the site', async () => {
    const { stdout } = await run('explain d1 --lang en');
    const [, lines = ''] = stdout.split('Timeline (Europe/Amsterdam)\n');
    expect(
      lines
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'YYYY-MM-DD hh:mm')
        .trimEnd()
        .split('\n'),
    ).toEqual([
      '  YYYY-MM-DD hh:mm  Yealink T46S 66.84.0.15  ● full  present',
      '                    New device. Seen for the first time: Yealink T46S.',
      '  YYYY-MM-DD hh:mm  Yealink T46S 66.86.0.15  ● full  present',
      '                    Firmware changed. Firmware: 66.84.0.15 → 66.86.0.15.',
      '  YYYY-MM-DD hh:mm  Moved to another address. Address: 192.168.10.23 → 192.168.10.77.',
    ]);
  });

  it('has it in JSON, in UTC', async () => {
    const [detail] = await json<{ timeline: TimelineJson }[]>('explain d1');
    expect(detail?.timeline.versions.map(({ validFrom }) => validFrom)).toEqual([
      dateOf(START),
      dateOf(START + 2 * DAY),
    ]);
  });
});

describe('findings', () => {
  const seqs = async (line: string): Promise<number[]> =>
    (await json<{ findings: FindingJson[] }>(line)).findings.map(({ seq }) => seq);

  it('tells the latest in their order, and reads on after a number', async () => {
    const all = await seqs('findings');
    expect(all).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await seqs('findings --limit 2')).toEqual([5, 6]);
    expect(await seqs('findings --after 1 --limit 2')).toEqual([2, 3]);
    expect(await seqs('findings --severity critical,warning')).toEqual([5]);
    expect(await seqs('findings --kind firmware-changed,unsupported')).toEqual([2, 5]);
    expect(await seqs('findings --device 192.168.10.23')).toEqual([1, 2, 6]);
  });

  it('prints a line each, in either language, and no control of a stranger', async () => {
    const { stdout } = await run('findings --lang en');
    expect(stdout).toMatch(
      /^5 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}▲ Critical {5}d3 {6}Unsupported device\. The policy names Acme \\x1b/m,
    );
    expect(stdout).not.toContain('\u001b');
    expect((await run('findings --lang nl --kind unsupported')).stdout).toContain('Niet ondersteund toestel');
    expect((await run('findings --kind gone --lang en')).stdout).toBe('No findings.\n');
    expect((await run('findings --format ndjson')).stdout.trim().split('\n')).toHaveLength(6);
  });
});

describe('alerts', () => {
  it('shows what fires with what to do, by its key', async () => {
    const { stdout } = await run('alerts --lang en');
    expect(stdout).toMatch(/^▲ Critical {2}Unsupported device \(1\)\n {2}Replace it by a model/);
    expect(stdout).toMatch(
      /^ {2}unsupported d3 {2}.*192\.168\.10\.24\n {4}Since \d{4}-\d\d-\d\d \d\d:\d\d\. The policy/m,
    );
    expect(stdout).not.toContain('\u001b');
    expect((await run('alerts --all --lang nl')).stdout).toMatch(/✓ Voorbij {2}Nieuw toestel \(3\)/);
  });

  it('acknowledges one until a time, shows by whom it is muted, and ends that', async () => {
    const made = await run([
      'alerts',
      'ack',
      'unsupported',
      'd3',
      '--because',
      'a new one comes',
      '--author',
      'Ada',
    ]);
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('alert=unsupported d3') as string,
    });
    expect((await run('alerts --lang en')).stdout).toMatch(/Not told until .* \(Ada: a new one comes\)/);
    const { alerts } = await json<{ alerts: AlertJson[] }>('alerts');
    const id = alerts[0]?.mutedBy?.silence?.id ?? 0;
    expect((await run(`alerts unsilence ${id} --author Bob`)).code).toBe(0);
    expect((await run(`alerts unsilence ${id}`)).code).toBe(2);
    expect((await json<{ alerts: AlertJson[] }>('alerts')).alerts[0]?.mutedBy).toBeNull();
    expect((await run('alerts silences --lang en')).stdout).toMatch(
      /Over .*alert=unsupported d3 {2}Ada: a new one/,
    );
  });

  it.each([
    ['no alert that fires', "ack gone d1 --because 'x'", /No alert with this key fires/],
    ['no reason', 'ack unsupported d3', /--because/],
    ['a silence of nothing', "silence --because 'x'", /says which alerts it is about/],
    ['two ends', "silence --all --because 'x' --for 1h --until 2199-01-01", /cannot be used with/],
    ['an end that is over', "silence --all --because 'x' --until 2001-01-01", /ends after it begins/],
    ['a time that is none', "silence --all --because 'x' --for soon", /--for takes a time/],
    ['a device that is not there', "silence --device d9 --because 'x'", /No device "d9"/],
  ])('refuses %s', async (_, line, message) => {
    const { code, stderr } = await run(`alerts ${line}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('tries a sink without a daemon and without an inventory', async () => {
    const env = { SIPCENSUS_DATA_DIR: join(folder.path, 'none') };
    const before = peer.posted.length;
    expect(await run('alerts test chat --lang en', env)).toMatchObject({
      code: 0,
      stdout: '✓ chat took the test message. Look whether it has arrived.\n',
    });
    expect(peer.posted.length).toBe(before + 1);
    expect(peer.posted.at(-1)?.body).toContain('sipcensus.alerts.test');
    const failed = await run('alerts test nobody --lang nl', env);
    expect(failed.code).toBe(3);
    expect(failed.stdout).toMatch(/^✕ Niet bezorgd \(network\): .+\n {2}Het is niet te bereiken/);
    const { code, stdout } = await run('alerts test nobody --format json', env);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ sink: 'nobody', delivered: false, fault: { retry: true } });
    expect(await run('alerts test none', env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('It has: chat, nobody, script.') as string,
    });
  });

  it('tells what became of the messages, and which sink takes none', async () => {
    expect((await run('alerts deliveries --lang en')).stdout).toMatch(/chat +unsupported +✓ delivered$/m);
    const { stdout } = await run('alerts sinks --lang en');
    expect(stdout).toMatch(/^chat +webhook +✓ takes messages$/m);
    expect(stdout).toMatch(/^nobody +webhook +✕ Since /m);
  });
});

describe('device', () => {
  it('merges, splits and undoes, each with its reason and author, in JSON too', async () => {
    interface Act {
      id: number;
      device: string;
      other: string;
      author: string;
      undoneBy: string | null;
    }
    const act = await json<Act>("device merge 192.168.10.31 d1 --because 'one box' --author Ada");
    expect(act).toMatchObject({ device: 'd1', other: 'd2', author: 'Ada', undoneBy: null });
    expect((await run('explain d2 --lang en')).stdout).toContain(
      `#${act.id} Merged: d2 is a part of d1. one box (Ada).`,
    );
    const undone = await run(`device undo ${act.id} --because 'no' --author Bob --lang en`);
    expect(undone.stdout).toBe(`#${act.id} Merged: d2 is a part of d1. one box (Ada). Undone by Bob.\n`);
    expect((await run('device acts --lang nl')).stdout).toContain('Teruggedraaid door Bob.');
  });

  it.each([
    ['a device and itself', "merge d1 001565aabbcc --because 'x'", /one device already/],
    ['a device that is not there', "merge d1 d9 --because 'x'", /No device "d9"/],
    ['no reason', 'merge d1 d2', /--because/],
    ['an empty reason', "merge d1 d2 --because ' '", /take a few words/],
    ['all of a device', "split d2 --address 192.168.10.31 --because 'x'", /nothing would be left/],
    ['an act that never was', "undo 99 --because 'x'", /no merge or split #99/],
  ])('refuses %s', async (_, line, message) => {
    const { code, stderr } = await run(`device ${line}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('what the documentation shows', () => {
  const blocks = (text: string, language: string): string[] =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
      (block) => block[1] ?? '',
    );
  const howTo = readFileSync('docs/how-to/be-told.md', 'utf8');

  /** The site of this test stands for that of the documentation. */
  const here = (command: string): string =>
    command
      .replace('npx sipcensus ', '')
      .replaceAll('unsupported d12', 'unsupported d3')
      .replaceAll('d12', 'd1')
      .replace('d31', 'd2')
      .replace('--address 192.168.10.24', '--address 192.168.10.77')
      .replace('2026-11-24', dateOf(START + 4 * DAY).slice(0, 10));

  const lastSilence = async (): Promise<number> =>
    (await json<{ silences: { id: number }[] }>('alerts silences')).silences[0]?.id ?? 0;
  const lastAct = async (): Promise<number> =>
    (await json<{ acts: { id: number; undoneAt: string | null }[] }>('device acts')).acts.find(
      ({ undoneAt }) => undoneAt === null,
    )?.id ?? 0;

  it('is a configuration that holds', () => {
    const yaml = blocks(howTo, 'yaml');
    expect(yaml).toHaveLength(2);
    for (const text of yaml) {
      const shown = join(folder.path, 'shown.yaml');
      writeFileSync(shown, text);
      expect(loadConfig(shown).alerts).toBeDefined();
    }
  });

  it('are commands that run, in the how-to on alerts', async () => {
    const commands = blocks(howTo, 'sh').flatMap((block) => block.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(7);
    for (const command of commands) {
      const last = command.includes('unsilence') ? await lastSilence() : 0;
      const line = here(command).replace('unsilence 1', `unsilence ${last}`);
      expect(await run(line), line).toMatchObject({ code: 0 });
    }
  });

  it('are commands that run, in the list of commands', async () => {
    const commands = blocks(readFileSync('docs/cli.md', 'utf8'), 'sh').flatMap((block) =>
      block.trim().split('\n'),
    );
    expect(commands.length).toBeGreaterThan(7);
    for (const command of commands) {
      const last = command.includes('undo') ? await lastAct() : 0;
      const ended = await run(here(command).replace('undo 1', `undo ${last}`));
      expect(ended.code, `${command}\n${ended.stderr}`).toBe(0);
    }
  });
});
