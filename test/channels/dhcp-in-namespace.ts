/**
 * Runs the DHCP channel on the real network of the namespace it is started in: says `listening` once it does, and, when its input
 * ends, what it heard as one line of JSON. Where it may not listen it says why instead.
 */
import { systemNet } from '../../src/app/compose.ts';
import { runListener, whyNotListen, type ListenRequest } from '../../src/engine/listen.ts';
import { AppError } from '../../src/model/app-error.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { isUdpPortHeldHere, localNetworks } from '../../src/platform/interfaces.ts';
import { createScope } from '../../src/scope/scope.ts';

const scope = createScope({ include: process.argv.slice(2) });
if (!scope.ok) throw new Error('scope');
const heard: Sighting[] = [];
const ending = new AbortController();
process.stdin.on('end', () => ending.abort()).resume();
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const request: ListenRequest = {
  site: 's',
  scope: scope.value,
  channels: { dhcp: {} },
  system: {
    ...systemNet,
    async openBroadcast(port) {
      const socket = await systemNet.openBroadcast(port);
      say('listening');
      return socket;
    },
  },
  networks: localNetworks,
  isUdpPortHeldHere,
  isKnown: () => true,
  clock: systemClock,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  signal: ending.signal,
  emit: (sighting) => void heard.push(sighting),
};
const because = await whyNotListen('dhcp', request);
if (because !== null) say(because.en);
else
  try {
    const report = await runListener('dhcp', request);
    say({ report, sightings: heard.map(({ from, facts }) => ({ address: from.address, facts })) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say(error.describe());
  }
process.exit();
