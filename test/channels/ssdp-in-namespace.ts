/** Runs the SSDP channel on the real network of the namespace it is started in, and writes what it found as one line of JSON. */
import { ssdp } from '../../src/channels/ssdp/index.ts';
import { createGroupNet } from '../../src/engine/group-net.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { httpGet } from '../../src/platform/http-get.ts';
import { readNeighbours } from '../../src/platform/neighbours.ts';
import { openBroadcast } from '../../src/platform/broadcast.ts';
import { joinGroup, openUdp } from '../../src/platform/udp.ts';
import { createScope } from '../../src/scope/scope.ts';

const [address = '', network = '', ask = '', seconds = ''] = process.argv.slice(2);
const scope = createScope({ include: [network] });
if (!scope.ok) throw new Error('scope');
const found: Sighting[] = [];
const report = await ssdp.run({
  config: {
    interfaces: [address],
    ask: ask === 'ask',
    everyMinutes: 60,
    searchTargets: ['upnp:rootdevice'],
    describe: true,
  },
  site: 's',
  clock,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  signal: AbortSignal.timeout(Number(seconds) * 1000),
  net: createGroupNet({
    scope: scope.value,
    clock,
    networks: () => [{ interface: 'lan', address, network, isLoopback: false, resolves: false }],
    system: { joinGroup, openBroadcast, openUdp, readNeighbours, httpGet },
  }),
  emit: (sighting) => void found.push(sighting),
});
const sightings = found.map(({ from, facts }) => ({ from, facts }));
process.stdout.write(`${JSON.stringify({ report, sightings })}\n`);
