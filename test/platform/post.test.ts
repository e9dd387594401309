import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNotCall } from '../../src/platform/destination.ts';
import { MAX_POST_MS, post, type PostRequest } from '../../src/platform/post.ts';
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from '../../src/platform/retry-after.ts';
import { selfSigned, type SelfSigned } from './certificates.ts';
import { httpTrap, rawTrap, silentTrap, type WebTrap } from './web-trap.ts';

const traps: WebTrap[] = [];
afterEach(async () => {
  await Promise.all(traps.splice(0).map((trap) => trap.close()));
});
const set = async (made: Promise<WebTrap>): Promise<WebTrap> => {
  traps.push(await made);
  return made;
};
const fine = (): Promise<WebTrap> => set(httpTrap((response) => response.end('ok')));
const answering = (status: number, headers: Record<string, string> = {}): Promise<WebTrap> =>
  set(httpTrap((response) => response.writeHead(status, headers).end('the answer')));

const send = (url: string, change: Partial<PostRequest> = {}) =>
  post({ url, headers: {}, body: '{"a":"é"}', allow: ['127.0.0.1', '::1'], ...change });
const kindOf = async (...args: Parameters<typeof send>): Promise<string> => {
  const sent = await send(...args);
  return sent.ok ? String(sent.value.status) : sent.fault.kind;
};
const soon = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('post', () => {
  it('posts a body once, says who asks, and closes the connection', async () => {
    const trap = await fine();
    const sent = await send(`${trap.origin}/hook?a=b`, { headers: { 'X-One': '1' } });
    expect(sent).toEqual({ ok: true, value: { status: 200, retryAfterMs: null } });
    expect(trap.heard).toEqual([
      {
        method: 'POST',
        url: '/hook?a=b',
        body: '{"a":"é"}',
        headers: {
          host: `127.0.0.1:${trap.port}`,
          connection: 'close',
          'user-agent': expect.stringMatching(/^sipcensus\/[\d.]+$/) as string,
          'content-type': 'application/json',
          'content-length': '10',
          'x-one': '1',
        },
      },
    ]);
    await soon();
    expect(trap).toMatchObject({ connections: 1, open: 0 });
  });

  it.each([200, 201, 202, 204, 400, 401, 404, 410, 429, 500, 503])(
    'hands over a status %d',
    async (status) => {
      expect(await kindOf((await answering(status)).origin)).toBe(String(status));
    },
  );

  it.each([300, 301, 302, 303, 304, 307, 308])('follows no redirect: %d', async (status) => {
    const elsewhere = await fine();
    const trap = await answering(status, {
      Location: elsewhere.origin,
      Refresh: `0; url=${elsewhere.origin}`,
    });
    expect(await kindOf(trap.origin)).toBe(String(status));
    await soon();
    expect(elsewhere.connections).toBe(0);
  });

  it('reads Retry-After, and never believes more than a day', async () => {
    const at = async (text: string): Promise<number | null> => {
      const sent = await send((await answering(503, { 'Retry-After': text })).origin);
      return sent.ok ? sent.value.retryAfterMs : -1;
    };
    expect(await at('120')).toBe(120_000);
    expect(await at('99999999')).toBe(MAX_RETRY_AFTER_MS);
    const inTenMinutes = (await at(new Date(Date.now() + 600_000).toUTCString())) ?? 0;
    expect(inTenMinutes).toBeGreaterThan(590_000);
    expect(inTenMinutes).toBeLessThanOrEqual(600_000);
  });

  it.each([
    ['Wed, 25 Nov 2026 01:10:00 GMT', 600_000],
    ['Wednesday, 25-Nov-26 01:10:00 GMT', 600_000],
    ['Tue, 24 Nov 2026 01:10:00 GMT', 0],
    ['Wed, 25 Nov 2099 01:10:00 GMT', MAX_RETRY_AFTER_MS],
    ['0', 0],
    [' 5 ', 5000],
    ['999999999999999', MAX_RETRY_AFTER_MS],
    ['-5', null],
    ['1.5', null],
    ['soon 5', null],
    ['2026', 2_026_000],
    ['Wed, 99 Nov 2026 01:10:00 GMT', null],
    ['', null],
    [undefined, null],
  ])('reads a Retry-After of %s as %s', (text, expected) => {
    expect(parseRetryAfter(text, Date.UTC(2026, 10, 25, 1))).toBe(expected);
  });
});

