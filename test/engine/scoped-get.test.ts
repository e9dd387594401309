import { describe, expect, it } from 'vitest';
import { createHostPace, createPace, HOST_GAP_MS } from '../../src/engine/pace.ts';
import { createConnect } from '../../src/engine/scoped-connect.ts';
import { createPageNet, MAX_PAGE_BYTES, MAX_PAGE_MS } from '../../src/engine/scoped-get.ts';
import type { PageNet, StreamEndpoint } from '../../src/platform/ports.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock, type SimulatedClock } from '../sim/clock.ts';
import { createSimulatedStreams, type Listener, type SimulatedStreams } from '../sim/streams.ts';
import { answerOf, page } from '../wire/http/answers.ts';

const at = (address: string, transport: 'tcp' | 'tls' = 'tcp'): StreamEndpoint => ({
  site: 's',
  transport,
  address,
  port: transport === 'tcp' ? 80 : 443,
});
const never = new AbortController().signal;
const ok: Listener = { says: () => [answerOf('200 OK', [], page('x')), null] };

interface Lan {
  clock: SimulatedClock;
  streams: SimulatedStreams;
  net: PageNet;
  /** Resolves the work while time goes by. */
  during<T>(work: Promise<T>): Promise<T>;
}

function createLan(listeners: Record<string, Listener | 'refused'>, rate = 100): Lan {
  const clock = createSimulatedClock();
  const streams = createSimulatedStreams(clock, new Map(Object.entries(listeners)));
  const scope = createScope({
    include: ['10.0.0.0/29'],
    exclude: [{ network: '10.0.0.3', because: 'test' }],
  });
  if (!scope.ok) throw new Error('scope');
  const hosts = createHostPace(HOST_GAP_MS, clock);
  const pace = createPace(rate, clock);
  const link = { waitFor: () => 0, mark: () => undefined, stateOf: () => 'open' as const };
  const connect = createConnect({
    scope: scope.value,
    pace,
    hosts,
    link,
    clock,
    system: streams,
    mostConnections: 5,
  });
  const net = createPageNet(
    {
      connect,
      takeTurn: (most, signal) => pace.takeTurn(most, signal),
      waitFor: (address) => hosts.waitFor(address),
    },
    clock,
  );
  return {
    clock,
    streams,
    net,
    async during(work) {
      const state = { ended: false };
      void work.finally(() => (state.ended = true));
      while (!state.ended) await clock.advance(50);
      return work;
    },
  };
}

const get = async (lan: Lan, to: StreamEndpoint) => {
  await lan.net.takeTurn(1, never);
  return lan.during(lan.net.getPage(to, never));
};

