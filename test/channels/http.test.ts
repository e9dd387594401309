import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemNet } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import type { ChannelReport, Progress } from '../../src/channels/channel.ts';
import { askPages } from '../../src/engine/ask-pages.ts';
import { createHostPace, HOST_GAP_MS } from '../../src/engine/pace.ts';
import { createAskedHosts } from '../../src/engine/pages-to-ask.ts';
import { MAX_PAGE_BYTES, MAX_PAGE_MS } from '../../src/engine/scoped-get.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { StreamEndpoint } from '../../src/platform/ports.ts';
import { createScope } from '../../src/scope/scope.ts';
import { selfSigned } from '../platform/certificates.ts';
import { answerOf, page } from '../wire/http/answers.ts';
import { says, serve, serveTls, type Answer, type WebServer } from './web-server.ts';

interface Asked {
  heard: Sighting[];
  report: ChannelReport;
  progress: Progress[];
  tookMs: number;
}

const over = (transport: 'tcp' | 'tls', { address, port }: WebServer): StreamEndpoint => ({
  site: 's',
  transport,
  address,
  port,
});

/** Asks real servers by the real net and clock. */
async function ask(
  targets: StreamEndpoint[],
  { include = ['127.0.0.0/16'], signal = new AbortController().signal } = {},
): Promise<Asked> {
  const scope = createScope({ include });
  if (!scope.ok) throw new Error('scope');
  const heard: Sighting[] = [];
  const progress: Progress[] = [];
  const silent = (): void => undefined;
  const startedAt = performance.now();
  const report = await askPages(
    {
      site: 's',
      scope: scope.value,
      config: { schemes: ['http'], everyHours: 24, rate: 100, maxConnections: 16 },
      system: systemNet,
      networks: () => [],
      hosts: createHostPace(HOST_GAP_MS, systemClock),
      asked: createAskedHosts(systemClock),
      clock: systemClock,
      log: { info: silent, warn: silent, error: silent },
      signal,
      emit: (sighting) => void heard.push(sighting),
      onProgress: (now) => void progress.push(now),
    },
    targets,
  );
  return { heard, report, progress, tookMs: performance.now() - startedAt };
}

const askOne = async (answer: Answer): Promise<Asked & { web: WebServer }> => {
  const web = await serve(answer);
  return { web, ...(await ask([over('tcp', web)])) };
};
/** The same of several at once, each at an address of its own. */
async function askEach(answers: readonly Answer[]): Promise<Asked & { webs: WebServer[] }> {
  const webs = await Promise.all(answers.map((answer, index) => serve(answer, `127.0.4.${index + 1}`)));
  return { webs, ...(await ask(webs.map((web) => over('tcp', web)))) };
}
/** What was heard of one of those. */
const factsAt = ({ heard, ...asked }: Asked & { webs: WebServer[] }, index: number): string[] =>
  factsOf({ ...asked, heard: heard.filter(({ from }) => from.address === asked.webs[index]?.address) });
const factsOf = ({ heard }: Asked): string[] =>
  heard.flatMap(({ facts }) => facts.map(({ field, value }) => `${field}=${value}`));
// Made before the clock of any test runs.
const CERTIFICATE = selfSigned('/O=Polycom Inc./CN=64167F169981', { altNames: 'DNS:phone.example' });
/** How late timers may be on a busy machine. */
const BUSY_MS = 5000;
const FIN = [{ end: 'FIN' }];

