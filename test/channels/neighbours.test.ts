import { describe, expect, it } from 'vitest';
import { runListener, type ListenRequest } from '../../src/engine/listen.ts';
import type { Neighbour } from '../../src/platform/ports.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet } from '../sim/net.ts';

const LAN = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: false,
};
const at = (address: string, mac: string): Neighbour => ({ address, mac, interface: 'eth0', isFresh: true });

async function reading(table: readonly Neighbour[], change: Partial<ListenRequest> = {}) {
  const clock = createSimulatedClock();
  const net = createSimulatedNet(clock);
  net.neighbours.push(...table);
  const scope = createScope({
    include: ['10.0.0.0/24'],
    exclude: [{ network: '10.0.0.1', because: 'the router' }],
  });
  if (!scope.ok) throw new Error('scope');
  const heard: Sighting[] = [];
  const ending = new AbortController();
  const report = runListener('neighbours', {
    site: 's',
    scope: scope.value,
    channels: { neighbours: { interfaces: [], everySeconds: 60 } },
    system: net,
    networks: () => [LAN],
    isUdpPortHeldHere: () => Promise.resolve(false),
    isKnown: () => true,
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: ending.signal,
    emit: (sighting) => void heard.push(sighting),
    ...change,
  });
  await clock.advance(1);
  return { clock, net, heard, end: () => (ending.abort(), report) };
}

describe('neighbours', () => {
  it('tells which MAC stands behind which address, and sends nothing', async () => {
    const { heard, net, end } = await reading([at('10.0.0.7', '001565aabbcc')]);

    expect(heard).toMatchObject([
      {
        channel: 'neighbours',
        from: { site: 's', address: '10.0.0.7', port: 0, transport: 'udp' },
        solicited: false,
        facts: [{ field: 'arp.mac', value: '001565aabbcc' }],
      },
    ]);
    await end();
    expect(net.sent).toEqual([]);
    expect(net.openSockets).toBe(0);
  });

  it('leaves out what is outside the scope or excluded, groups, and entries of zeros', async () => {
    const { heard, end } = await reading([
      at('10.0.0.1', '001565000001'),
      at('10.9.0.7', '001565000002'),
      at('10.0.0.8', '01005e0000fb'),
      at('10.0.0.9', '000000000000'),
      at('10.0.0.10', '001565000003'),
    ]);

    expect(heard.map(({ from }) => from.address)).toEqual(['10.0.0.10']);
    expect((await end()).refused).toEqual({ 'out-of-scope': 4 });
  });

  it('makes no device of what no rule knows, and counts it', async () => {
    const { heard, end } = await reading([at('10.0.0.7', 'f4390926aabb'), at('10.0.0.8', '001565aabbcc')], {
      isKnown: ({ facts }) => facts[0]?.value.startsWith('001565') === true,
    });

    const report = await end();
    expect(new Set(heard.map(({ from }) => from.address))).toEqual(new Set(['10.0.0.8']));
    expect(report.refused).toEqual({ irrelevant: 2 });
  });

  it('reads the table again every minute, and once more at the end', async () => {
    const { clock, net, heard, end } = await reading([]);
    net.neighbours.push(at('10.0.0.7', '001565aabbcc'));
    await clock.advance(59_000);
    expect(heard).toHaveLength(0);
    await clock.advance(1_500);
    expect(heard).toHaveLength(1);

    net.neighbours.push(at('10.0.0.8', '001565aabbcd'));
    await end();
    expect(heard).toHaveLength(3);
  });
});
