import { describe, expect, it } from 'vitest';
import { longestSeconds } from '../../src/channels/sip-options/index.ts';
import { placesToAsk } from '../../src/channels/sip-options/places.ts';
import { HOST_GAP_MS } from '../../src/engine/pace.ts';
import { planFor } from '../../src/engine/sweep.ts';
import { createScope } from '../../src/scope/scope.ts';
import { headerValue } from '../../src/wire/sip/headers.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';
import type { Host } from '../sim/net.ts';
import type { Listener } from '../sim/streams.ts';
import { sweep, valueOf, type Swept } from '../sim/sweep.ts';
import { answerTo } from './answers.ts';

const NAMED = ['User-Agent: Acme P10W/1.10'];
const answer = (asked: Uint8Array, status = '200 OK', more = NAMED): Uint8Array =>
  answerTo(asked, `SIP/2.0 ${status}`, more);
const ok: Listener = { says: (asked) => [answer(asked)] };
const udpOk: Host = ({ bytes }) => [{ bytes: answer(bytes) }];
const byByte = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));
const CERTIFICATE = { subject: 'CN=001565aabbcc,O=Acme', issuer: 'CN=Acme CA', altNames: '' };

/** A sweep of one host over one transport, with this listener on its port. */
const ask = (listener: Listener | 'refused', transport: 'tcp' | 'tls' = 'tcp'): Promise<Swept> =>
  sweep({
    include: ['10.0.0.2'],
    transports: [transport],
    listeners: { [`${transport} 10.0.0.2:${transport === 'tcp' ? 5060 : 5061}`]: listener },
  });
const statuses = ({ heard }: Swept): (string | undefined)[] =>
  heard.map((sighting) => valueOf(sighting, 'sip.status'));

const settings = { rate: 100, waitMs: 2000, maxConnections: 5 };

