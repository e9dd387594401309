import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { postJsonTo } from '../../src/platform/post-json.ts';
import { openConversation } from '../../src/platform/stream.ts';
import { readAsterisk } from '../../src/registrations/asterisk-ami/index.ts';
import { readFreeswitch } from '../../src/registrations/freeswitch/index.ts';
import { readKamailio } from '../../src/registrations/kamailio/index.ts';
import { MAX_ANSWER_BYTES, type SourceOutcome } from '../../src/registrations/source.ts';
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
} from './peers.ts';

/** Short, for the tests that await it; for the others the machine may be busy. */
const SILENCE_MS = 300;
const PATIENCE_MS = 30_000;
const SHORT = { silenceMs: SILENCE_MS };
const MIB = 1024 * 1024;
const peers: Peer[] = [];
afterEach(() => peers.splice(0).forEach((peer) => peer.close()));

const CREDENTIALS = { user: 'sipcensus', secret: 'geheim' };
const never = new AbortController().signal;

interface Patience {
  signal?: AbortSignal;
  silenceMs?: number;
}

async function talkTo(
  port: number,
  read: 'asterisk' | 'freeswitch',
  { signal = never, silenceMs = PATIENCE_MS }: Patience = {},
): Promise<SourceOutcome> {
  const stream = await openConversation({ host: '127.0.0.1', port, tls: false, silenceMs, signal });
  if (!stream.ok) return stream;
  const work = { stream: stream.value, credentials: CREDENTIALS, clock: systemClock };
  const outcome = await (read === 'asterisk' ? readAsterisk(work) : readFreeswitch(work));
  stream.value.close();
  return outcome;
}
const SOURCES = {
  asterisk: (port: number, patience?: Patience) => talkTo(port, 'asterisk', patience),
  freeswitch: (port: number, patience?: Patience) => talkTo(port, 'freeswitch', patience),
  kamailio: (port: number, { signal = never, silenceMs = PATIENCE_MS }: Patience = {}) => {
    const url = new URL(`http://127.0.0.1:${port}/RPC`);
    const mostBytes = MAX_ANSWER_BYTES;
    return readKamailio(postJsonTo({ url, credentials: null, silenceMs, mostBytes, signal }));
  },
};
type Source = keyof typeof SOURCES;
const ALL = Object.keys(SOURCES) as Source[];
const BEGINNING: Record<Source, string> = {
  asterisk: 'Asterisk Call Manager/7.0.3\r\n',
  freeswitch: 'Content-Type: auth/request\n\n',
  kamailio: 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n',
};

const peer = async (serve: Parameters<typeof listen>[0]): Promise<number> => {
  const opened = await listen(serve);
  peers.push(opened);
  return opened.port;
};
const kindOf = (outcome: SourceOutcome): string => (outcome.ok ? 'ok' : outcome.fault.kind);

/** Writes `text` again and again, as fast as it is taken, for ever. */
function pourOut(socket: Socket, text: string): void {
  const bytes = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  const pour = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', pour);
  pour();
}

