import { createSocket } from 'node:dgram';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import BetterSqlite3 from 'better-sqlite3';
import { run, stopAll, temporaryFolder } from './program.ts';

describe('bad input gets one clear message and the right exit code', () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string): string => {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(() => {
    mkdirSync(join(folder.path, 'rules'));
  });
  afterAll(() => {
    stopAll();
    folder.remove();
  });

  const cases: [string, () => string[], number, RegExp][] = [
    ['an unknown command', () => ['scn'], 2, /unknown command 'scn'/],
    ['an unknown option', () => ['scan', '127.84.0.1', '--prot', '5060'], 2, /unknown option '--prot'/],
    ['no target', () => ['scan'], 2, /missing required argument 'target'/],
    [
      'a target that is none',
      () => ['scan', 'pbx.example'],
      2,
      /"pbx\.example" is no target\. Write a network/,
    ],
    ['a public target', () => ['scan', '8.8.8.8'], 2, /public addresses.*--i-know/],
    ['a wide target', () => ['scan', '10.0.0.0/8'], 2, /wider than a \/16.*--i-know/],
    ['a multicast target', () => ['scan', '224.0.1.75'], 2, /never probed/],
    [
      'an unlimited rate without --i-know',
      () => ['scan', '127.84.0.1', '--rate', '0'],
      2,
      /--rate 0.*[\s\S]*--i-know/,
    ],
    [
      'a port that is none',
      () => ['scan', '127.84.0.1', '--port', '70000'],
      2,
      /--port takes a whole number from 1 to 65535/,
    ],
    [
      'an unknown transport',
      () => ['scan', '127.84.0.1', '--transport', 'sctp'],
      2,
      /--transport does not know "sctp"/,
    ],
    [
      'an unknown format',
      () => ['scan', '127.84.0.1', '--format', 'xml'],
      2,
      /--format does not know "xml".*[\s\S]*table, json/,
    ],
    [
      'a configuration that is not there',
      () => ['serve', '--config', join(folder.path, 'none.yaml')],
      2,
      /none\.yaml cannot be read: it does not exist/,
    ],
    [
      'a configuration that is a folder',
      () => ['serve', '--config', folder.path],
      2,
      /cannot be read: it is a folder/,
    ],
    [
      'unknown keys of the configuration',
      () => ['serve', '--config', file('c1.yaml', 'sight: {}\nscope: { includ: [] }\n')],
      2,
      /c1\.yaml:1:1: unknown key "sight".*[\s\S]*c1\.yaml:2:10: unknown key "includ"\. Did you mean "include"\?/,
    ],
    [
      'a scope that is none, with its place',
      () => ['serve', '--config', file('c2.yaml', 'scope:\n  include: [10.0.0.0/24, lan]\n')],
      2,
      /c2\.yaml:2:26: "lan" is no target/,
    ],
    [
      'a schedule that is none, and a rate without limit',
      () => [
        'serve',
        '--config',
        file('c4.yaml', 'channels:\n  sip-options: { schedule: often, rate: 0 }\n'),
      ],
      2,
      /c4\.yaml:2:28: "often" is no cron expression[\s\S]*c4\.yaml:2:41: a rate without limit/,
    ],
    ['broken YAML', () => ['serve', '--config', file('c3.yaml', 'site: [\n')], 2, /c3\.yaml:\d+:\d+:/],
    [
      'a wide dashboard address',
      () => ['serve', '--listen', '0.0.0.0:8560', '--data-dir', join(folder.path, 'd')],
      2,
      /opens on loopback only/,
    ],
    [
      'an unknown key of a policy',
      () => [
        'policy',
        'check',
        file(
          'p.yaml',
          'policy: { title: x, revision: "1", default: { because: { en: a, nl: b } }, levle: full }\ncatalogue: []\nexceptions: []\n',
        ),
      ],
      2,
      /p\.yaml:1:\d+: unknown key "levle"/,
    ],
    [
      'a broken rule file',
      () => [
        'rules',
        'check',
        (file(
          'rules/mine.yaml',
          'rules:\n  - id: x.y\n    on: sip.user_agnt\n    pattern: "^("\n    asserts: {}\n    certainty: 0.9\n    source: test\n    examples: []\n',
        ),
        join(folder.path, 'rules')),
      ],
      2,
      /mine\.yaml:3:9:.*sip\.user_agent.*[\s\S]*mine\.yaml:4:14:/,
    ],
    [
      'a rule folder that is not there',
      () => ['rules', 'check', join(folder.path, 'nowhere')],
      2,
      /nowhere cannot be read: it does not exist/,
    ],
    [
      'a device that is not there',
      () => ['explain', 'd999', '--data-dir', join(folder.path, 'd')],
      2,
      /No device "d999"/,
    ],
    [
      'a data directory that cannot be',
      () => ['devices', '--data-dir', join(file('plain', ''), 'x')],
      3,
      /data directory .* cannot be made/,
    ],
    [
      'a database that is none',
      () => [
        'devices',
        '--data-dir',
        (mkdirSync(join(folder.path, 'bad'), { recursive: true }),
        file('bad/inventory.db', 'no database at all, only words'),
        join(folder.path, 'bad')),
      ],
      3,
      /inventory\.db/,
    ],
    [
      'a simulated site outside loopback',
      () => ['simulate', '--network', '192.168.1.0/24'],
      2,
      /cannot live in "192\.168\.1\.0\/24"/,
    ],
  ];

  it.each(cases)('%s', async (_, args, code, words) => {
    const ended = await run(args());
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(code);
  });

  it('a database of a newer version, which stays as it is', async () => {
    const dataDir = join(folder.path, 'newer');
    mkdirSync(dataDir);
    const db = new BetterSqlite3(join(dataDir, 'inventory.db'));
    db.pragma('user_version = 999');
    db.close();
    const ended = await run(['devices', '--data-dir', dataDir]);
    expect(ended.stderr).toMatch(/newer version/);
    expect(ended.code).toBe(3);
  });

  it('a dashboard port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const ended = await run(['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', join(folder.path, 'd')]);
    taken.close();
    expect(ended.stderr).toMatch(new RegExp(`TCP 127\\.0\\.0\\.1:${port} is in use`));
    expect(ended.code).toBe(3);
  });

  it('an address that a simulated phone cannot have', async () => {
    const taken = createSocket('udp4').bind(5060, '127.85.0.1');
    await once(taken, 'listening');
    const ended = await run(['simulate', '--network', '127.85.0.0/30', '--phones', '2']);
    taken.close();
    expect(ended.stderr).toMatch(/UDP 127\.85\.0\.1:5060 is in use/);
    expect(ended.code).toBe(3);
  });

  it('User-Agents of any bytes: one line of JSON each, in the same order', async () => {
    const lines = [
      '<script>alert(1)</script>',
      '\u001b[31mred',
      'x'.repeat(70_000),
      '\u0000\u0001',
      '"quoted\\',
      '',
      'Yealink SIP-T46S 66.84.0.15',
    ];
    const ended = await run(['identify', '--format', 'json'], { input: `${lines.join('\n')}\n` });
    const answers = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { input: string; vendor: string | null });
    expect(answers).toHaveLength(lines.length);
    expect(answers.map((answer) => answer.vendor)).toEqual([null, null, null, null, null, null, 'Yealink']);
    expect(ended.code).toBe(0);
  });
});
