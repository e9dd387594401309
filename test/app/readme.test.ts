import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, stopAll, temporaryFolder, type Running } from './program.ts';

const run = promisify(execFile);
const README = readFileSync('README.md', 'utf8');
const commands = [...README.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap((block) =>
  (block[1] ?? '').trim().split('\n'),
);

const NETWORK = '127.87.0.0/24';
const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');

/** The README speaks of a customer's network; here the simulated site stands for it, and a temporary folder for the data. */
const here = (command: string): string =>
  command
    .replaceAll('192.168.10.0/24', `${NETWORK} --rate 1000`)
    .replaceAll('192.168.10.1', '127.87.0.1')
    .replace('tls --seconds 60', 'tls --seconds 3')
    .replace('192.168.10.23', firstAddress)
    .replace('--interface eth0 --seconds 60', '--interface lo --seconds 3')
    // The site is as old as this test.
    .replace('2026-11-24', new Date().toISOString().slice(0, 10))
    .replace('alerts test mail', `alerts test mail --config ${join(folder.path, 'sipcensus.yaml')}`)
    .replace(
      '--config sipcensus.yaml',
      `--config ${join(folder.path, 'sipcensus.yaml')} --listen 127.0.0.1:0`,
    );

let firstAddress = '';

/** What each command of the README shows, and how it ends. */
const EXPECTED: Record<string, { code?: number; stdout: RegExp }> = {
  'npx sipcensus --help': { stdout: /Usage: sipcensus/ },
  'npx sipcensus scan 192.168.10.0/24': { stdout: /SLA eligible: \d+ of \d+/ },
  'npx sipcensus scan 192.168.10.0/24 --exclude 192.168.10.1 --format csv': { stdout: /^id,site,level,/ },
  'npx sipcensus scan 192.168.10.0/24 --fail-on unsupported --save': { code: 1, stdout: /unsupported/ },
  'npx sipcensus scan 192.168.10.0/24 --channels all --transport udp,tcp,tls --seconds 60': {
    stdout: /known phones answered our probe/,
  },
  'npx sipcensus listen --interface eth0 --seconds 60': { stdout: /./ },
  "echo 'Yealink SIP-T46S 66.84.0.15' | npx sipcensus identify --format json": {
    stdout: /"vendor":"Yealink","model":"T46S","firmware":"66\.84\.0\.15"/,
  },
  "echo 'Yealink SIP-T46S 66.84.0.15' | npx sipcensus identify --explain": {
    stdout: /platform 66, compared as 84/,
  },
  'npx sipcensus rules new 192.168.10.23': { stdout: /counterExamples/ },
  'npx sipcensus devices --level unsupported,basic': { stdout: /unsupported/ },
  'npx sipcensus explain 192.168.10.23': { stdout: /Evidence[\s\S]*Timeline/ },
  'npx sipcensus findings --severity critical,warning': { stdout: /▲ Critical +d\d+ +Unsupported device/ },
  'npx sipcensus devices --as-of 2026-11-24': { stdout: /^The fleet at [\s\S]*SLA eligible: \d+ of \d+/ },
  'npx sipcensus alerts': { stdout: /\d+ findings are not looked at yet/ },
  'npx sipcensus alerts test mail': { stdout: /mail took the test message/ },
  'npx sipcensus rules check': { stdout: /rules with \d+ examples/ },
  'npx sipcensus policy check rules/policies/example.yaml': { stdout: /all right/ },
};

/** Commands that run for themselves elsewhere: the build before every test run, the checks in .ci/run, this very run. */
const RUN_ELSEWHERE = new Set(['npm run build', 'npm run check', 'npm ci && npm test']);

/** Commands that take a test of their own, below. */
const RUN_BELOW = new Set([
  'npm ci && npm run demo',
  'npx sipcensus serve --config sipcensus.yaml',
  'npm run bench',
]);

describe('every command that the README shows', () => {
  let simulation: Running;

  beforeAll(async () => {
    const truth = join(folder.path, 'truth.json');
    simulation = start(['simulate', '--network', NETWORK, '--seed', '7', '--truth', truth]);
    await simulation.waitFor(/are up/);
    const { phones } = JSON.parse(readFileSync(truth, 'utf8')) as {
      phones: { address: string; answers: boolean }[];
    };
    firstAddress = phones.find((phone) => phone.answers)?.address ?? '';
    writeFileSync(
      join(folder.path, 'sipcensus.yaml'),
      `scope: { include: [${NETWORK}] }
channels:
  sip-options: { rate: 1000 }
alerts:
  sinks: { command: [{ name: mail, program: /bin/true }] }
`,
    );
  });

  afterAll(async () => {
    simulation.interrupt();
    await simulation.ended;
    stopAll();
    folder.remove();
  });

  it('is known to this test', () => {
    expect(
      commands.filter(
        (command) => !(command in EXPECTED) && !RUN_ELSEWHERE.has(command) && !RUN_BELOW.has(command),
      ),
    ).toEqual([]);
    expect(commands.length).toBeGreaterThan(10);
  });

  it('includes those of the how-to on finding every phone', () => {
    const howTo = readFileSync('docs/how-to/find-every-phone.md', 'utf8');
    const shown = [...howTo.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap((block) =>
      (block[1] ?? '').trim().split('\n'),
    );
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((command) => !(command in EXPECTED))).toEqual([]);
  });

  it.each(Object.entries(EXPECTED))(
    '%s',
    async (command, { code = 0, stdout }) => {
      expect(commands).toContain(command);
      const env = { ...process.env, NO_COLOR: '1', SIPCENSUS_DATA_DIR: dataDir };
      const ended = await run('sh', ['-c', here(command)], { env }).then(
        (output) => ({ ...output, code: 0 }),
        (error: unknown) => error as { stdout: string; stderr: string; code: number },
      );
      expect(ended.stdout, ended.stderr).toMatch(stdout);
      expect(ended.code).toBe(code);
    },
    120_000,
  );

  it.each([
    ['npx sipcensus serve --config sipcensus.yaml', /sipcensus is at (http:\S+)/],
    ['npm ci && npm run demo', /Dashboard: (http:\S+)/],
  ])(
    '%s',
    async (command, announced) => {
      expect(commands).toContain(command);
      const args = command.startsWith('npm ci')
        ? ['demo', '--listen', '127.0.0.1:0', '--network', '127.88.0.0/24']
        : here(command).replace('npx sipcensus ', '').split(' ');
      const running = start(args, { env: { SIPCENSUS_DATA_DIR: dataDir } });
      const url = (await running.waitFor(announced))[1] ?? '';
      expect(await (await fetch(url)).text()).toContain('<title>');
      const found = async (): Promise<number> =>
        ((await (await fetch(`${url}/api/v1/devices`)).json()) as { devices: unknown[] }).devices.length;
      await expect.poll(found, { timeout: 60_000, interval: 500 }).toBeGreaterThan(40);
      running.interrupt();
      expect((await running.ended).code).toBe(0);
    },
    150_000,
  );

  it('npm ci && npm run demo: the lockfile installs what package.json asks for, and the script builds and starts the demo', async () => {
    await run('npm', ['ci', '--dry-run', '--ignore-scripts', '--no-audit']);
    const demo = spawn('npm', ['run', 'demo', '--', '--help'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    demo.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await new Promise((resolve) => demo.on('close', resolve));
    expect(text).toContain('a simulated site on loopback');
  }, 180_000);

  it('npm run bench', async () => {
    const { stdout } = await run('npm', ['run', '--silent', 'bench', '--', '--quick']);
    for (const figure of [/^SIP parse.*\/s/m, /^identify, new strings.*\/s/m, /^intake into SQLite.*\/s/m])
      expect(stdout).toMatch(figure);
    const [, found, expected, wrong] =
      /^sweep of \S+ at 1000\/s: (\d+) of (\d+) found, (\d+) that are not there/m.exec(stdout) ?? [];
    expect([found, wrong]).toEqual([expected, '0']);
  }, 120_000);

  it('shows a picture that is there, and links that lead somewhere', () => {
    for (const [, link = ''] of README.matchAll(/\]\(((?!https?:)[^)]+)\)/g))
      expect(existsSync(link), link).toBe(true);
  });
});
