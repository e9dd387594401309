import { execFile } from 'node:child_process';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { httpGet, MAX_BODY_BYTES, MAX_FETCH_MS } from '../../src/platform/http-get.ts';
import { CERTIFICATE, KEY } from './self-signed.ts';

interface Trap {
  url: string;
  connections: number;
  /** Connections that the client has not ended yet. */
  open: number;
  sent: number;
}

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listen(server: Server, address = '127.0.0.1', scheme = 'http'): Promise<Trap> {
  const sockets = new Set<Socket>();
  const trap: Trap = { url: '', connections: 0, open: 0, sent: 0 };
  server.on('connection', (socket: Socket) => {
    trap.connections += 1;
    trap.open += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      trap.open -= 1;
      trap.sent += socket.bytesWritten;
    });
  });
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const host = address.includes(':') ? `[${address}]` : address;
  trap.url = `${scheme}://${host}:${(server.address() as AddressInfo).port}/desc.xml`;
  return trap;
}

const http = (handler: RequestListener): Promise<Trap> => listen(createHttp(handler));
/** Answers any connection with these bytes at once, whatever it says. */
const raw = (answer: string, then: (socket: Socket) => void = (socket) => socket.end()): Promise<Trap> =>
  listen(
    createTcp((socket) => {
      socket.once('data', () => {
        socket.write(answer);
        then(socket);
      });
    }),
  );
