import { describe, expect, it } from 'vitest';
import { createGroupNet } from '../../src/engine/group-net.ts';
import { success } from '../../src/model/outcome.ts';
import { createHostPace } from '../../src/engine/pace.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';

const LAN = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: false,
};
const MDNS = ['224.0.0.251', 5353] as const;

function netOf(include = ['10.0.0.0/24']) {
  const clock = createSimulatedClock();
  const scope = createScope({ include });
  if (!scope.ok) throw new Error('scope');
  const sent: string[] = [];
  const multicastFrom: string[] = [];
  const got: string[] = [];
  let open = 0;
  const hosts = createHostPace(1000, clock);
  const net = createGroupNet({
    hosts,
    scope: scope.value,
    networks: () => [LAN],
    clock,
    system: {
      joinGroup: () => Promise.reject(new Error('not joined here')),
      openBroadcast: () => Promise.reject(new Error('not opened here')),
      readNeighbours: () => Promise.resolve([]),
      httpGet: (url) => {
        got.push(url);
        return Promise.resolve(success(Buffer.from('<root/>')));
      },
      openUdp: (local) => {
        open += 1;
        return Promise.resolve({
          localAddress: local.address,
          localPort: 40_000,
          onDatagram: () => undefined,
          send: (bytes, address, port) =>
            void sent.push(`${Buffer.from(bytes).toString()} ${address}:${port}`),
          holdsBytes: false,
          sendMulticastFrom: (address) => void multicastFrom.push(address),
          close: () => {
            open -= 1;
            return Promise.resolve();
          },
        });
      },
    },
  });
  return { net, clock, hosts, sent, got, multicastFrom, openSockets: () => open };
}

describe('the net of a channel that asks a group', () => {
  it('asks the group from the address of the interface, and can ask nobody else', async () => {
    const { net, sent, multicastFrom } = netOf();
    const [socket] = await net.openGroupSockets(...MDNS, ['eth0']);

    expect(socket?.ask(Buffer.from('who'))).toBeNull();
    expect(sent).toEqual(['who 224.0.0.251:5353']);
    expect(multicastFrom).toEqual(['10.0.0.200']);
    expect(Object.keys(socket ?? {}).sort()).toEqual([
      'ask',
      'close',
      'localAddress',
      'localPort',
      'onDatagram',
    ]);
  });

  it.each([
    ['224.0.1.75', 5060, 'the group of PnP, where an answer steals a phone’s provisioning'],
    ['224.0.0.251', 5060, 'another port'],
    ['10.0.0.7', 5353, 'a host'],
    ['255.255.255.255', 1900, 'everybody'],
  ])('never asks %s:%d, %s', async (group, port) => {
    const { net, openSockets } = netOf();
    await expect(net.openGroupSockets(group, port, ['eth0'])).rejects.toMatchObject({
      code: 'SCOPE_REFUSED',
    });
    expect(openSockets()).toBe(0);
  });

  it('gets a description from the very address that named it, inside the scope, and from nowhere else', async () => {
    const { net, got } = netOf();
    const { signal } = new AbortController();
    const fetched = (location: string, source: string) => net.fetchDescription(location, source, signal);

    expect(await fetched('http://10.0.0.7:49000/desc.xml', '10.0.0.7')).toMatchObject({ ok: true });
    for (const [location, source] of [
      ['http://10.0.0.8:49000/desc.xml', '10.0.0.7'],
      ['http://10.9.0.7:49000/desc.xml', '10.9.0.7'],
      ['http://10.0.0.7:22/desc.xml', '10.0.0.7'],
      ['file:///etc/passwd', '10.0.0.7'],
    ] as const)
      expect(await fetched(location, source)).toEqual({ ok: false, fault: 'refused' });
    expect(got).toEqual(['http://10.0.0.7:49000/desc.xml']);
  });

  it('asks nobody without a scope, and names the interfaces there are', async () => {
    await expect(netOf([]).net.openGroupSockets(...MDNS, ['eth0'])).rejects.toMatchObject({
      code: 'SCOPE_REFUSED',
    });
    await expect(netOf().net.openGroupSockets(...MDNS, ['wlan7'])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('eth0') as string,
    });
  });

  it('asks no faster than five times a second, and 64 times an hour', async () => {
    const { net, clock, sent } = netOf();
    const [socket] = await net.openGroupSockets(...MDNS, ['eth0']);
    const ask = () => socket?.ask(Buffer.from('x'));

    expect([ask(), ask()]).toEqual([null, 'rate-limited']);
    await clock.advance(199);
    expect(ask()).toBe('rate-limited');
    for (let n = 0; n < 100; n++) {
      await clock.advance(200);
      ask();
    }
    expect(sent).toHaveLength(64);
    await clock.advance(3_600_000);
    expect(ask()).toBeNull();
  });

  it('gets a description a second after whatever else was sent to that host, and none of a host that is left alone', async () => {
    const { net, clock, hosts, got } = netOf();
    const { signal } = new AbortController();
    hosts.mark('10.0.0.7');
    const fetching = net.fetchDescription('http://10.0.0.7/a.xml', '10.0.0.7', signal);
    await clock.advance(999);
    expect(got).toEqual([]);
    await clock.advance(1);
    expect((await fetching).ok).toBe(true);
    expect(got).toEqual(['http://10.0.0.7/a.xml']);
    expect(hosts.waitFor('10.0.0.7')).toBe(1000);

    hosts.leaveAlone('10.0.0.8', 3_600_000);
    expect(await net.fetchDescription('http://10.0.0.8/a.xml', '10.0.0.8', signal)).toEqual({
      ok: false,
      fault: 'refused',
    });
    expect(got).toHaveLength(1);
  });
});
