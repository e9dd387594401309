import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CLOSE_MS, openStream } from '../../src/platform/tcp.ts';
import { selfSigned, type SelfSigned } from './certificates.ts';

const ADDRESS = '127.90.0.1';
const never = new AbortController().signal;
const servers: Server[] = [];
/** What every server of a test has seen, its sockets in the order of coming. */
let seen: { text: string; events: string[]; socket: Socket }[] = [];

/** Of this process, the listening socket of a test's server included. */
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((resource) => /^(TCP|TLS).*Wrap$/.test(resource)).length;

beforeEach(() => expect.poll(openSockets).toBe(0));

afterEach(async () => {
  for (const { socket } of seen) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  seen = [];
});

function watch(socket: Socket): void {
  const mine = { text: '', events: [] as string[], socket };
  seen.push(mine);
  socket.on('data', (bytes: Buffer) => (mine.text += bytes.toString('latin1')));
  for (const event of ['end', 'close'] as const) socket.on(event, () => mine.events.push(event));
  socket.on('error', (error: NodeJS.ErrnoException) => mine.events.push(error.code ?? 'error'));
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that leaves its own half open, as `talk` wants it; plain, or with TLS where there are options for it. */
function serve(talk: (socket: Socket) => void, tls?: TlsOptions): Promise<number> {
  const take = (socket: Socket): void => {
    watch(socket);
    talk(socket);
  };
  if (tls === undefined) return listening(createServer({ allowHalfOpen: true }, take));
  const server = createTlsServer({ ciphers: 'DEFAULT:@SECLEVEL=0', ...tls }, take);
  server.on('tlsClientError', () => undefined);
  return listening(server);
}

const open = (transport: 'tcp' | 'tls', port: number, timeoutMs = 3000, signal = never) =>
  openStream({ transport, address: ADDRESS, port }, timeoutMs, signal);

async function opened(transport: 'tcp' | 'tls', port: number) {
  const outcome = await open(transport, port);
  if (!outcome.ok) throw new Error(outcome.fault);
  return outcome.value;
}

/** All that a connection hands over until its end. */
function listenTo(connection: { onBytes(handler: (bytes: Uint8Array | null) => void): void }) {
  const heard = { text: '', ends: 0 };
  connection.onBytes((bytes) => {
    if (bytes === null) heard.ends += 1;
    else heard.text += Buffer.from(bytes).toString('latin1');
  });
  return heard;
}

let own: SelfSigned;
beforeAll(() => {
  own = selfSigned('/C=CN/O=Acme, Inc./CN=64167F169981', { altNames: 'DNS:phone.example,IP:192.0.2.7' });
});

describe.each(['tcp', 'tls'] as const)('a connection over %s', (transport) => {
  const tls = (): TlsOptions | undefined => (transport === 'tls' ? own : undefined);

  it('carries bytes both ways, and ends by FIN on both sides with nothing left open', async () => {
    const port = await serve((socket) => {
      socket.once('data', () => socket.write('answer'));
      socket.on('end', () => socket.end());
    }, tls());
    const connection = await opened(transport, port);
    expect(connection).toMatchObject({ localAddress: '127.0.0.1', localPort: expect.any(Number) as number });
    const heard = listenTo(connection);
    connection.send(Buffer.from('question'));
    await expect.poll(() => heard.text).toBe('answer');
    await connection.close();
    await expect.poll(() => seen[0]).toMatchObject({ text: 'question', events: ['end', 'close'] });
    await expect.poll(openSockets).toBe(1);
  });

  it('keeps what came before anybody listened', async () => {
    const port = await serve((socket) => void socket.write('early'), tls());
    const connection = await opened(transport, port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const heard = listenTo(connection);
    await expect.poll(() => heard.text).toBe('early');
    await connection.close();
  });

  it('tells that the other side has ended, and sends its own FIN when it is told to, not before', async () => {
    const port = await serve((socket) => void socket.end('last words'), tls());
    const connection = await opened(transport, port);
    const heard = listenTo(connection);
    await expect.poll(() => heard).toEqual({ text: 'last words', ends: 1 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(seen[0]?.events).toEqual([]);
    await connection.close();
    await expect.poll(() => seen[0]?.events).toContain('end');
  });

  it.each([
    ['while somebody listens', true],
    ['though nobody ever listened', false],
  ])('takes, without RST, what still comes after its FIN, %s', async (_, isListening) => {
    const port = await serve((socket) => {
      socket.write('early');
      socket.on('end', () => {
        socket.write('late');
        setTimeout(() => socket.end('last'), 100);
      });
    }, tls());
    const connection = await opened(transport, port);
    if (isListening) listenTo(connection);
    const startedAt = performance.now();
    await connection.close();
    expect(performance.now() - startedAt).toBeLessThan(CLOSE_MS - 200);
    await expect.poll(() => seen[0]?.events).toEqual(['end', 'close']);
  });

  it('tells that the other side has dropped it, and closes at once', async () => {
    const drop = (socket: Socket) => (transport === 'tcp' ? socket.resetAndDestroy() : socket.destroy());
    const port = await serve((socket) => void socket.once('data', () => drop(socket)), tls());
    const connection = await opened(transport, port);
    const heard = listenTo(connection);
    connection.send(Buffer.from('question'));
    await expect.poll(() => heard.ends).toBeGreaterThan(0);
    await connection.close();
    const late = listenTo(connection);
    expect(late.ends).toBe(1);
  });

  it.each([
    ['never closes', () => undefined],
    [
      'never stops talking',
      (socket: Socket) => {
        const talk = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
        };
        socket.on('drain', talk);
        talk();
      },
    ],
  ])('ends within its limit where the other side %s', async (_, talk) => {
    const port = await serve(talk, tls());
    const connection = await opened(transport, port);
    listenTo(connection);
    const startedAt = performance.now();
    await connection.close();
    expect(performance.now() - startedAt).toBeLessThan(CLOSE_MS + 500);
    seen[0]?.socket.destroy();
    await expect.poll(openSockets).toBe(1);
  });

  it('is not there where nobody listens', async () => {
    const port = await listening(createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await open(transport, port)).toEqual({ ok: false, fault: 'unreachable' });
  });
});

describe('a TLS connection', () => {
  it('shows the certificate, common name first, and checks nothing of it', async () => {
    const connection = await opened('tls', await serve((socket) => void socket.end(), own));
    expect(connection.certificate).toEqual({
      subject: 'CN=64167F169981,O=Acme\\, Inc.,C=CN',
      issuer: 'CN=64167F169981,O=Acme\\, Inc.,C=CN',
      altNames: 'DNS:phone.example, IP Address:192.0.2.7',
    });
    await connection.close();
  });

  it.each(['TLSv1', 'TLSv1.2', 'TLSv1.3'] as const)(
    'is made over %s with an expired certificate of a weak key',
    async (version) => {
      const old = selfSigned('/O=Old/CN=001565aabbcc', { isOld: true });
      const port = await serve((socket) => void socket.end(), {
        ...old,
        minVersion: version,
        maxVersion: version,
      });
      const connection = await opened('tls', port);
      expect(connection.certificate?.subject).toBe('CN=001565aabbcc,O=Old');
      await connection.close();
    },
  );

  it('begins with a ClientHello that fits one packet and names no server', async () => {
    const port = await serve(() => undefined);
    expect(await open('tls', port, 300)).toEqual({ ok: false, fault: 'unreachable' });
    const hello = seen[0]?.text ?? '';
    expect(hello.startsWith('\x16\x03')).toBe(true);
    expect(hello.length).toBeLessThan(1000);
    expect(hello).not.toContain(ADDRESS);
  });

  it.each([
    ['speaks something else', (socket: Socket) => void socket.write('SIP/2.0 400 Bad Request\r\n\r\n')],
    ['closes at once', (socket: Socket) => void socket.end()],
    ['resets at once', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy())],
  ])('is none where the other side %s, and leaves nothing open', async (_, talk) => {
    const port = await serve(talk);
    const startedAt = performance.now();
    expect(await open('tls', port)).toEqual({ ok: false, fault: 'no-tls' });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    seen[0]?.socket.destroy();
    await expect.poll(openSockets).toBe(1);
  });

  it('gives up a handshake that takes too long, by FIN', async () => {
    const port = await serve(() => undefined);
    const startedAt = performance.now();
    expect(await open('tls', port, 300)).toEqual({ ok: false, fault: 'unreachable' });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    await expect.poll(() => seen[0]?.events).toEqual(['end']);
  });

  it('gives up when it is told to, and leaves nothing open', async () => {
    const port = await serve(() => undefined);
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 50);
    expect(await open('tls', port, 3000, ending.signal)).toEqual({ ok: false, fault: 'unreachable' });
    expect(await open('tcp', port, 3000, ending.signal)).toEqual({ ok: false, fault: 'unreachable' });
    seen[0]?.socket.destroy();
    await expect.poll(openSockets).toBe(1);
    expect(seen).toHaveLength(1);
  });
});

it('tells a failure of this machine from silence', async () => {
  // No packet: the system knows no way from an ordinary socket to a broadcast address.
  expect(await openStream({ transport: 'tcp', address: '255.255.255.255', port: 5060 }, 1000, never)).toEqual(
    { ok: false, fault: 'failed' },
  );
});
