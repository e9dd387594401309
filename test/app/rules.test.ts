import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceJson } from '../../src/api/contract/device.ts';
import type { StatusJson } from '../../src/api/contract/status.ts';
import { run, start, stopAll, temporaryFolder, type Running } from './program.ts';

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
const rules = join(folder.path, 'my-rules');
const PHONE = '127.92.0.10';
const USER_AGENT = 'Acme P10W/1.10 00a0b0c0d0e0';

/** A phone that nobody knows: it answers every request with 200 and its name. */
const phone = createSocket('udp4');
phone.on('message', (bytes, from) => {
  const request = bytes.toString('latin1').split('\r\n');
  const copied = request.filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
  const answer = [
    'SIP/2.0 200 OK',
    ...copied.map((line) => (/^To:/i.test(line) ? `${line};tag=1` : line)),
    'Contact: <sip:31612345678@127.92.0.10>',
    `User-Agent: ${USER_AGENT}`,
    'Content-Length: 0',
  ];
  phone.send(`${answer.join('\r\n')}\r\n\r\n`, from.port, from.address);
});

beforeAll(async () => {
  mkdirSync(rules);
  await new Promise<void>((resolve) => phone.bind(5060, PHONE, resolve));
  expect(await run(['scan', PHONE, '--save', '--data-dir', dataDir])).toMatchObject({ code: 0 });
});
afterAll(() => {
  stopAll();
  phone.close();
  folder.remove();
});

describe('rules new', () => {
  const draft = join(rules, 'acme.yaml');

  it('drafts a rule from a device of the inventory, without what tells people apart', async () => {
    const drafted = await run(['rules', 'new', PHONE, '--data-dir', dataDir, '-o', draft]);

    expect(drafted).toMatchObject({ code: 0, stderr: '' });
    const text = readFileSync(draft, 'utf8');
    expect(text).toContain("- input: 'Acme P10W/1.10 00a0b0000000'");
    expect(text).not.toMatch(/c0d0e0|31612345678/);
    expect(readFileSync(join(rules, 'vendors.txt'), 'utf8')).toBe('Acme\n');
  });

  it('gives a file that passes the check, and knows the phone and its next model', async () => {
    expect(await run(['rules', 'check', rules])).toMatchObject({ code: 0 });
    const { stdout } = await run(['identify', '--format', 'json', '--rules', rules], {
      input: `${USER_AGENT}\nAcme P37/2.0.1 00a0b0c0d0e1\n`,
    });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { vendor: 'Acme', model: 'P10W', firmware: '1.10', mac: '00a0b0c0d0e0' },
      { vendor: 'Acme', model: 'P37', firmware: '2.0.1' },
    ]);
  });

  it('leaves a file that is there alone', async () => {
    const before = readFileSync(draft, 'utf8');
    const again = await run(['rules', 'new', '--user-agent', 'Bolt 3', '-o', draft]);

    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toContain('acme.yaml exists already, and is left as it is.');
    expect(readFileSync(draft, 'utf8')).toBe(before);
  });

  it('reads a raw message, an answer or a request', async () => {
    const from = async (file: string) =>
      (await run(['rules', 'new', '--message', `test/captures/sip/${file}`])).stdout;

    expect(await from('yealink-w52p-25.81.0.10_subscribe_udp.txt')).toContain('refines: [');
    expect(await from('nameless-with-sdp_options-answer_udp.txt').catch(String)).toBe('');
    const piped = await run(['rules', 'new', '--message', '-', '--lang', 'nl'], {
      input: 'SIP/2.0 404 Not Found\r\nServer: Bolt Box 12\r\n\r\n',
    });
    expect(piped.stdout).toContain('# Een concept');
    expect(piped.stdout).toContain("vendor: 'Bolt'");
  });

  it.each([
    [['rules', 'new'], 'Name one device, one --message or one --user-agent.'],
    [['rules', 'new', 'd99', '--data-dir', dataDir], 'No device "d99"'],
    [['rules', 'new', '--message', 'package.json'], 'package.json holds no SIP message'],
    [['rules', 'new', '--message', 'no-such-file'], 'no-such-file cannot be read: it does not exist.'],
    [['rules', 'new', '--user-agent', '  '], 'Nothing was heard that a rule could go by.'],
  ])('says what is wrong with %j', async (args, message) => {
    expect(await run(args)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message) as string,
    });
  });
});