describe('the answer to a post', () => {
  it('is read no further than 64 KiB', async () => {
    const endless = await set(
      httpTrap((response) => {
        const chunk = Buffer.alloc(65_536);
        const pour = (): void => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', pour);
        };
        pour();
      }),
    );
    const startedAt = performance.now();
    expect(await kindOf(endless.origin)).toBe('200');
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await soon(200);
    expect(endless.open).toBe(0);
    // What the system's buffers took beside what was read.
    expect(endless.sent).toBeLessThan(8 * 1024 * 1024);
  });

  const drip = (head: string, piece: string): Promise<WebTrap> =>
    set(
      rawTrap(head, (socket) => {
        const timer = setInterval(() => socket.write(piece), 100);
        socket.on('close', () => clearInterval(timer));
      }),
    );

  it('is waited for ten seconds in all, however it drips; a status that has come by then counts', async () => {
    const slow = await Promise.all([
      set(silentTrap()),
      drip('HTTP/1.1 200 OK\r\nX: ', 'x'),
      drip('', 'HTTP/1.1 100 Continue\r\n\r\n'),
      drip('HTTP/1.1 200 OK\r\n\r\n', 'x'),
      drip('HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'),
    ]);
    const startedAt = performance.now();
    const kinds = await Promise.all(slow.map(({ origin }) => kindOf(origin)));
    const tookMs = performance.now() - startedAt;
    expect(kinds).toEqual(['timeout', 'timeout', 'timeout', '200', '500']);
    expect(tookMs).toBeGreaterThan(MAX_POST_MS - 50);
    expect(tookMs).toBeLessThan(MAX_POST_MS + 1500);
    await soon();
    expect(slow.map(({ open }) => open)).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing', ''],
    ['a head of 64 KiB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`],
    [
      'that it changes the protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
    ],
  ])('is broken where it says %s', async (_, answer) => {
    expect(await kindOf((await set(rawTrap(answer))).origin)).toBe('broken');
  });

  it('counts by its status when it ends too early', async () => {
    const trap = await set(rawTrap('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok'));
    expect(await kindOf(trap.origin)).toBe('200');
  });

  it('is not waited for once the signal aborts', async () => {
    const ending = new AbortController();
    const trap = await set(silentTrap(() => ending.abort()));
    expect(await kindOf(trap.origin, { signal: ending.signal })).toBe('aborted');
    expect(await kindOf(trap.origin, { signal: ending.signal })).toBe('aborted');
    await soon();
    expect(trap).toMatchObject({ connections: 1, open: 0 });
  });

  it('comes from nobody where nobody listens', async () => {
    const trap = await fine();
    await trap.close();
    expect(await send(trap.origin)).toEqual({
      ok: false,
      fault: { kind: 'unreachable', detail: 'nothing listens there' },
    });
  });
});

