import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelReport } from '../../src/channels/channel.ts';
import { LONGEST_MS } from '../../src/channels/sip-options/connections.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { selfSigned } from '../platform/certificates.ts';
import { valueOf } from '../sim/sweep.ts';
import { answerTo } from './answers.ts';
import { realSweep } from './real-sweep.ts';

const NETWORK = '127.91.0.0/27';
const answer = (asked: Uint8Array, status = '200 OK'): Uint8Array =>
  answerTo(asked, `SIP/2.0 ${status}`, ['User-Agent: Acme P10W/1.10']);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function drip(socket: Socket, bytes: Uint8Array, ms: number): Promise<void> {
  for (const byte of bytes) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await pause(ms);
  }
}

/** Writes for ever, as fast as it is read. */
function flood(socket: Socket, bytes: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', write);
  write();
}

type Talk = (socket: Socket, asked: Uint8Array) => void;

/** What listeners do with the question. The first ones answer, the others do not. */
const ANSWERING: Record<string, Talk> = {
  plainly: (socket, asked) => void socket.write(answer(asked)),
  'byte by byte': (socket, asked) => void drip(socket, answer(asked), 2),
  'twice in one segment': (socket, asked) => void socket.write(Buffer.concat([answer(asked), answer(asked)])),
  'after a provisional answer': (socket, asked) => {
    socket.write(answer(asked, '100 Trying'));
    setTimeout(() => socket.write(answer(asked)), 300);
  },
  'after keep-alives': (socket, asked) =>
    void socket.write(Buffer.concat([Buffer.from('\r\n\r\n'), answer(asked)])),
  'and ends first': (socket, asked) => void socket.end(answer(asked)),
  'with 20 MiB behind it': (socket, asked) => {
    socket.write(answer(asked));
    flood(socket, Buffer.alloc(65_536, 'x'));
  },
};
const HOSTILE: Record<string, Talk> = {
  'endless headers': (socket) => {
    socket.write('SIP/2.0 200 OK\r\n');
    flood(socket, Buffer.from('X-Header: and one more\r\n'.repeat(1000)));
  },
  '20 MiB of nothing': (socket) => void socket.write(Buffer.alloc(20 * 1024 * 1024)),
  'a byte now and then': (socket, asked) => void drip(socket, answer(asked), 200),
  silence: () => undefined,
  'half a message': (socket, asked) => void socket.write(answer(asked).subarray(0, 150)),
  'half a message and its end': (socket, asked) => void socket.end(answer(asked).subarray(0, 150)),
  'an end at once': (socket) => void socket.end(),
  'our own question': (socket, asked) => void socket.write(asked),
};
const TALKS = Object.entries({ ...ANSWERING, ...HOSTILE });

interface Taken {
  /** Milliseconds from connecting to the FIN of the other side, and to the end of both. */
  finMs: number | null;
  closeMs: number | null;
  errors: string[];
  /** Those that came while our half was still open. */
  errorsBeforeFin: string[];
  text: string;
}

describe.each(['tcp', 'tls'] as const)('sip-options over real %s sockets', (transport) => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  const taken = new Map<string, Taken[]>();
  let heard: Sighting[];
  let report: ChannelReport;
  const addressOf = (name: string): string => `127.91.0.${TALKS.findIndex(([other]) => other === name) + 1}`;

  /** Its own half stays open unless the talk ends it: none of these closes because we do. */
  const take = (name: string, talk: Talk) => (socket: Socket) => {
    const startedAt = performance.now();
    const mine: Taken = { finMs: null, closeMs: null, errors: [], errorsBeforeFin: [], text: '' };
    taken.set(name, [...(taken.get(name) ?? []), mine]);
    sockets.push(socket);
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      mine.errors.push(code);
      if (mine.finMs === null) mine.errorsBeforeFin.push(code);
    });
    socket.on('end', () => (mine.finMs = performance.now() - startedAt));
    socket.on('close', () => (mine.closeMs = performance.now() - startedAt));
    socket.on('data', (bytes: Buffer) => {
      const isWhole = (mine.text += bytes.toString()).endsWith('\r\n\r\n');
      if (isWhole) talk(socket, Buffer.from(mine.text));
    });
  };

  beforeAll(async () => {
    const own = selfSigned('/O=Acme/CN=001565aabbcc');
    for (const [name, talk] of TALKS) {
      const server =
        transport === 'tcp'
          ? createServer({ allowHalfOpen: true }, take(name, talk))
          : createTlsServer({ ...own, allowHalfOpen: true }, take(name, talk));
      servers.push(server.listen(transport === 'tcp' ? 5060 : 5061, addressOf(name)));
      await once(server, 'listening');
    }
    ({ heard, report } = await realSweep(NETWORK, { transports: [transport], maxConnections: 16 }));
  });

  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  it.each(Object.keys(ANSWERING))('finds who answers %s', (name) => {
    const mine = heard.filter(({ from }) => from.address === addressOf(name));
    expect(mine).toHaveLength(1);
    expect(mine[0]?.from).toMatchObject({ transport, port: transport === 'tcp' ? 5060 : 5061 });
    expect(valueOf(mine[0], 'sip.status')).toBe('200');
    expect(valueOf(mine[0], 'sip.user_agent')).toBe('Acme P10W/1.10');
    expect(valueOf(mine[0], 'tls.subject')).toBe(transport === 'tls' ? 'CN=001565aabbcc,O=Acme' : undefined);
  });

  it.each(Object.keys(HOSTILE))('finds nobody who says %s', (name) => {
    expect(heard.filter(({ from }) => from.address === addressOf(name))).toEqual([]);
  });

  it.each(TALKS.map(([name]) => name))(
    'connects once, asks once, and ends in time, whoever is there: %s',
    async (name) => {
      const [only, ...more] = taken.get(name) ?? [];
      expect(more).toEqual([]);
      expect(only?.text).toMatch(
        new RegExp(
          `^OPTIONS sip:127\\.91\\.0\\.\\d+:506[01] SIP/2\\.0\r\nVia: SIP/2\\.0/${transport.toUpperCase()} `,
        ),
      );
      expect(only?.text.match(/OPTIONS sip:/g)).toHaveLength(1);
      // A listener that never reads its own end may learn of ours only when its writing fails.
      await expect.poll(() => only?.finMs ?? only?.closeMs ?? Infinity).toBeLessThan(LONGEST_MS);
    },
  );

  it.each(TALKS.map(([name]) => name).filter((name) => !/20 MiB|endless/.test(name)))(
    'ends by FIN, never by RST, whoever is there: %s',
    async (name) => {
      await expect.poll(() => taken.get(name)?.[0]?.finMs).toEqual(expect.any(Number));
      expect(taken.get(name)?.[0]?.errorsBeforeFin).toEqual([]);
      // Who goes on talking for a minute is answered by the system, long after our FIN, once nobody reads any more.
      if (name !== 'a byte now and then') expect(taken.get(name)?.[0]?.errors).toEqual([]);
    },
  );

  it('counts what it refuses', () => {
    expect(report.refused).toEqual({ duplicate: 1, malformed: 5, 'own-echo': 1 });
    expect(report.sent).toBe(30);
  });
});
