import type { ChannelReport } from '../../src/channels/channel.ts';
import { systemNet } from '../../src/app/compose.ts';
import { createHostPace, HOST_GAP_MS } from '../../src/engine/pace.ts';
import { planFor, runSweep } from '../../src/engine/sweep.ts';
import type { Transport } from '../../src/model/endpoint.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createScope } from '../../src/scope/scope.ts';

/** One sweep by the real net and clock; only ever of loopback networks. */
export async function realSweep(
  network: string,
  settings: { transports: Transport[]; maxConnections?: number },
): Promise<{ heard: Sighting[]; report: ChannelReport }> {
  const scope = createScope({ include: [network] });
  if (!scope.ok || !network.startsWith('127.')) throw new Error(`${network} is no loopback network`);
  const heard: Sighting[] = [];
  const silent = (): void => undefined;
  const request = {
    site: 's',
    scope: scope.value,
    config: {
      ports: [5060],
      rate: 100,
      maxConnections: 5,
      waitMs: 1000,
      schedule: '',
      jitterSeconds: 0,
      ...settings,
    },
    system: systemNet,
    networks: () => [],
    hosts: createHostPace(HOST_GAP_MS, systemClock),
    clock: systemClock,
    log: { info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
    emit: (sighting: Sighting) => void heard.push(sighting),
    onProgress: silent,
  };
  const report = await runSweep(request, planFor(request));
  return { heard, report };
}