describe.each(ALL)('a peer that is no %s, or a hostile one', (source) => {
  const ask = SOURCES[source];

  it('that says nothing is left after a time', async () => {
    const begun = performance.now();
    expect(kindOf(await ask(await peer(() => undefined), SHORT))).toBe('silent');
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS);
  });

  it('that falls silent after its first words is left too', async () => {
    expect(kindOf(await ask(await peer((socket) => void socket.write(BEGINNING[source])), SHORT))).toBe(
      'silent',
    );
  });

  it('that greets as something else is asked nothing', async () => {
    const port = await peer((socket, heard) => {
      socket.on('data', (bytes: Buffer) => heard.push(bytes.toString()));
      socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n');
    });
    const kind = kindOf(await ask(port, SHORT));
    expect(['not-expected', 'unreachable', 'silent']).toContain(kind);
    if (source !== 'kamailio') expect(peers[0]?.heard).toEqual([]);
  });

  it('that never ends is cut off, in lines and without one', async () => {
    for (const text of ['Event: Nothing\r\nX: y\r\n\r\n', 'x', '\n']) {
      const port = await peer((socket) => {
        socket.write(BEGINNING[source]);
        pourOut(socket, text);
      });
      expect(kindOf(await ask(port))).toMatch(/^(?:too-long|not-expected)$/);
    }
  });

  it('that hangs up is said to', async () => {
    expect(['closed', 'not-expected']).toContain(
      kindOf(await ask(await peer((socket) => void socket.end(BEGINNING[source])))),
    );
    expect(kindOf(await ask(await peer((socket) => void socket.resetAndDestroy())))).toBe('closed');
  });

  it('that trickles is left when the whole time is over, and when a person interrupts', async () => {
    const port = await peer((socket) => {
      if (source === 'kamailio') socket.write(BEGINNING.kamailio);
      const timer = setInterval(() => socket.write(' '), 50);
      socket.on('close', () => clearInterval(timer));
    });
    expect(kindOf(await ask(port, { signal: AbortSignal.timeout(700) }))).toBe('silent');
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 200);
    expect(kindOf(await ask(port, { signal: interruption.signal }))).toBe('interrupted');
    expect(kindOf(await ask(port, { signal: AbortSignal.abort() }))).toBe('interrupted');
  });

  it('that is not there is unreachable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    expect(kindOf(await ask(port))).toBe('unreachable');
  });
});

describe('a list of 20 MiB', () => {
  it('of contacts is refused as a whole, and the memory of it never held', async () => {
    const wordy = contact({ Path: 'x'.repeat(4000) });
    const asterisk = await asteriskOf({
      answers: {
        PJSIPShowContacts: contactList(...Array.from({ length: Math.ceil((20 * MIB) / 4600) }, () => wordy)),
      },
    });
    peers.push(asterisk);
    expect(kindOf(await talkTo(asterisk.port, 'asterisk'))).toBe('too-long');
  });

  it('of registrations is refused by the length that it announces', async () => {
    const one = registration();
    const freeswitch = await freeswitchOf({
      'sofia xmlstatus': PROFILES,
      'sofia xmlstatus profile internal reg': registrationsXml(
        ...Array.from({ length: Math.ceil((20 * MIB) / one.length) }, () => one),
      ),
    });
    peers.push(freeswitch);
    expect(kindOf(await talkTo(freeswitch.port, 'freeswitch'))).toBe('too-long');
  });

  it('as JSON is refused, whether it says its length or not', async () => {
    for (const length of ['', `Content-Length: ${20 * MIB}\r\n`]) {
      const port = await peer(
        (socket) => void socket.end(`HTTP/1.1 200 OK\r\n${length}\r\n${' '.repeat(20 * MIB)}`),
      );
      expect(kindOf(await SOURCES.kamailio(port))).toBe('too-long');
    }
  });

  it('is far more than ten thousand phones, which are read', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      contact({ Endpoint: String(index), ObjectName: `${index};@0` }),
    );
    const asterisk = await asteriskOf({ answers: { PJSIPShowContacts: contactList(...many) } });
    peers.push(asterisk);
    const outcome = await talkTo(asterisk.port, 'asterisk');
    expect(outcome.ok && outcome.value.registrations.length).toBe(10_000);
  });
});

describe('the connection', () => {
  it('follows no redirect', async () => {
    const elsewhere = await listen((socket, heard) => void socket.on('data', () => heard.push('asked')));
    peers.push(elsewhere);
    const port = await peer(
      (socket) =>
        void socket.end(
          `HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:${elsewhere.port}/\r\nContent-Length: 0\r\n\r\n`,
        ),
    );
    expect(await SOURCES.kamailio(port)).toEqual({
      ok: false,
      fault: { kind: 'not-expected', detail: 'HTTP 307' },
    });
    expect(elsewhere.heard).toEqual([]);
  });

  it('by TLS is not made to who shows no certificate that the system trusts', async () => {
    const port = await peer((socket) => void socket.end('no TLS here'));
    const stream = await openConversation({
      host: '127.0.0.1',
      port,
      tls: true,
      silenceMs: SILENCE_MS,
      signal: never,
    });
    expect(stream.ok).toBe(false);
  });
});
