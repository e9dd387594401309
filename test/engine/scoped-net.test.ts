import { describe, expect, it } from 'vitest';
import { createLinkWindow } from '../../src/engine/link-window.ts';
import { createHostPace, createPace } from '../../src/engine/pace.ts';
import { createListeningNet, createScopedNet } from '../../src/engine/scoped-net.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet } from '../sim/net.ts';
import { createSimulatedStreams, type Listener } from '../sim/streams.ts';

/** Every host listens on TCP 5060, and says nothing. */
const mute: Listener = { says: () => [] };
const listeners = new Map([1, 2, 3].map((last) => [`tcp 10.0.0.${last}:5060`, mute]));

async function scopedNet(perSecond = 0) {
  const clock = createSimulatedClock();
  const streams = createSimulatedStreams(clock, listeners);
  const system = createSimulatedNet(clock, undefined, undefined, (...to) => streams.openStream(...to));
  const scope = createScope({
    include: ['10.0.0.0/24'],
    exclude: [{ network: '10.0.0.66', because: 'the lift' }],
  });
  if (!scope.ok) throw new Error('scope');
  const net = createScopedNet({
    scope: scope.value,
    pace: createPace(perSecond, clock),
    hosts: createHostPace(1000, clock),
    link: createLinkWindow({ networks: [], link: system.link, clock, perSecond: 0 }),
    clock,
    mostConnections: 2,
    system,
  });
  const socket = await net.openProbeSocket('10.0.0.200');
  const to = (address: string) => ({ site: 's', transport: 'udp' as const, address, port: 5060 });
  /** Connects, and lets the handshake end. */
  const connect = async (address: string, port = 5060) => {
    const connecting = net.connect({ ...to(address), transport: 'tcp', port }, 3000, never);
    await clock.advance(10);
    return connecting;
  };
  const connected = async (address: string) => {
    const outcome = await connect(address);
    if (!outcome.ok) throw new Error(outcome.fault);
    return outcome.value;
  };
  return { clock, system, streams, net, socket, to, connect, connected };
}

const never = new AbortController().signal;

const bytes = Buffer.from('OPTIONS');

describe('the scoped net, whatever a channel asks for', () => {
  it.each([
    '10.0.1.1',
    '10.0.0.66',
    '10.0.0.255',
    '10.0.0.0',
    '8.8.8.8',
    '224.0.1.75',
    '255.255.255.255',
    'pbx.example',
    '',
    '::1',
  ])('sends nothing to %s', async (address) => {
    const { system, streams, net, socket, to, connect } = await scopedNet();
    expect(socket.send(bytes, to(address))).toBe('out-of-scope');
    expect(await connect(address)).toEqual({ ok: false, fault: 'out-of-scope' });
    expect(streams.tried).toEqual([]);
    expect(net.waitFor(address)).toBeNull();
    await expect(async () => net.localAddressFor(address)).rejects.toMatchObject({ code: 'SCOPE_REFUSED' });
    expect(system.sent).toEqual([]);
  });

  it('sends a host its second packet a second later', async () => {
    const { clock, system, socket, to } = await scopedNet();
    expect(socket.send(bytes, to('10.0.0.1'))).toBeNull();
    expect(socket.send(bytes, to('10.0.0.1'))).toBe('rate-limited');
    await clock.advance(999);
    expect(socket.send(bytes, to('10.0.0.1'))).toBe('rate-limited');
    await clock.advance(1);
    expect(socket.send(bytes, to('10.0.0.1'))).toBeNull();
    expect(system.sent).toHaveLength(2);
  });

  it('sends nothing that waited for no turn', async () => {
    const { system, net, socket, to } = await scopedNet(100);
    expect(socket.send(bytes, to('10.0.0.1'))).toBe('rate-limited');
    await net.takeTurn(1, new AbortController().signal);
    expect(socket.send(bytes, to('10.0.0.1'))).toBeNull();
    expect(socket.send(bytes, to('10.0.0.2'))).toBe('rate-limited');
    expect(system.sent).toHaveLength(1);
  });
});

