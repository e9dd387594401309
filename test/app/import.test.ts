import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceJson } from '../../src/api/contract/device.ts';
import {
  asteriskOf,
  contact,
  contactList,
  freeswitchOf,
  listen,
  PROFILES,
  registration,
  registrationsXml,
  type Peer,
} from '../registrations/peers.ts';
import { noKamailio, startKamailio, type Kamailio } from '../registrations/kamailio-program.ts';
import { run, start, stopAll, temporaryFolder } from './program.ts';

interface Output {
  summary: { imported: { source: string; listed: number; taken: number; refused: Record<string, number> } };
  devices: DeviceJson[];
}

describe('sipcensus import', () => {
  const folder = temporaryFolder();
  const config = join(folder.path, 'sipcensus.yaml');
  const secret = join(folder.path, 'secret');
  const peers: Peer[] = [];
  let count = 0;
  let dataDir = '';

  beforeAll(() => {
    writeFileSync(
      config,
      'scope:\n  include: [127.94.0.0/24]\n  exclude: [{ network: 127.94.0.200/32, because: the PBX }]\n',
    );
    writeFileSync(secret, 'geheim\n', { mode: 0o600 });
  });
  afterEach(() => peers.splice(0).forEach((peer) => peer.close()));
  afterAll(() => {
    stopAll();
    folder.remove();
  });

  const importFrom = (args: readonly string[], env: Record<string, string> = {}) => {
    dataDir = join(folder.path, `data-${(count += 1)}`);
    return run(['import', ...args, '--config', config, '--data-dir', dataDir, '--format', 'json'], { env });
  };
  const at = (output: Output, address: string): DeviceJson | undefined =>
    output.devices.find((device) => device.endpoints.some((endpoint) => endpoint.address === address));
  const opened = (peer: Peer): Peer => (peers.push(peer), peer);
  const csv = (text: string): string => {
    const file = join(folder.path, `phones-${(count += 1)}.csv`);
    writeFileSync(file, text);
    return file;
  };

  it('takes what Asterisk tells into the inventory, and leaves the rest out by reason', async () => {
    const asterisk = opened(
      await asteriskOf({
        answers: {
          PJSIPShowContacts: contactList(
            contact(),
            contact({ ObjectName: '1002;@1', Uri: 'sip:1002@127.94.0.10:5062' }),
            contact({ ObjectName: 'jan.jansen;@2', Uri: 'sip:jan.jansen@192.0.2.44:5060' }),
            contact({ ObjectName: '1003;@3', Uri: 'sip:1003@127.94.0.200:5060' }),
            contact({ ObjectName: 'trunk;@4', Uri: 'sip:trunk@127.94.0.11', ExpirationTime: '0' }),
          ),
        },
      }),
    );
    const host = `127.0.0.1:${asterisk.port}`;
    const ended = await importFrom(['asterisk', host, '--user', 'sipcensus', '--secret-file', secret]);
    expect(ended.stderr).toBe(
      `5 registrations of asterisk ${host}: 1 taken in, 1 not registered, 1 further lines of the same phone, 2 outside the scope.\n`,
    );
    const output = JSON.parse(ended.stdout) as Output;
    expect(output.summary.imported).toEqual({
      source: `asterisk ${host}`,
      listed: 5,
      taken: 1,
      refused: { unregistered: 1, duplicate: 1, 'out-of-scope': 2 },
    });
    expect(output.devices).toMatchObject([
      {
        vendor: 'Yealink',
        model: 'T46S',
        firmware: '66.84.0.15',
        endpoints: [
          { address: '127.94.0.10', port: 5062, solicited: true, status: null, channels: ['registrations'] },
        ],
      },
    ]);
    expect(ended.code).toBe(0);
    const listed = await run(['devices', '--config', config, '--data-dir', dataDir, '--format', 'json']);
    expect((JSON.parse(listed.stdout) as Output).devices).toHaveLength(1);
  });

  it('keeps no account, no contact and no secret in the data directory', async () => {
    const asterisk = opened(
      await asteriskOf({
        answers: {
          PJSIPShowContacts: contactList(
            contact({
              ObjectName: 'jan.jansen;@2',
              Endpoint: 'jan.jansen',
              Uri: 'sip:jan.jansen@127.94.0.12:5060',
            }),
          ),
        },
      }),
    );
    const ended = await importFrom([
      ...['asterisk', `127.0.0.1:${asterisk.port}`],
      ...['--user', 'sipcensus', '--secret-file', secret],
    ]);
    expect((JSON.parse(ended.stdout) as Output).devices).toHaveLength(1);
    const kept = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), 'latin1'));
    for (const text of [...kept, ended.stdout, ended.stderr]) expect(text).not.toMatch(/jansen|geheim/);
    expect(kept.join()).toContain('Yealink SIP-T46S');
  });

  it('takes what FreeSWITCH tells, with the secret of the environment', async () => {
    const freeswitch = opened(
      await freeswitchOf({
        'sofia xmlstatus': PROFILES,
        'sofia xmlstatus profile internal reg': registrationsXml(registration()),
        'sofia xmlstatus profile external reg': registrationsXml(
          registration({ 'network-ip': '198.51.100.7' }),
        ),
      }),
    );
    const ended = await importFrom(['freeswitch', `127.0.0.1:${freeswitch.port}`], {
      SIPCENSUS_PBX_SECRET: 'geheim',
    });
    const output = JSON.parse(ended.stdout) as Output;
    expect(at(output, '127.94.0.20')).toMatchObject({ vendor: 'Snom', model: '370', firmware: '8.7.5.48' });
    expect(output.summary.imported).toMatchObject({ listed: 2, taken: 1, refused: { 'out-of-scope': 1 } });
  });

  it('finds the same phone again when it is imported once more', async () => {
    const file = csv('address,userAgent\n127.94.0.30,Yealink SIP-T46S 66.84.0.15\n');
    const first = JSON.parse((await importFrom(['csv', file])).stdout) as Output;
    const again = await run([
      ...['import', 'csv', file, '--config', config, '--data-dir', dataDir, '--format', 'json'],
    ]);
    const { devices } = JSON.parse(again.stdout) as Output;
    expect(devices.map(({ id }) => id)).toEqual(first.devices.map(({ id }) => id));
    expect(devices[0]?.findings.map(({ kind }) => kind)).toEqual(['appeared']);
  });

  it('takes an export as CSV, with a mapping, and tells the rows that it cannot read', async () => {
    const file = csv(
      '\ufeffNaam;IP-adres;Poort;Toestel;MAC\r\nJan;127.94.0.31;5062;snom370/8.7.5.48;00-04-13-25-47-6c\r\nPiet;;;;\r\nKlaas;geen;;;\r\n',
    );
    const ended = await importFrom([
      'csv',
      file,
      '--map',
      'address=IP-adres,port=Poort,userAgent=Toestel',
      '--lang',
      'nl',
    ]);
    expect(ended.stderr.split('\n').slice(0, 2)).toEqual([
      `${file}:4: "geen" is no address. The row is left out.`,
      `3 aanmeldingen bij ${file}: 1 overgenomen, 1 niet aangemeld, 1 zonder leesbaar adres.`,
    ]);
    const output = JSON.parse(ended.stdout) as Output;
    expect(output.devices).toMatchObject([{ vendor: 'Snom', endpoints: [{ port: 5062, transport: 'udp' }] }]);
    expect(ended.stdout).not.toContain('Jan');
    const explained = await run([
      ...['explain', '127.94.0.31', '--config', config, '--data-dir', dataDir, '--format', 'json'],
    ]);
    expect(explained.stdout).toMatch(/"registration\.mac",\s+"value": "00041325476c"/);
  });

  it('warns while others may read the secret, and does not print it', async () => {
    const open = join(folder.path, 'open-secret');
    writeFileSync(open, 'geheim');
    chmodSync(open, 0o644);
    expect(statSync(open).mode & 0o777).toBe(0o644);
    const asterisk = opened(await asteriskOf({ answers: { PJSIPShowContacts: contactList(contact()) } }));
    const { stderr, code } = await importFrom([
      ...['asterisk', `127.0.0.1:${asterisk.port}`, '--user', 'sipcensus', '--secret-file', open],
    ]);
    expect(stderr).toContain(`others may read ${open}, which holds a secret: chmod 600`);
    expect(stderr).not.toContain('geheim');
    expect(code).toBe(0);
  });

  it('exits 130 when it is interrupted, and takes nothing in', async () => {
    const silent = opened(await listen((socket) => void socket.write('Asterisk Call Manager/7.0.3\r\n')));
    const running = start(
      [
        ...['import', 'asterisk', `127.0.0.1:${silent.port}`, '--user', 'x', '--secret-file', secret],
        ...['--config', config, '--data-dir', join(folder.path, 'never')],
      ],
      {},
    );
    await expect.poll(() => silent.connected(), { timeout: 60_000 }).toBe(true);
    running.interrupt();
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect(readdirSync(folder.path)).not.toContain('never');
  });

  const AMI = ['--user', 'sipcensus', '--secret-file'] as const;
  const troubles: [string, () => Promise<string[]>, number, RegExp][] = [
    [
      'a wrong secret',
      async () => {
        const wrong = join(folder.path, 'wrong');
        writeFileSync(wrong, 'wrong', { mode: 0o600 });
        const { port } = opened(await asteriskOf({ answers: {} }));
        return ['asterisk', `127.0.0.1:${port}`, ...AMI, wrong];
      },
      3,
      /refuses the login: Authentication failed\.\n.*manager\.conf.*import-registrations\.md/,
    ],
    [
      'a PBX that is not there',
      () => Promise.resolve(['asterisk', '127.0.0.1:1', ...AMI, secret]),
      3,
      /cannot be reached: nothing listens there/,
    ],
    [
      'something else than a PBX, in words that move no cursor',
      async () => {
        const { port } = opened(await listen((socket) => void socket.write('\u001b[2J220 mail ready\r\n')));
        return ['asterisk', `127.0.0.1:${port}`, ...AMI, secret];
      },
      2,
      /does not answer as it should: it greets with "\\x1b\[2J220 mail ready"/,
    ],
    [
      'no secret',
      () => Promise.resolve(['freeswitch', '127.0.0.1']),
      2,
      /No secret to log in with\.\n.*--secret-file/,
    ],
    [
      'no user',
      () => Promise.resolve(['asterisk', '127.0.0.1', '--secret-file', secret]),
      2,
      /required option '--user <name>'/,
    ],
    [
      'a secret file that is not there',
      () => Promise.resolve(['freeswitch', '127.0.0.1', '--secret-file', '/nowhere']),
      2,
      /\/nowhere cannot be read/,
    ],
    [
      'a secret of two lines',
      () => {
        const two = join(folder.path, 'two');
        writeFileSync(two, 'a\n\nb\n', { mode: 0o600 });
        return Promise.resolve(['freeswitch', '127.0.0.1', '--secret-file', two]);
      },
      2,
      /two holds no secret/,
    ],
    [
      'a host that is none',
      () => Promise.resolve(['freeswitch', 'a b', '--secret-file', secret]),
      2,
      /"a b" is no host and port/,
    ],
    [
      'a URL that is none',
      () => Promise.resolve(['kamailio', '192.168.10.1']),
      2,
      /"192\.168\.10\.1" is no URL/,
    ],
    [
      'a secret in a URL',
      () => Promise.resolve(['kamailio', 'http://a:geheim@127.0.0.1/RPC']),
      2,
      /A secret may not stand in the URL/,
    ],
    [
      'a file that is not there',
      () => Promise.resolve(['csv', 'nowhere.csv']),
      2,
      /nowhere\.csv cannot be read: it does not exist/,
    ],
    [
      'a table without addresses',
      () => Promise.resolve(['csv', csv('a,b\n1,2\n')]),
      2,
      /cannot be imported:\n.*csv:1: the heading has no column "address"/,
    ],
    [
      'a mapping that is none',
      () => Promise.resolve(['csv', csv('a\n'), '--map', 'adres=a,b']),
      2,
      /"adres" is no column.*\n.*"b" is not of the form/,
    ],
  ];
  it.each(troubles)('gives one clear message for %s', async (_, args, code, words) => {
    const ended = await importFrom(await args());
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/^\s+at |geheim/m);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(code);
  });

  it('asks nobody without a scope', async () => {
    const asterisk = opened(await asteriskOf({ answers: {} }));
    const none = join(folder.path, 'none.yaml');
    writeFileSync(none, '{}\n');
    const ended = await run([
      ...['import', 'asterisk', `127.0.0.1:${asterisk.port}`, ...AMI, secret, '--config', none],
    ]);
    expect(ended.stderr).toMatch(/Without a scope.*\n.*scope\.include/);
    expect([ended.code, asterisk.connected()]).toEqual([2, false]);
  });

  it('has a command for every source folder', async () => {
    const folders = readdirSync('src/registrations').filter((name) => !name.includes('.'));
    const { stdout } = await run(['import', '--help']);
    const commands = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, name]) => name);
    expect(commands.sort()).toEqual(folders.map((name) => name.replace(/-.*$/, '')).sort());
  });

  describe.skipIf(noKamailio !== null)(
    `from a real Kamailio${noKamailio === null ? '' : `, skipped: ${noKamailio}`}`,
    () => {
      let kamailio: Kamailio;
      beforeAll(async () => {
        kamailio = await startKamailio();
      });
      afterAll(() => kamailio.stop());

      it('takes its location table', async () => {
        await kamailio.register({
          address: '127.94.0.50',
          user: '1001',
          contact:
            '<sip:1001@127.94.0.50:5066>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-001565f4f9e1>"',
          userAgent: 'Yealink SIP-T46S 66.84.0.15',
        });
        await kamailio.register({
          address: '127.94.0.51',
          user: '1002',
          contact: '<sip:1002@192.168.99.51:5060>',
          userAgent: 'snom370/8.7.5.48',
          behindNat: true,
        });
        await kamailio.register({
          address: '127.0.0.9',
          user: '1003',
          contact: '<sip:1003@203.0.113.9:5060>',
          userAgent: 'Remote/1.0',
        });
        const ended = await importFrom(['kamailio', kamailio.url]);
        const output = JSON.parse(ended.stdout) as Output;
        expect(at(output, '127.94.0.50')).toMatchObject({
          vendor: 'Yealink',
          model: 'T46S',
          mac: '001565f4f9e1',
          endpoints: [{ port: 5066 }],
        });
        expect(at(output, '127.94.0.51')).toMatchObject({ vendor: 'Snom', model: '370' });
        expect(output.summary.imported).toMatchObject({
          listed: 3,
          taken: 2,
          refused: { 'out-of-scope': 1 },
        });
      });
    },
  );
});