describe('a post over TLS', () => {
  let folder: string;
  let ours: SelfSigned;
  let other: SelfSigned;
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sipcensus-post-'));
    ours = selfSigned('/CN=ours', { altNames: 'IP:127.0.0.1,DNS:localhost' });
    other = selfSigned('/CN=evil <script>', { altNames: 'DNS:other.example' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const tls = (certificate: SelfSigned): Promise<WebTrap> =>
    set(httpTrap((response) => response.end(), { tls: certificate }));

  it('goes to a server whose certificate the file of authorities vouches for, by address and by name', async () => {
    const trap = await tls(ours);
    const caFile = file('ours.pem', ours.cert);
    expect(await kindOf(trap.origin, { caFile })).toBe('200');
    const byName = `https://localhost:${trap.port}`;
    expect(await kindOf(byName, { caFile, allow: ['localhost'] })).toBe('200');
  });

  it('sends nothing to one whom nobody vouches for, who is another, or whose certificate has expired', async () => {
    const [stranger, impostor] = [await tls(ours), await tls(other)];
    const old = selfSigned('/CN=old', { altNames: 'IP:127.0.0.1', isOld: true });
    const expired = await set(
      httpTrap((response) => response.end(), {
        tls: { ...old, ...{ ciphers: 'DEFAULT@SECLEVEL=0' } },
      }),
    );
    expect(await send(stranger.origin)).toMatchObject({ ok: false, fault: { kind: 'untrusted' } });
    const sent = await send(impostor.origin, { caFile: file('other.pem', other.cert) });
    expect(sent).toEqual({
      ok: false,
      fault: { kind: 'untrusted', detail: 'its certificate is of another host' },
    });
    expect(await kindOf(expired.origin, { caFile: file('old.pem', old.cert) })).toBe('untrusted');
    expect([...stranger.heard, ...impostor.heard, ...expired.heard]).toEqual([]);
  });

  it('tells a server without TLS from one without HTTP', async () => {
    const plain = await fine();
    expect(await kindOf(plain.origin.replace('http', 'https'))).toBe('untrusted');
    const secure = await tls(ours);
    expect(await kindOf(secure.origin.replace('https', 'http'))).toBe('broken');
  });

  it('says which file of authorities it cannot read, and trusts nobody by one that holds none', async () => {
    const trap = await tls(ours);
    expect(await send(trap.origin, { caFile: join(folder, 'none.pem') })).toEqual({
      ok: false,
      fault: { kind: 'unreadable', detail: `${join(folder, 'none.pem')} cannot be read: it does not exist.` },
    });
    expect(await kindOf(trap.origin, { caFile: file('junk.pem', 'no certificate\n') })).toBe('untrusted');
    expect(trap.heard).toEqual([]);
  });
});

describe('where a post may go', () => {
  const FORMS = [
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://①②⑦.0.0.1:PORT/',
    'http:\\\\127.0.0.1:PORT/',
    'http://127.99.0.7:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://localhost:PORT/',
    'http://LocalHost:PORT/',
    `http://${hostname()}:PORT/`,
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[0:0:0:0:0:0:0:1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[64:ff9b:1::7f00:1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://169.254.169.254:PORT/latest/meta-data/',
    'http://[fd00:ec2::254]:PORT/',
    'http://168.63.129.16:PORT/',
    'http://192.0.0.192:PORT/',
    'http://10.0.0.1:PORT/',
    'http://172.31.255.255:PORT/',
    'http://192.168.1.1:PORT/',
    'http://100.64.1.1:PORT/',
    'http://[fd00::1]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://[fec0::1]:PORT/',
    'http://224.0.0.1:PORT/',
    'http://[ff02::1]:PORT/',
    'http://255.255.255.255:PORT/',
    'http://240.0.0.1:PORT/',
    'http://198.18.0.1:PORT/',
    'http://[2001:db8::1]:PORT/',
  ];

  it.each(FORMS)('is not %s, and nobody there is reached', async (form) => {
    const four = await fine();
    const six = await set(httpTrap((response) => response.end(), { address: '::1', port: four.port }));
    const sent = await send(form.replace('PORT', String(four.port)), { allow: [] });
    expect(sent).toMatchObject({ ok: false, fault: { kind: 'forbidden' } });
    await soon(20);
    expect([four.connections, six.connections]).toEqual([0, 0]);
  });

  it.each([
    'http://user@127.0.0.1:PORT/',
    'http://:secret@127.0.0.1:PORT/',
    'http://8.8.8.8@127.0.0.1:PORT/',
    'ftp://127.0.0.1:PORT/',
    'file:///etc/hostname',
    'http://[fe80::1%25lo]:PORT/',
    '//127.0.0.1:PORT/',
    'http://',
    '',
  ])('is not %s: that cannot be sent to at all', async (url) => {
    const trap = await fine();
    const sent = await send(url.replace('PORT', String(trap.port)));
    expect(sent).toMatchObject({ ok: false, fault: { kind: 'unsendable' } });
    if (!sent.ok) expect(sent.fault.detail).not.toContain('secret');
    expect(trap.connections).toBe(0);
  });

  it.each([
    ['http://127.0.0.1:PORT/', '127.0.0.1'],
    ['http://127.0.0.1:PORT/', '127.0.0.0/8'],
    ['http://2130706433:PORT/', '127.0.0.1'],
    ['http://localhost:PORT/', 'LocalHost'],
    ['http://[::ffff:127.0.0.1]:PORT/', '127.0.0.1'],
    ['http://[::1]:PORT/', '::1'],
    ['http://[::1]:PORT/', '0:0:0:0:0:0:0:1'],
    ['http://[::1]:PORT/', '::/64'],
  ])('is %s, where the configuration allows %s', async (url, entry) => {
    const four = await fine();
    await set(httpTrap((response) => response.end(), { address: '::1', port: four.port }));
    expect(await kindOf(url.replace('PORT', String(four.port)), { allow: ['10.0.0.0/8', entry] })).toBe(
      '200',
    );
  });

  it.each([
    ['http://127.0.0.1:PORT/', '127.0.0.2'],
    ['http://127.0.0.1:PORT/', '127.1'],
    ['http://127.0.0.1:PORT/', '0127.0.0.1'],
    ['http://127.0.0.1:PORT/', '127.0.0.0/33'],
    ['http://127.0.0.1:PORT/', '127.0.0/8'],
    ['http://127.0.0.1:PORT/', '::/0'],
    ['http://127.0.0.1:PORT/', 'localhost'],
    ['http://127.0.0.1:PORT/', ''],
    ['http://localhost:PORT/', 'host'],
    ['http://localhost:PORT/', '*'],
    ['http://[::1]:PORT/', '0.0.0.0/0'],
  ])('is not %s, where the configuration allows only %s', async (url, entry) => {
    const trap = await fine();
    expect(await kindOf(url.replace('PORT', String(trap.port)), { allow: [entry] })).toBe('forbidden');
    expect(trap.connections).toBe(0);
  });

  it('checks the addresses that a name stands for, so that a name is allowed by them too', async () => {
    const trap = await fine();
    const addresses = (await lookup('localhost', { all: true })).map(({ address }) => address);
    expect(await kindOf(`http://localhost:${trap.port}/`, { allow: addresses })).toBe('200');
  });

  it('is an address inside a site under an allowed name, and no other special one', () => {
    const allow = ['hooks.example'];
    for (const inside of [
      '10.1.2.3',
      '192.168.1.1',
      '127.0.0.1',
      '::1',
      'fd00::1',
      '100.64.0.9',
      '::ffff:10.0.0.1',
    ])
      expect([inside, whyNotCall('hooks.example', inside, allow)]).toEqual([inside, null]);
    for (const special of [
      '169.254.169.254',
      'fe80::1',
      'fe80::1%eth0',
      '0.0.0.0',
      '::',
      '224.0.0.1',
      '168.63.129.16',
    ])
      expect([special, whyNotCall('hooks.example', special, allow)]).not.toEqual([special, null]);
    expect(whyNotCall('Hooks.example.', '10.1.2.3', allow)).toBeNull();
    expect(whyNotCall('hooks.example', '169.254.169.254', ['169.254.169.254'])).toBeNull();
  });

  it('is any public address', () => {
    for (const address of [
      '8.8.8.8',
      '1.1.1.1',
      '223.255.255.254',
      '2606:4700:4700::1111',
      '64:ff9b::808:808',
    ])
      expect([address, whyNotCall('a.example', address, [])]).toEqual([address, null]);
    for (const text of ['', 'a.example', '8.8.8', '4000::1', '::808:808'])
      expect([text, whyNotCall('a.example', text, [])]).not.toEqual([text, null]);
  });

  it('is never a proxy that the environment names', async () => {
    const [proxy, target] = [await fine(), await fine()];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { post } from './src/platform/post.ts';
         const sent = await post({ url: '${target.origin}', headers: {}, body: '{}', allow: ['127.0.0.1'] });
         console.log(sent.ok ? sent.value.status : sent.fault.kind);`,
      ],
      {
        env: {
          ...process.env,
          NODE_USE_ENV_PROXY: '1',
          HTTP_PROXY: proxy.origin,
          http_proxy: proxy.origin,
          NO_PROXY: '',
          no_proxy: '',
        },
      },
    );
    expect(stdout.trim()).toBe('200');
    expect([proxy.connections, target.connections]).toEqual([0, 1]);
  });
});

it('sends no header that would end its line, and never quotes it', async () => {
  const trap = await fine();
  const sent = await send(trap.origin, { headers: { Authorization: 'Bearer s3cret\r\nX-Evil: 1' } });
  expect(sent).toMatchObject({ ok: false, fault: { kind: 'unsendable' } });
  expect(JSON.stringify(sent)).not.toContain('s3cret');
  await soon();
  expect(trap.connections).toBe(0);
});