describe('a rule file that means harm', () => {
  const bad = join(folder.path, 'bad-rules');
  beforeAll(() => {
    mkdirSync(bad);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    [
      '100 MiB',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 100 * 1024 * 1024);
      },
      /x\.yaml:1:1: the file has 104857600 bytes/,
    ],
    [
      'an alias bomb',
      (file) =>
        writeFileSync(
          file,
          Array.from({ length: 30 }, (_, n) =>
            n === 0 ? 'a0: &a0 [x]' : `a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}]`,
          ).join('\n'),
        ),
      /x\.yaml:2:\d+: aliases/,
    ],
    [
      'deep nesting',
      (file) => writeFileSync(file, `rules: ${'['.repeat(100_000)}`),
      /x\.yaml:1:1: the nesting is too deep/,
    ],
    [
      'wrong types',
      (file) => writeFileSync(file, 'vendor: [a]\nrules: { a: b }\n'),
      /x\.yaml:1:\d+: "vendor"[\s\S]*x\.yaml:2:\d+: "rules\.0"/,
    ],
    [
      'names of an object’s own',
      (file) => writeFileSync(file, '__proto__: { x: y }\nconstructor: z\nrules: []\n'),
      /x\.yaml:1:1: unknown key "__proto__"/,
    ],
    [
      'no YAML at all',
      (file) => writeFileSync(file, Buffer.from([0, 1, 2, 255, 254, 58])),
      /x\.yaml:1:\d+: /,
    ],
  ])('%s is refused with file and line', async (_, write, message) => {
    write(join(bad, 'x.yaml'));
    const checked = await run(['rules', 'check', bad]);

    expect(checked).toMatchObject({ code: 2, stdout: '' });
    expect(checked.stderr).toMatch(message);
    expect(checked.stderr.length).toBeLessThan(5_000);
  });
});

describe('identify --explain', () => {
  it('shows the rules tried, what each told, and how the firmware is read', async () => {
    const { stdout } = await run(['identify', '--explain'], { input: 'Yealink SIP-T46S 66.84.0.15\n' });

    expect(stdout).toContain('firmware: platform 66, compared as 84 · 0 · 15');
    expect(stdout).toMatch(/\+ yealink\.sip-ua\.phone {2}\d+ % {2}vendor Yealink, .*model T46S/);
    expect(stdout).toContain('~ yealink.sip-ua.any  matches, but is refined by yealink.sip-ua.phone');
  });

  it('says the same as JSON, and why evidence lost', async () => {
    const { stdout } = await run(['identify', '--explain', '--format', 'json'], {
      input: 'snom370/8.7.5.35\nFanvil X4 2.10.2.6887 00156507e16c\n',
    });
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { explanation: Record<string, unknown> }).explanation);

    expect(first).toMatchObject({ firmware: { platform: null, parts: [8, 7, 5, 35] }, lost: [] });
    expect(second).toMatchObject({
      lost: [
        {
          rule: 'mac-prefix.001565',
          differences: [{ attribute: 'vendor', said: 'Yealink', answer: 'Fanvil' }],
        },
      ],
    });
  });
});

describe('the rule folder of a running daemon', () => {
  const own = join(folder.path, 'live-rules');
  let daemon: Running;
  let url = '';
  const get = async <T>(path: string): Promise<T> => (await (await fetch(`${url}${path}`)).json()) as T;
  const devices = async (): Promise<DeviceJson[]> =>
    (await get<{ devices: DeviceJson[] }>('/api/v1/devices')).devices;
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const status = () => get<StatusJson>('/api/v1/status');

  beforeAll(async () => {
    mkdirSync(own);
    const config = join(folder.path, 'sipcensus.yaml');
    writeFileSync(config, 'rules: live-rules\n');
    daemon = start(['serve', '--config', config, '--listen', '127.0.0.1:0', '--data-dir', dataDir]);
    url = (await daemon.waitFor(/sipcensus is at (\S+)/))[1] ?? '';
  });

  it('is read again when a rule is added: the device is known without a restart', async () => {
    const { count } = (await status()).rules;
    expect((await devices())[0]).toMatchObject({ vendor: null });

    writeFileSync(join(own, 'vendors.txt'), 'Acme\n');
    writeFileSync(join(own, 'acme.yaml'), readFileSync(join(rules, 'acme.yaml')));

    await until(async () => (await devices())[0]?.vendor === 'Acme');
    expect((await status()).rules).toEqual({ count: count + 1, refused: null });
  });

  it('is refused with file and line where a file is broken, and the old rules stay', async () => {
    const good = readFileSync(join(own, 'acme.yaml'), 'utf8');
    writeFileSync(join(own, 'acme.yaml'), good.replace('certainty: 0.9', 'certainty: 9'));

    await until(async () => (await status()).rules.refused !== null);
    expect((await status()).rules.refused).toMatch(/acme\.yaml:\d+:\d+: "rules\.0\.certainty" must be <= 1/);
    expect((await devices())[0]).toMatchObject({ vendor: 'Acme', model: 'P10W' });

    writeFileSync(join(own, 'acme.yaml'), good);
    await until(async () => (await status()).rules.refused === null);
    expect(daemon.stderr() + daemon.stdout()).toContain('rules.refused');
  });
});
