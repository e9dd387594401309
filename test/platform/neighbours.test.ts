import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromIproute, fromProc, readNeighbours } from '../../src/platform/neighbours.ts';

describe('the neighbour table', () => {
  it('is read from iproute2, without what is not resolved', () => {
    const table = [
      { dst: '10.0.0.7', dev: 'eth0', lladdr: '00:15:65:AA:bb:cc', state: ['REACHABLE'] },
      { dst: '10.0.0.8', dev: 'eth0', lladdr: '00:04:13:00:00:01', state: ['STALE'] },
      { dst: 'fe80::1', dev: 'eth0', lladdr: '00:04:13:00:00:01', router: null, state: ['DELAY'] },
      { dst: '10.0.0.9', dev: 'eth0', state: ['FAILED'] },
      { dst: '10.0.0.10', dev: 'eth0', lladdr: '00:04:13:00:00:02', state: ['INCOMPLETE'] },
      { dst: '224.0.0.22', dev: 'eth0', lladdr: '01:00:5e:00:00:16', state: ['NOARP'] },
    ];
    expect(fromIproute(JSON.stringify(table))).toEqual([
      { address: '10.0.0.7', mac: '001565aabbcc', interface: 'eth0', isFresh: true },
      { address: '10.0.0.8', mac: '000413000001', interface: 'eth0', isFresh: false },
      { address: 'fe80::1', mac: '000413000001', interface: 'eth0', isFresh: false },
    ]);
    expect(fromIproute('')).toEqual([]);
  });

  it('is read from /proc where there is no iproute2', () => {
    const text = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.7         0x1         0x2         00:15:65:aa:bb:cc     *        eth0
10.0.0.9         0x1         0x0         00:00:00:00:00:00     *        eth0
`;
    expect(fromProc(text)).toEqual([
      { address: '10.0.0.7', mac: '001565aabbcc', interface: 'eth0', isFresh: false },
    ]);
    expect(fromProc('')).toEqual([]);
  });

  it('can be read here', async () => {
    for (const { mac } of await readNeighbours()) expect(mac).toMatch(/^[0-9a-f]{12}$/);
  });
});

const isRoot = process.getuid?.() === 0 && spawnSync('ip', ['netns', 'list']).status === 0;
const NAMESPACES = ['sipcensus-neigh-a', 'sipcensus-neigh-b'] as const;
const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

describe.skipIf(!isRoot)('the neighbour table of a real link (needs root, for network namespaces)', () => {
  const remove = (): void => {
    for (const name of NAMESPACES) spawnSync('ip', ['netns', 'del', name]);
  };
  beforeAll(() => {
    remove();
    const [a, b] = NAMESPACES;
    for (const name of NAMESPACES) ip('netns', 'add', name);
    ip('link', 'add', 'sc-na', 'netns', a, 'type', 'veth', 'peer', 'name', 'sc-nb', 'netns', b);
    ip('-n', b, 'link', 'set', 'sc-nb', 'address', '00:15:65:aa:bb:cc');
    for (const [name, device, address] of [
      [a, 'sc-na', '10.77.0.1/24'],
      [b, 'sc-nb', '10.77.0.2/24'],
    ] as const) {
      ip('-n', name, 'address', 'add', address, 'dev', device);
      ip('-n', name, 'link', 'set', device, 'up');
    }
  });
  afterAll(remove);

  it('has the phone that was just talked to, and not the address where nobody is', () => {
    const read = `
      const { createSocket } = require('node:dgram');
      const socket = createSocket('udp4');
      const ask = (address) => new Promise((done) => socket.send('x', 9, address, done));
      Promise.all(['10.77.0.2', '10.77.0.3'].map(ask)).then(() => setTimeout(async () => {
        const { readNeighbours } = await import('./src/platform/neighbours.ts');
        console.log(JSON.stringify(await readNeighbours()));
        socket.close();
      }, 300));`;
    const output = execFileSync('ip', ['netns', 'exec', NAMESPACES[0], process.execPath, '-e', read], {
      encoding: 'utf8',
    });
    expect(
      (JSON.parse(output) as unknown[]).filter((entry) => !JSON.stringify(entry).includes('fe80')),
    ).toEqual([{ address: '10.77.0.2', mac: '001565aabbcc', interface: 'sc-na', isFresh: true }]);
  });
});