describe('a net that gets pages', () => {
  it('sends GET / over a connection that it closes, a second after the last packet to the host', async () => {
    const one = createLan({ 'tcp 10.0.0.2:80': ok });
    const got = await get(one, at('10.0.0.2'));
    expect(got.ok && Buffer.from(got.value.bytes).toString()).toContain('<TITLE>x</TITLE>');
    expect(one.streams.tried).toHaveLength(1);
    const [{ sent, closedAt } = { sent: [], closedAt: null }] = one.streams.tried;
    expect(sent.map(({ bytes }) => Buffer.from(bytes).toString().split('\r\n')[0])).toEqual([
      'GET / HTTP/1.0',
    ]);
    expect(closedAt).toBeGreaterThanOrEqual((sent[0]?.at ?? NaN) + HOST_GAP_MS);
  });

  it('hands over the certificate, and none over plain HTTP', async () => {
    const certificate = { subject: 'CN=001565aabbcc', issuer: 'CN=Acme', altNames: '' };
    const one = createLan({ 'tls 10.0.0.2:443': { ...ok, certificate }, 'tcp 10.0.0.1:80': ok });
    expect(await get(one, at('10.0.0.2', 'tls'))).toMatchObject({ ok: true, value: { certificate } });
    expect(await get(one, at('10.0.0.1'))).toMatchObject({ ok: true, value: { certificate: null } });
  });

  it.each(['10.0.0.9', '10.0.0.3'])(
    'connects to no %s, which is out of the scope or excluded',
    async (address) => {
      const one = createLan({ [`tcp ${address}:80`]: ok });
      expect(await get(one, at(address))).toEqual({ ok: false, fault: 'out-of-scope' });
      expect(one.streams.tried).toEqual([]);
    },
  );

  it('refuses a second connection to a host, another within its second, and one without a turn', async () => {
    const one = createLan({ 'tcp 10.0.0.2:80': ok, 'tls 10.0.0.2:443': ok });
    await one.net.takeTurn(1, never);
    const first = one.net.getPage(at('10.0.0.2'), never);
    await one.clock.advance(100);
    await one.net.takeTurn(1, never);
    expect(await one.net.getPage(at('10.0.0.2', 'tls'), never)).toEqual({ ok: false, fault: 'rate-limited' });
    await one.during(first);
    expect(one.net.waitFor('10.0.0.2')).toBeGreaterThan(0);
    expect(await get(one, at('10.0.0.2'))).toEqual({ ok: false, fault: 'rate-limited' });
    const other = createLan({ 'tcp 10.0.0.2:80': ok });
    expect(await other.net.getPage(at('10.0.0.2'), never)).toEqual({ ok: false, fault: 'rate-limited' });
    expect(one.streams.tried).toHaveLength(1);
    expect(other.streams.tried).toEqual([]);
  });

  it.each<[string, Listener['says'], number, number]>([
    ['an end of the stream', () => [answerOf('200 OK', [], 'x'), null], 1050, 20],
    ['a length that has come', () => [answerOf('200 OK', ['Content-Length: 1'], 'x')], 1050, 39],
    ['five seconds, connecting included', () => [answerOf('200 OK', [], 'x')], MAX_PAGE_MS + 50, 20],
    ['its bound', () => Array.from({ length: 300 }, () => Buffer.alloc(1024, 'x')), 1050, MAX_PAGE_BYTES],
    ['silence', () => [], MAX_PAGE_MS + 50, 0],
  ])('stops at %s', async (_, answers, mostMs, length) => {
    const one = createLan({ 'tcp 10.0.0.2:80': { says: answers } });
    const got = await get(one, at('10.0.0.2'));
    expect(got.ok && got.value.bytes.length).toBe(length);
    expect(one.clock.monotonic()).toBeLessThanOrEqual(mostMs);
  });

  it('makes no second connection to a host while the first is open, long after its second is over', async () => {
    const lan = createLan({ 'tcp 10.0.0.2:80': { says: () => [] }, 'tls 10.0.0.2:443': ok });
    await lan.net.takeTurn(1, never);
    const first = lan.net.getPage(at('10.0.0.2'), never);
    await lan.clock.advance(HOST_GAP_MS + 500);
    expect(lan.net.waitFor('10.0.0.2')).toBe(0);
    await lan.net.takeTurn(1, never);
    expect(await lan.net.getPage(at('10.0.0.2', 'tls'), never)).toEqual({ ok: false, fault: 'rate-limited' });
    await lan.during(first);
    expect(lan.streams.tried).toHaveLength(1);
  });

  it('waits for no answer any more when it is told to stop, and closes', async () => {
    const lan = createLan({ 'tcp 10.0.0.2:80': { says: () => [] } });
    const ending = new AbortController();
    await lan.net.takeTurn(1, never);
    const got = lan.net.getPage(at('10.0.0.2'), ending.signal);
    await lan.clock.advance(100);
    ending.abort();
    await lan.during(got);
    expect(lan.clock.monotonic()).toBeLessThan(HOST_GAP_MS + 200);
    expect(lan.streams.tried).toMatchObject([{ closedAt: expect.any(Number) as number }]);
  });

  it('tells who takes no connection', async () => {
    const one = createLan({ 'tcp 10.0.0.2:80': 'refused' });
    expect(await get(one, at('10.0.0.2'))).toEqual({ ok: false, fault: 'unreachable' });
  });
});
