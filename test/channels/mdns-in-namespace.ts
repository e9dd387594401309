/** Runs the mDNS channel on the real network of the namespace it is started in, and writes what it found as one line of JSON. */
import { systemNet } from '../../src/app/compose.ts';
import { mdns } from '../../src/channels/mdns/index.ts';
import { createGroupNet } from '../../src/engine/group-net.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createScope } from '../../src/scope/scope.ts';

const [address = '', network = '', ask = '', seconds = ''] = process.argv.slice(2);
const scope = createScope({ include: [network] });
if (!scope.ok) throw new Error('scope');
const found: Sighting[] = [];
const report = await mdns.run({
  config: {
    interfaces: [address],
    ask: ask === 'ask',
    services: ['_axis-video._tcp'],
    queries: ['_digiumproxy._udp'],
  },
  site: 's',
  clock: systemClock,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  signal: AbortSignal.timeout(Number(seconds) * 1000),
  net: createGroupNet({
    scope: scope.value,
    clock: systemClock,
    networks: () => [{ interface: 'lan', address, network, isLoopback: false, resolves: false }],
    system: systemNet,
  }),
  emit: (sighting) => void found.push(sighting),
});
const sightings = found.map(({ from, solicited, facts, raw }) => ({
  from,
  solicited,
  facts: facts.map(({ field, value }) => `${field} ${value}`),
  raw: Buffer.from(raw).toString('hex'),
}));
process.stdout.write(`${JSON.stringify({ report, sightings })}\n`);
