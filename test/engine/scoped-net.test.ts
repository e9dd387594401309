import { describe, expect, it } from 'vitest';
import { createHostPace, createPace } from '../../src/engine/pace.ts';
import { createListeningNet, createScopedNet } from '../../src/engine/scoped-net.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet } from '../sim/net.ts';

async function scopedNet(perSecond = 0) {
  const clock = createSimulatedClock();
  const system = createSimulatedNet(clock);
  const scope = createScope({
    include: ['10.0.0.0/24'],
    exclude: [{ network: '10.0.0.66', because: 'the lift' }],
  });
  if (!scope.ok) throw new Error('scope');
  const net = createScopedNet({
    scope: scope.value,
    pace: createPace(perSecond, clock),
    hosts: createHostPace(1000, clock),
    system,
  });
  const socket = await net.openProbeSocket('10.0.0.200');
  const to = (address: string) => ({ site: 's', transport: 'udp' as const, address, port: 5060 });
  return { clock, system, net, socket, to };
}

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
    const { system, net, socket, to } = await scopedNet();
    expect(socket.send(bytes, to(address))).toBe('out-of-scope');
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
    expect(Object.keys(net).sort()).toEqual(['isInScope', 'joinGroup']);
    expect(() => net.joinGroup('224.0.1.75', 5060, [])).toThrow('Without a scope no group is joined.');
  });

  it('hands out sockets that have no way to send', async () => {
    const scope = createScope({ include: ['10.0.0.0/24'] });
    if (!scope.ok) throw new Error('scope');
    const networks = () => [
      { interface: 'eth0', address: '10.0.0.200', network: '10.0.0.0/24', isLoopback: false },
    ];
    const socket = await createListeningNet({
      scope: scope.value,
      system: createSimulatedNet(createSimulatedClock()),
      networks,
    }).joinGroup('224.0.1.75', 5060, ['eth0']);
    expect(Object.keys(socket).filter((key) => /send/i.test(key))).toEqual([]);
  });
});