describe('connections of the scoped net, whatever a channel asks for', () => {
  it('take one turn of the pace each', async () => {
    const { net, streams, connect } = await scopedNet(100);
    expect(await connect('10.0.0.1')).toEqual({ ok: false, fault: 'rate-limited' });
    await net.takeTurn(1, never);
    expect(await connect('10.0.0.1')).toMatchObject({ ok: true });
    expect(await connect('10.0.0.2')).toEqual({ ok: false, fault: 'rate-limited' });
    expect(streams.tried).toHaveLength(1);
  });

  it('are opened to a host one at a time, a second after the last packet and after the end of the one before', async () => {
    const { clock, socket, to, streams, connect, connected } = await scopedNet();
    expect(socket.send(bytes, to('10.0.0.1'))).toBeNull();
    expect(await connect('10.0.0.1')).toEqual({ ok: false, fault: 'rate-limited' });
    await clock.advance(1000);
    const connection = await connected('10.0.0.1');
    expect(socket.send(bytes, to('10.0.0.1'))).toBe('rate-limited');
    await clock.advance(5000);
    expect(await connect('10.0.0.1', 5062)).toEqual({ ok: false, fault: 'rate-limited' });
    await connection.close();
    expect(await connect('10.0.0.1', 5062)).toEqual({ ok: false, fault: 'rate-limited' });
    await clock.advance(1000);
    expect(await connect('10.0.0.1')).toMatchObject({ ok: true });
    expect(streams.tried).toHaveLength(2);
  });

  it('are no more at once than they may be, failed ones not counted', async () => {
    const { clock, connect, connected, streams } = await scopedNet();
    const first = await connected('10.0.0.1');
    const silent = connect('10.0.0.77');
    expect(await connect('10.0.0.2')).toEqual({ ok: false, fault: 'queue-full' });
    await clock.advance(3000);
    expect(await silent).toEqual({ ok: false, fault: 'unreachable' });
    // Its handshake has ended just now, in whatever way.
    expect(await connect('10.0.0.77')).toEqual({ ok: false, fault: 'rate-limited' });
    await connected('10.0.0.2');
    expect(await connect('10.0.0.3')).toEqual({ ok: false, fault: 'queue-full' });
    await first.close();
    await connected('10.0.0.3');
    expect(streams.mostOpen).toBe(2);
  });

  it('carry one message, and end a second after it, once', async () => {
    const { clock, connected, socket, to, streams } = await scopedNet();
    const connection = await connected('10.0.0.1');
    await clock.advance(500);
    expect(connection.send(bytes)).toBeNull();
    expect(connection.send(bytes)).toBe('rate-limited');
    await clock.advance(999);
    const closed = Promise.all([connection.close(), connection.close()]);
    await clock.advance(0);
    expect(streams.tried[0]).toMatchObject({ closedAt: null });
    await clock.advance(1);
    await closed;
    const [only] = streams.tried;
    expect(only?.sent).toHaveLength(1);
    expect((only?.closedAt ?? 0) - (only?.sent[0]?.at ?? 0)).toBe(1000);
    expect(socket.send(bytes, to('10.0.0.1'))).toBe('rate-limited');
  });

  it('end no sooner than a second after whatever else was sent to the host', async () => {
    const { clock, connected, socket, to, streams } = await scopedNet();
    const connection = await connected('10.0.0.1');
    await clock.advance(1000);
    expect(socket.send(bytes, to('10.0.0.1'))).toBeNull();
    void connection.close();
    await clock.advance(999);
    expect(streams.tried[0]).toMatchObject({ closedAt: null });
    await clock.advance(1);
    expect(streams.tried[0]?.closedAt).toBe(clock.monotonic());
  });
});

describe('the listening net', () => {
  it('has no way to send, and joins nothing without a scope', () => {
    const clock = createSimulatedClock();
    const empty = createScope({ include: [] });
    if (!empty.ok) throw new Error('scope');
    const net = createListeningNet({
      scope: empty.value,
      system: createSimulatedNet(clock),
      networks: () => [],
    });
    expect(Object.keys(net).sort()).toEqual(['isInScope', 'joinGroup', 'neighbours', 'openBroadcast']);
    expect(() => net.joinGroup('224.0.1.75', 5060, [])).toThrow('Without a scope no group is joined.');
  });

  it('hands out sockets that have no way to send', async () => {
    const scope = createScope({ include: ['10.0.0.0/24'] });
    if (!scope.ok) throw new Error('scope');
    const networks = () => [
      {
        interface: 'eth0',
        address: '10.0.0.200',
        network: '10.0.0.0/24',
        isLoopback: false,
        resolves: false,
      },
    ];
    const socket = await createListeningNet({
      scope: scope.value,
      system: createSimulatedNet(createSimulatedClock()),
      networks,
    }).joinGroup('224.0.1.75', 5060, ['eth0']);
    expect(Object.keys(socket).filter((key) => /send/i.test(key))).toEqual([]);
  });
});