describe('http', { concurrent: true, timeout: 20_000 }, () => {
  it('sends one complete GET of / that says who asks, and nothing else', async () => {
    const { web } = await askOne(says(answerOf('200 OK', [], page('snom 300'))));
    expect(web.connections).toEqual([
      {
        asked: expect.stringMatching(
          new RegExp(
            `^GET / HTTP/1\\.0\r\nHost: 127\\.0\\.0\\.1:${web.port}\r\n` +
              'User-Agent: sipcensus/[\\d.]+ \\(inventory of the phones on this site\\)\r\n' +
              'Accept: text/html, \\*/\\*;q=0\\.1\r\nConnection: close\r\n\r\n$',
          ),
        ) as string,
        end: 'FIN',
      },
    ]);
  });

  it('tells status, server, realms and title as a solicited sighting without a SIP port, and keeps the head alone', async () => {
    const head = answerOf('401 Unauthorized', [
      'Server: Polycom SoundPoint IP Telephone HTTPd',
      'WWW-Authenticate: Basic realm="SPIP Configuration"',
      'WWW-Authenticate: Digest realm="SPIP Configuration", nonce="1"',
    ]);
    const asked = await askOne(
      says(Buffer.concat([head, Buffer.from(page('Polycom - Configuration Utility'))])),
    );
    expect(asked.heard).toEqual([
      {
        channel: 'http',
        at: expect.any(Number) as number,
        from: { site: 's', transport: 'udp', address: '127.0.0.1', port: 0 },
        solicited: true,
        facts: [
          { field: 'http.status', value: '401' },
          { field: 'http.server', value: 'Polycom SoundPoint IP Telephone HTTPd' },
          { field: 'http.realm', value: 'SPIP Configuration' },
          { field: 'http.title', value: 'Polycom - Configuration Utility' },
        ],
        raw: new Uint8Array(head),
      },
    ]);
    expect(asked.report).toEqual({ sent: 1, heard: 1, refused: {} });
    expect(asked.progress.at(-1)).toEqual({ sent: 1, mostToSend: 1, answered: 1, position: 0 });
  });

  it('takes an answer of any final status for one', async () => {
    const statuses = ['200 OK', '401 Unauthorized', '403 Forbidden', '404 Not Found', '500 Oops'];
    const asked = await askEach(
      statuses.map((status) =>
        says(answerOf(status, ['Server: snom embedded'], page('snom VoIP phone: Error'))),
      ),
    );
    for (const [index, status] of statuses.entries())
      expect(factsAt(asked, index)).toEqual([
        `http.status=${status.slice(0, 3)}`,
        'http.server=snom embedded',
        'http.title=snom VoIP phone: Error',
      ]);
  });

  it('follows no redirect, and says who sent it', async () => {
    const statuses = [301, 302, 303, 307, 308];
    const elsewhere = await serve(says(answerOf('200 OK', [])));
    const to = `http://127.0.0.1:${elsewhere.port}/admin/reboot`;
    const asked = await askEach(
      statuses.map((status) =>
        says(answerOf(`${status} Moved`, ['Server: phone', `Location: ${to}`, `Refresh: 0; url=${to}`])),
      ),
    );
    for (const [index, status] of statuses.entries()) {
      expect(factsAt(asked, index)).toEqual([`http.status=${status}`, 'http.server=phone']);
      expect(asked.webs[index]?.connections).toHaveLength(1);
    }
    expect(elsewhere.connections).toEqual([]);
  });

  it('ends an answer that says its length and then keeps the connection open', async () => {
    const asked = await askOne((socket) => {
      socket.write(answerOf('200 OK', ['Content-Length: 28'], '<title>Digium Phone</title>\n'));
      socket.on('end', () => socket.end());
    });
    expect(factsOf(asked)).toContain('http.title=Digium Phone');
    expect(asked.tookMs).toBeLessThan(MAX_PAGE_MS);
    expect(asked.web.connections).toMatchObject(FIN);
  });

  it('takes no more than its bound of an endless page, and is soon gone', async () => {
    const asked = await askOne((socket) => {
      socket.write(answerOf('200 OK', ['Server: endless'], page('endless')));
      pour(socket);
    });
    expect(factsOf(asked)).toEqual(['http.status=200', 'http.server=endless', 'http.title=endless']);
    expect(asked.heard[0]?.raw.length).toBeLessThan(100);
    expect(asked.tookMs).toBeLessThan(BUSY_MS + MAX_PAGE_MS);
    expect(MAX_PAGE_BYTES).toBe(256 * 1024);
    expect(asked.web.connections).toMatchObject([{ end: expect.stringMatching(/FIN|RST/) as string }]);
  });

  it('waits no longer than five seconds for one that is slow or silent, and takes what came', async () => {
    const slowPage: Answer = (socket) => {
      socket.write(answerOf('200 OK', ['Server: slow'], '<title>slow</title>'));
      drip(socket, 'x');
    };
    const asked = await askEach([slowPage, (socket) => drip(socket, 'H'), () => undefined]);
    expect(factsAt(asked, 0)).toEqual(['http.status=200', 'http.server=slow', 'http.title=slow']);
    expect(asked.heard).toHaveLength(1);
    expect(asked.tookMs).toBeGreaterThan(MAX_PAGE_MS - 100);
    expect(asked.tookMs).toBeLessThan(BUSY_MS + MAX_PAGE_MS + 2500);
    for (const { connections } of asked.webs) expect(connections).toMatchObject(FIN);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-1.00\r\n\r\n', { malformed: 1 }],
    ['half a head', 'HTTP/1.1 200 OK\r\nServer: x', { malformed: 1 }],
    ['nothing, and closes', '', {}],
  ])('makes no sighting of what says %s', async (_, answer, refused) => {
    const { heard, report } = await askOne(says(answer));
    expect(heard).toEqual([]);
    expect(report.refused).toEqual(refused);
  });

  it('asks over https as well, and tells the certificate, which nobody signed', async () => {
    const web = await serveTls(CERTIFICATE, says(answerOf('200 OK', ['Server: lighttpd'])));
    const asked = await ask([over('tls', web)]);
    expect(factsOf(asked)).toEqual([
      'http.status=200',
      'http.server=lighttpd',
      'tls.subject=CN=64167F169981,O=Polycom Inc.',
      'tls.issuer=CN=64167F169981,O=Polycom Inc.',
      'tls.alt_names=DNS:phone.example',
    ]);
    expect(web.connections).toMatchObject([{ asked: expect.stringMatching(/^GET \/ HTTP/) as string }]);
    const { matcher } = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
    expect(matcher.combine(matcher.match(asked.heard[0]?.facts ?? [], true)).identity).toMatchObject({
      vendor: 'Polycom',
      mac: '64167f169981',
    });
  });

  it('asks the second place of a host only where the first gave no page', async () => {
    const places = async (first: Answer, address: string) => {
      const plain = await serve(first, address);
      const secure = await serveTls(CERTIFICATE, says(answerOf('200 OK', ['Server: secure'])), address);
      return { plain, secure };
    };
    const told = await places(says(answerOf('401 Unauthorized', ['Server: plain'])), '127.0.1.1');
    const redirected = await places(
      says(answerOf('302 Found', ['Location: https://127.0.1.2/'])),
      '127.0.1.2',
    );
    const all = [told, redirected];
    const { heard, report, progress } = await ask([
      ...all.map(({ plain }) => over('tcp', plain)),
      ...all.map(({ secure }) => over('tls', secure)),
    ]);
    expect(told.secure.connections).toEqual([]);
    expect(redirected.secure.connections).toHaveLength(1);
    expect(heard).toHaveLength(3);
    expect(report.sent).toBe(3);
    expect(progress.at(-1)).toMatchObject({ sent: 3, mostToSend: 3, answered: 2 });
  });

  it('takes a port without TLS, a refused one and silence for what they are', async () => {
    const plain = await serve(says(answerOf('400 Bad Request', [])));
    const gone = await serve(says(''));
    const { heard, report } = await ask([over('tls', plain), { ...over('tcp', gone), address: '127.0.2.2' }]);
    expect(heard).toEqual([]);
    expect(report).toEqual({ sent: 2, heard: 1, refused: { malformed: 1 } });
  });

  it('connects to nobody outside the scope, nor over udp', async () => {
    const web = await serve(says(answerOf('200 OK', [])));
    const { report } = await ask([over('tcp', web), { ...over('tcp', web), transport: 'udp' as never }], {
      include: ['127.9.0.0/16'],
    });
    expect(web.connections).toEqual([]);
    expect(report).toEqual({ sent: 0, heard: 0, refused: { 'out-of-scope': 1 } });
  });

  it('stops when it is told to, and leaves no connection open', async () => {
    const ending = new AbortController();
    const web = await serve(() => ending.abort());
    const next = await serve(() => undefined, '127.0.3.3');
    const asked = await ask([over('tcp', web), { ...over('tls', next) }], { signal: ending.signal });
    expect(asked.heard).toEqual([]);
    expect(asked.tookMs).toBeLessThan(BUSY_MS + HOST_GAP_MS + 1500);
    expect(web.connections).toMatchObject(FIN);
    expect(next.connections).toEqual([]);
  });
});

/** Ten megabytes a second: more would keep the other tests of this process waiting. */
function pour(socket: Socket): void {
  const timer = setInterval(() => socket.write(Buffer.alloc(100_000, 'x')), 10);
  socket.on('close', () => clearInterval(timer));
}

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 100);
  socket
    .on('end', () => socket.end())
    .on('close', () => clearInterval(timer))
    .on('end', () => clearInterval(timer));
}
