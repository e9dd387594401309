import { describe, expect, it } from 'vitest';
import { createLinkWindow } from '../../src/engine/link-window.ts';
import { droppedIn, macsIn, systemLink } from '../../src/platform/link.ts';
import { createSimulatedClock } from '../sim/clock.ts';

const eth0 = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/20',
  isLoopback: false,
  resolves: true,
};

function window(perSecond: number, options: { room?: number; resolved?: Set<string> | null } = {}) {
  const clock = createSimulatedClock();
  const { room = 1024, resolved = new Set<string>() } = options;
  const link = {
    resolved: () => resolved,
    macs: () => null,
    request: () => Promise.resolve(true),
    room: () => room,
    droppedCount: () => 0,
  };
  const made = createLinkWindow({ networks: [eth0], link, clock, perSecond });
  const ask = (address: string): boolean => {
    if (made.waitFor(address) > 0) return false;
    made.mark(address);
    return true;
  };
  const askMany = (from: number, count: number): number =>
    Array.from({ length: count }, (_, index) => `10.0.${(from + index) >> 8}.${(from + index) & 255}`).filter(
      ask,
    ).length;
  return { clock, made, ask, askMany, resolved };
}

describe('addresses that wait for ARP', () => {
  it('are no more at once than the neighbour table holds, some of it left to the rest of the machine', async () => {
    const { askMany, clock } = window(0);
    expect(askMany(256, 3000)).toBe(1024 - 64);
    await clock.advance(3000);
    expect(askMany(2048, 100)).toBe(0);
    await clock.advance(200);
    expect(askMany(2048, 2000)).toBe(1024 - 64);
  });

  it('keep to the rate of the sweep: fewer than two requests a second for each of its packets', () => {
    expect(window(100).askMany(256, 1000)).toBe(160);
  });

  it('make room as soon as somebody answers there', async () => {
    const { askMany, ask, clock, resolved } = window(100);
    askMany(256, 160);
    expect(ask('10.0.4.1')).toBe(false);
    resolved?.add('10.0.1.0');
    await clock.advance(200);
    expect(ask('10.0.4.1')).toBe(true);
    expect(ask('10.0.4.2')).toBe(false);
  });

  it('are those of the link only: others, our own and those asked before wait for nothing', () => {
    const { askMany, made } = window(100);
    askMany(256, 160);
    for (const address of ['10.0.16.1', '192.168.7.1', '10.0.0.200', '10.0.1.0', 'fd00::7'])
      expect(made.waitFor(address)).toBe(0);
    expect(made.waitFor('10.0.15.1')).toBeGreaterThan(0);
  });
});

describe('an address of the link', () => {
  it('is open before it is sent to and once somebody answers ARP, else being resolved, and silent after three requests', async () => {
    const { made, ask, clock, resolved } = window(100);
    expect(made.stateOf('10.0.0.1')).toBe('open');
    ask('10.0.0.1');
    ask('10.0.0.2');
    resolved?.add('10.0.0.2');
    await clock.advance(500);
    expect([made.stateOf('10.0.0.1'), made.stateOf('10.0.0.2')]).toEqual(['resolving', 'open']);
    await clock.advance(3000);
    expect([made.stateOf('10.0.0.1'), made.stateOf('10.0.0.2')]).toEqual(['silent', 'open']);
    resolved?.add('10.0.0.1');
    await clock.advance(200);
    expect(made.stateOf('10.0.0.1')).toBe('open');
  });

  it('stays open when a full table has forgotten who answered there', async () => {
    const { made, ask, clock, resolved } = window(100);
    ask('10.0.0.1');
    resolved?.add('10.0.0.1');
    await clock.advance(200);
    expect(made.stateOf('10.0.0.1')).toBe('open');
    resolved?.delete('10.0.0.1');
    await clock.advance(60_000);
    expect(made.stateOf('10.0.0.1')).toBe('open');
  });

  it('is open where the system tells nothing', async () => {
    const { made, ask, clock } = window(100, { resolved: null });
    ask('10.0.0.1');
    await clock.advance(5000);
    expect(made.stateOf('10.0.0.1')).toBe('open');
  });
});

describe('what /proc tells', () => {
  it('is read: who answered ARP, how much room there is, what was dropped', () => {
    const table = [
      'IP address       HW type     Flags       HW address            Mask     Device',
      '192.0.2.7        0x1         0x2         00:15:65:aa:bb:cc     *        eth0',
      '192.0.2.8        0x1         0x0         00:00:00:00:00:00     *        eth0',
      '192.0.2.9        0x1         0x6         00:15:65:aa:bb:cd     *        eth0',
      '',
    ].join('\n');
    expect([...macsIn(table)]).toEqual([
      ['192.0.2.7', '001565aabbcc'],
      ['192.0.2.9', '001565aabbcd'],
    ]);
    expect(droppedIn('Tcp: A\nTcp: 1\nUdp: InDatagrams SndbufErrors InCsumErrors\nUdp: 66825 12 0\n')).toBe(
      12,
    );
    expect([droppedIn(''), droppedIn('Udp: InDatagrams\nUdp: 1\n')]).toEqual([0, 0]);
    expect(systemLink.room()).toBeGreaterThan(0);
    expect(systemLink.droppedCount()).toBeGreaterThanOrEqual(0);
  });
});