const soon = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('httpGet', () => {
  it('gets a body, says who asks, and closes the connection', async () => {
    let asked: unknown = null;
    const trap = await http(({ method, url, headers }, response) => {
      asked = { method, url, headers };
      response.end('<root/>');
    });
    const got = await httpGet(trap.url);
    expect(got.ok && Buffer.from(got.value).toString()).toBe('<root/>');
    expect(asked).toEqual({
      method: 'GET',
      url: '/desc.xml',
      headers: {
        host: trap.url.split('/')[2],
        connection: 'close',
        'user-agent': expect.stringMatching(/^sipcensus\/[\d.]+ /) as string,
      },
    });
    await soon();
    expect(trap).toMatchObject({ connections: 1, open: 0 });
  });

  it('gets a body over TLS from a device that signed its own certificate, and over IPv6', async () => {
    const handler: RequestListener = (_, response) => response.end('<root/>');
    const tls = await listen(createHttps({ key: KEY, cert: CERTIFICATE }, handler), '127.0.0.1', 'https');
    expect(await httpGet(tls.url)).toMatchObject({ ok: true });
    expect(await httpGet((await listen(createHttp(handler), '::1')).url)).toMatchObject({ ok: true });
  });

  it('takes a body of exactly the limit, and one that ends with the connection', async () => {
    const trap = await http((_, response) => response.end(Buffer.alloc(MAX_BODY_BYTES)));
    expect(await httpGet(trap.url)).toMatchObject({ ok: true, value: { length: MAX_BODY_BYTES } });
    const old = await raw('HTTP/1.0 200 OK\r\n\r\n<root/>');
    expect(await httpGet(old.url)).toMatchObject({ ok: true, value: { length: 7 } });
  });

  it.each([301, 302, 303, 307, 308, 300, 304])('follows no redirect: %d', async (status) => {
    const elsewhere = await http((_, response) => response.end('<root/>'));
    const trap = await http((_, response) =>
      response.writeHead(status, { Location: elsewhere.url, Refresh: `0; url=${elsewhere.url}` }).end(),
    );
    expect(await httpGet(trap.url)).toEqual({ ok: false, fault: 'redirect' });
    await soon();
    expect(elsewhere.connections).toBe(0);
    expect(trap).toMatchObject({ connections: 1, open: 0 });
  });

  it.each([204, 206, 401, 404, 500])('takes no body of a status %d', async (status) => {
    const trap = await http((_, response) => response.writeHead(status).end('<root/>'));
    expect(await httpGet(trap.url)).toEqual({ ok: false, fault: 'bad-status' });
  });

  it('reads no more than the limit of a body of 256 MiB, whether its length is told or not', async () => {
    const most = 256 * 1024 * 1024;
    const told = await http((_, response) => {
      response.writeHead(200, { 'Content-Length': most });
      response.write(Buffer.alloc(1024));
    });
    expect(await httpGet(told.url)).toEqual({ ok: false, fault: 'too-large' });
    const endless = await http((_, response) => {
      const chunk = Buffer.alloc(65_536);
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    expect(await httpGet(endless.url)).toEqual({ ok: false, fault: 'too-large' });
    await soon(200);
    expect([told.open, endless.open]).toEqual([0, 0]);
    // What the system's buffers took beside what we read.
    expect(endless.sent).toBeLessThan(8 * 1024 * 1024);
  });

  it('unpacks nothing', async () => {
    const packed = Buffer.from('1f8b0800', 'hex');
    const trap = await http((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed),
    );
    expect(await httpGet(trap.url)).toEqual({ ok: true, value: packed });
  });

  const SLOW: Record<string, () => Promise<Trap>> = {
    'answers nothing': () => listen(createTcp((socket) => void socket.resume())),
    'sends its head byte by byte': () =>
      raw('HTTP/1.1 200 OK\r\nX: ', (socket) => {
        const timer = setInterval(() => socket.write('x'), 100);
        socket.on('close', () => clearInterval(timer));
      }),
    'sends its body byte by byte': () =>
      http((_, response) => {
        const timer = setInterval(() => response.write('x'), 100);
        response.on('close', () => clearInterval(timer));
      }),
    'says 100 Continue again and again': () =>
      raw('', (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 100);
        socket.on('close', () => clearInterval(timer));
      }),
  };
  it.each(Object.entries(SLOW))('gives up after five seconds on one that %s', async (_, start) => {
    const trap = await start();
    const startedAt = performance.now();
    expect(await httpGet(trap.url)).toEqual({ ok: false, fault: 'timeout' });
    expect(performance.now() - startedAt).toBeGreaterThan(MAX_FETCH_MS - 50);
    expect(performance.now() - startedAt).toBeLessThan(MAX_FETCH_MS + 1000);
    await soon();
    expect(trap.open).toBe(0);
  });

  it('stops when it is told to', async () => {
    const ending = new AbortController();
    const trap = await listen(createTcp(() => ending.abort()));
    expect(await httpGet(trap.url, ending.signal)).toEqual({ ok: false, fault: 'aborted' });
    expect(await httpGet(trap.url, ending.signal)).toEqual({ ok: false, fault: 'aborted' });
    await soon();
    expect(trap).toMatchObject({ connections: 1, open: 0 });
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['nothing', ''],
    ['less than it promised', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<root/>'],
    ['a head of 64 KiB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('calls broken what says %s', async (_, answer) => {
    expect(await httpGet((await raw(answer)).url)).toEqual({ ok: false, fault: 'broken' });
  });

  it('takes no other protocol for an answer', async () => {
    const trap = await raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    expect(await httpGet(trap.url)).toEqual({ ok: false, fault: 'bad-status' });
  });

  it('tells who is not there', async () => {
    const trap = await http(() => undefined);
    closing.splice(0).forEach((close) => close());
    expect(await httpGet(trap.url)).toEqual({ ok: false, fault: 'unreachable' });
  });

  it.each([
    'http://localhost:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://user@127.0.0.1:PORT/',
    'http:\\\\127.0.0.1:PORT/',
    'http:127.0.0.1:PORT/',
    '//127.0.0.1:PORT/',
    'ftp://127.0.0.1:PORT/',
    'file:///etc/hostname',
    'http://',
    '',
  ])('refuses %s, and asks nobody', async (url) => {
    const trap = await http((_, response) => response.end());
    const { port } = new URL(trap.url);
    expect(await httpGet(url.replace('PORT', port))).toEqual({ ok: false, fault: 'refused' });
    expect(trap.connections).toBe(0);
  });

  it('goes through no proxy that the environment names', async () => {
    const proxy = await http((_, response) => response.end('proxied'));
    const device = await http((_, response) => response.end('direct'));
    const { origin } = new URL(proxy.url);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { httpGet } from './src/platform/http-get.ts';
         const got = await httpGet('${device.url}');
         console.log(got.ok ? got.value.toString() : got.fault);`,
      ],
      {
        env: {
          ...process.env,
          NODE_USE_ENV_PROXY: '1',
          HTTP_PROXY: origin,
          http_proxy: origin,
          NO_PROXY: '',
        },
      },
    );
    expect(stdout.trim()).toBe('direct');
    expect(proxy.connections).toBe(0);
  });
});