describe('sip-options over TCP and TLS', () => {
  it.each([
    ['tcp', 5060],
    ['tls', 5061],
  ] as const)('asks over %s with one complete OPTIONS whose Via names it', async (transport, port) => {
    const { streams, heard, report } = await ask(ok, transport);
    expect(streams.tried).toHaveLength(1);
    const [{ to, sent } = { to: null, sent: [] }] = streams.tried;
    expect(to).toMatchObject({ transport, address: '10.0.0.2', port });
    expect(sent).toHaveLength(1);
    const probe = parseSip(sent[0]!.bytes);
    if (!probe.ok || probe.value.kind !== 'request') throw new Error('no request');
    expect(probe.value).toMatchObject({ method: 'OPTIONS', requestUri: `sip:10.0.0.2:${port}`, quirks: [] });
    expect(headerValue(probe.value, 'Via')).toMatch(
      new RegExp(
        `^SIP/2\\.0/${transport.toUpperCase()} 10\\.0\\.0\\.200:41001;branch=z9hG4bK[0-9a-f]{24};rport$`,
      ),
    );
    expect(headerValue(probe.value, 'Contact')).toBe(
      `<sip:sipcensus@10.0.0.200:41001;transport=${transport}>`,
    );
    expect(sent[0]!.bytes.length).toBeLessThan(700);
    expect(heard).toMatchObject([
      {
        channel: 'sip-options',
        solicited: true,
        from: { site: 's', transport, address: '10.0.0.2', port },
      },
    ]);
    expect(valueOf(heard[0], 'sip.user_agent')).toBe('Acme P10W/1.10');
    expect(report).toEqual({ sent: 1, heard: 1, refused: {} });
  });

  it('reports of an answer what it would over UDP, and the certificate with it', async () => {
    const overUdp = await sweep({ include: ['10.0.0.2'], hosts: { '10.0.0.2:5060': udpOk } });
    const overTls = await ask({ ...ok, certificate: CERTIFICATE }, 'tls');
    expect(overTls.heard[0]?.facts).toEqual([
      ...(overUdp.heard[0]?.facts ?? []),
      { field: 'tls.subject', value: 'CN=001565aabbcc,O=Acme' },
      { field: 'tls.issuer', value: 'CN=Acme CA' },
    ]);
  });

  it.each<[string, Listener['says'], string[]]>([
    ['byte by byte', (asked) => byByte(answer(asked)), ['200']],
    ['in two pieces, a second apart', (asked) => cut(answer(asked), { afterMs: 1000 }), ['200']],
    ['behind keep-alives', (asked) => [Buffer.from('\r\n\r\n\r\n'), answer(asked)], ['200']],
    [
      'behind a provisional one',
      (asked) => [answer(asked, '100 Trying'), { afterMs: 900 }, answer(asked)],
      ['200'],
    ],
    [
      'in one piece with a provisional one',
      (asked) => [join(answer(asked, '100 Trying'), answer(asked))],
      ['200'],
    ],
    ['provisional, and nothing more', (asked) => [answer(asked, '180 Ringing')], ['180']],
    ['with a status of refusal', (asked) => [answer(asked, '486 Busy Here')], ['486']],
    ['and the end of the stream', (asked) => [answer(asked), null], ['200']],
    ['without a length', (asked) => [withLength(answer(asked), ''), null], ['200']],
    ['with a length that is none', (asked) => [withLength(answer(asked), 'Content-Length: x\r\n')], ['200']],
    ['with a body cut off by the end', (asked) => [withLength(answer(asked), 'l: 200\r\n'), null], ['200']],
    ['with a body that never comes', (asked) => [withLength(answer(asked), 'l: 200\r\n')], ['200']],
    ['with more of a body than can be', (asked) => [withLength(answer(asked), 'l: 999999\r\n')], ['200']],
  ])('hears an answer that comes %s', async (_, says, expected) => {
    const swept = await ask({ says });
    expect(statuses(swept)).toEqual(expected);
    expect(swept.report.refused).toEqual({});
    expect(swept.streams.tried).toMatchObject([{ closedAt: expect.any(Number) as number }]);
  });

  it('makes one sighting of an answer that comes twice, at once or later', async () => {
    const swept = await ask({
      says: (asked) => [join(answer(asked), answer(asked)), { afterMs: 100 }, answer(asked)],
    });
    expect(statuses(swept)).toEqual(['200']);
    expect(swept.report).toMatchObject({ heard: 3, refused: { duplicate: 2 } });
  });

  it('matches an answer with a damaged Via by Call-ID and CSeq, and says so', async () => {
    const { heard } = await ask({
      says: (asked) => [
        answerTo(asked, 'SIP/2.0 200 OK', [], (line) => (line.startsWith('Via:') ? 'Via: broken' : line)),
      ],
    });
    expect(valueOf(heard[0], 'sip.loose_match')).toBe('via');
  });

  it.each<[string, Listener['says'], object]>([
    ['nothing', () => [], {}],
    ['nothing and ends', () => [null], {}],
    ['our own probe', (asked) => [asked], { 'own-echo': 1 }],
    ['something else than SIP', () => [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], { 'not-sip': 1 }],
    ['half a head', (asked) => [answer(asked).subarray(0, 200)], { malformed: 1 }],
    ['half a head and ends', (asked) => [answer(asked).subarray(0, 200), null], { malformed: 1 }],
    [
      'a head without end',
      () => [Buffer.from(`SIP/2.0 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`)],
      { malformed: 1 },
    ],
    [
      'an answer to a request of another',
      (asked) => [replaced(asked, /[0-9a-f]{24}/g, '00000000aaaaaaaaaaaaaaaa')],
      { unsolicited: 1 },
    ],
    [
      'an answer with another CSeq',
      (asked) => [replaced(asked, /1 OPTIONS/, '2 OPTIONS')],
      { unsolicited: 1 },
    ],
  ])('makes no sighting of a listener that says %s, whatever its certificate', async (_, says, refused) => {
    const swept = await ask({ says, certificate: CERTIFICATE }, 'tls');
    expect(swept.heard).toEqual([]);
    expect(swept.report.refused).toEqual(refused);
    expect(swept.streams.tried).toMatchObject([{ closedAt: expect.any(Number) as number }]);
  });

  it('takes no answer to what was asked on another port of the host', async () => {
    const asked: Uint8Array[] = [];
    const { heard, report } = await sweep({
      include: ['10.0.0.2'],
      transports: ['tcp'],
      ports: [5060, 5062],
      listeners: {
        'tcp 10.0.0.2:5060': { says: (first) => (asked.push(first), []) },
        'tcp 10.0.0.2:5062': { says: () => asked.map((first) => answer(first)) },
      },
    });
    expect(heard).toEqual([]);
    expect(report).toEqual({ sent: 2, heard: 1, refused: { unsolicited: 1 } });
  });

  it('asks with another Call-ID over each transport, which a host would take for a loop otherwise', async () => {
    const { net, streams } = await sweep({
      include: ['10.0.0.2'],
      transports: ['udp', 'tcp'],
      listeners: { 'tcp 10.0.0.2:5060': ok },
    });
    const [overUdp, overTcp] = [net.sent[0]!.bytes, streams.tried[0]!.sent[0]!.bytes].map(
      (bytes) => /Call-ID: (\S+)/.exec(Buffer.from(bytes).toString())?.[1],
    );
    expect(overUdp).not.toBe(overTcp);
  });

  it('gives a connection 3 s, and an answer 5 s, so that none lives longer than 10 s', async () => {
    const silent = await sweep({ include: ['10.0.0.2'], transports: ['tcp'] });
    expect(lifeOf(silent)).toBe(3000);
    const mute = await ask({ says: () => [] });
    expect(lifeOf(mute)).toBeGreaterThanOrEqual(5000);
    expect(lifeOf(mute)).toBeLessThan(5100);
    const drips = await ask({
      says: (asked) => byByte(answer(asked)).flatMap((byte) => [byte, { afterMs: 100 }]),
    });
    expect(lifeOf(drips)).toBeLessThan(5100);
  });

  it('waits no longer where the listener has ended', async () => {
    expect(lifeOf(await ask({ says: () => [null] }))).toBeLessThan(1100);
  });

  it('closes a second after its question where the answer is there at once', async () => {
    const swept = await ask(ok);
    const [{ sent, closedAt } = { sent: [], closedAt: null }] = swept.streams.tried;
    expect((closedAt ?? 0) - (sent[0]?.at ?? 0)).toBeGreaterThanOrEqual(HOST_GAP_MS);
    expect((closedAt ?? 0) - (sent[0]?.at ?? 0)).toBeLessThan(HOST_GAP_MS + 50);
  });

  it('asks over UDP first, and keeps a second between two of anything to one host', async () => {
    const { net, streams, heard } = await sweep({
      include: ['10.0.0.2-4'],
      transports: ['tls', 'tcp', 'udp'],
      ports: [5060, 5062],
      hosts: { '10.0.0.2:5060': udpOk },
      listeners: { 'tcp 10.0.0.2:5060': ok, 'tcp 10.0.0.2:5062': 'refused', 'tls 10.0.0.2:5061': ok },
      rate: 1000,
    });
    expect(heard.map(({ from }) => `${from.transport} ${from.port}`)).toEqual([
      'udp 5060',
      'tcp 5060',
      'tls 5061',
    ]);
    expect(Math.max(...net.sent.map(({ at }) => at))).toBeLessThanOrEqual(
      Math.min(...streams.tried.map(({ openedAt }) => openedAt)),
    );
    for (const address of ['10.0.0.2', '10.0.0.3', '10.0.0.4']) {
      const mine = streams.tried.filter(({ to }) => to.address === address);
      expect(mine.map(({ to }) => to.port)).toEqual([5060, 5062, 5061]);
      const times = [
        ...net.sent.filter(({ to }) => to.address === address).map(({ at }) => at),
        ...mine.flatMap(({ openedAt, sent, closedAt }) =>
          sent.length > 0 ? [openedAt, closedAt!] : [openedAt],
        ),
      ].sort((a, b) => a - b);
      for (const [index, at] of times.slice(1).entries())
        expect(at - times[index]!).toBeGreaterThanOrEqual(HOST_GAP_MS);
    }
  });

  it('has no more connections at once than its setting, and one to a host', async () => {
    const listeners = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`tcp 10.0.0.${index + 1}:5060`, { says: () => [] }]),
    );
    const { streams } = await sweep({
      include: ['10.0.0.0/28'],
      transports: ['tcp'],
      ports: [5060, 5062],
      listeners,
      maxConnections: 4,
    });
    expect(streams.tried).toHaveLength(28);
    expect(streams.mostOpen).toBe(4);
    for (const one of streams.tried)
      for (const other of streams.tried)
        if (one !== other && one.to.address === other.to.address)
          expect(one.closedAt! <= other.openedAt || other.closedAt! <= one.openedAt).toBe(true);
  });

  it('counts connections against the total rate, and in the progress', async () => {
    const { streams, report, progress } = await sweep({
      include: ['10.0.0.0/26'],
      transports: ['tcp'],
      listeners: Object.fromEntries(
        Array.from({ length: 62 }, (_, index) => [`tcp 10.0.0.${index + 1}:5060`, 'refused' as const]),
      ),
      rate: 10,
      maxConnections: 64,
    });
    expect(streams.tried).toHaveLength(62);
    const span = streams.tried.at(-1)!.openedAt - streams.tried[0]!.openedAt;
    expect(span).toBeGreaterThanOrEqual(6000);
    expect(report.sent).toBe(62);
    expect(progress.at(-1)).toMatchObject({ sent: 62, mostToSend: 62, answered: 0 });
    expect(progress.some(({ sent }) => sent > 10 && sent < 50)).toBe(true);
  });

  it('never connects outside the scope, nor to an exclusion', async () => {
    const { streams } = await sweep({
      include: ['10.0.0.0/28'],
      exclude: ['10.0.0.4-7'],
      transports: ['tcp', 'tls'],
    });
    const asked = new Set(streams.tried.map(({ to }) => Number(to.address.split('.')[3])));
    expect([...asked].sort((a, b) => a - b)).toEqual([1, 2, 3, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('ends within a few seconds when aborted, keeps what was heard, and leaves no connection open', async () => {
    const { streams, heard, clock } = await sweep({
      include: ['10.0.0.0/24'],
      transports: ['tcp'],
      listeners: Object.fromEntries(
        hosts(254).map((place) => [place, { says: (asked) => [answer(asked, '180 Ringing')] }]),
      ),
      maxConnections: 64,
      abortAfterMs: 900,
    });
    expect(streams.tried.length).toBeLessThanOrEqual(100);
    expect(streams.tried.every(({ closedAt }) => closedAt !== null)).toBe(true);
    expect(clock.monotonic()).toBeLessThan(2500);
    expect(heard.length).toBeGreaterThan(50);
  });
});

describe('where a host is asked', () => {
  it('is everywhere the same, but for hosts that were given ports of their own', () => {
    const scope = createScope({ include: ['10.0.0.1-3'] });
    if (!scope.ok) throw new Error('scope');
    const plan = planFor({
      site: 's',
      scope: scope.value,
      config: { ...settings, ports: [5060], transports: ['udp', 'tls'], schedule: '', jitterSeconds: 0 },
      askedAt: new Map([['10.0.0.2', { instead: placesToAsk([5062], ['udp', 'tls']) }]]),
    });
    const targets = Array.from({ length: plan.length }, (_, index) => plan.at(index) ?? []).flat();
    const shown = targets.map(({ transport, address, port }) => `${transport} ${address}:${port}`);
    expect([shown.slice(0, 2).sort(), shown.slice(2, 4).sort(), shown.slice(4)]).toEqual([
      ['udp 10.0.0.1:5060', 'udp 10.0.0.3:5060'],
      ['tls 10.0.0.1:5061', 'tls 10.0.0.3:5061'],
      ['udp 10.0.0.2:5062', 'tls 10.0.0.2:5062'],
    ]);
    expect(plan.count).toBe(6);
  });

  it.each([
    [[5060], ['udp'], ['udp 5060']],
    [[5060], ['tcp'], ['tcp 5060']],
    [[5060], ['tls'], ['tls 5061']],
    [[5060], ['udp', 'tcp', 'tls'], ['udp 5060', 'tcp 5060', 'tls 5061']],
    [
      [5060, 5061],
      ['udp', 'tls', 'tcp'],
      ['udp 5060', 'udp 5061', 'tcp 5060', 'tls 5061'],
    ],
    [[5060, 5061], ['tls'], ['tls 5061']],
    [[5061], ['tcp'], ['tcp 5061']],
    [[5060, 5070], ['tls'], ['tls 5061', 'tls 5070']],
    [
      [5060, 5070],
      ['tcp', 'tls'],
      ['tcp 5060', 'tcp 5070', 'tls 5061'],
    ],
  ] as const)('on ports %j over %j is %j', (ports, transports, expected) => {
    const places = placesToAsk(ports, transports).map(({ transport, port }) => `${transport} ${port}`);
    expect(places).toEqual(expected);
    const connected = places.filter((place) => !place.startsWith('udp')).map((place) => place.slice(4));
    expect(new Set(connected).size).toBe(connected.length);
  });
});

describe('the longest that a sweep takes', () => {
  const target = (transport: 'udp' | 'tcp', last: number) => ({
    site: 's',
    transport,
    address: `10.0.0.${last}`,
    port: 5060,
  });
  it.each([
    ['no time to speak of', [target('udp', 1)], 5],
    [
      'three packets a host and the wait',
      Array.from({ length: 254 }, (_, index) => target('udp', index)),
      10,
    ],
    [
      'ten seconds for every five connections',
      Array.from({ length: 11 }, (_, index) => target('tcp', index)),
      33,
    ],
    ['ten seconds a connection to one host', [target('tcp', 1), target('tcp', 1)], 23],
  ])('is %s', (_, targets, seconds) => expect(longestSeconds(targets, settings)).toBe(seconds));
});

const hosts = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `tcp 10.0.0.${index + 1}:5060`);

const lifeOf = ({ streams }: Swept): number => {
  const [only] = streams.tried;
  return (only?.closedAt ?? NaN) - (only?.openedAt ?? NaN);
};

const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const cut = (bytes: Uint8Array, pause: { afterMs: number }) => [
  bytes.subarray(0, 100),
  pause,
  bytes.subarray(100),
];
const withLength = (bytes: Uint8Array, line: string): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString().replace('Content-Length: 0\r\n', line));
const replaced = (asked: Uint8Array, what: RegExp, by: string): Uint8Array =>
  answerTo(asked, 'SIP/2.0 200 OK', [], (line) => line.replace(what, by));
