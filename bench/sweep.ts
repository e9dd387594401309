import { startSimulation } from '../src/app/simulation.ts';
import { systemNet } from '../src/app/compose.ts';
import { createHostPace, HOST_GAP_MS } from '../src/engine/pace.ts';
import { planFor, runSweep } from '../src/engine/sweep.ts';
import { systemClock } from '../src/platform/clock.ts';
import { createScope } from '../src/scope/scope.ts';

const NETWORK = '127.77.0.0/24';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Truth {
  phones: { address: string; answers: boolean }[];
}

/** Sweeps the simulated site over real sockets; a line a sweep: found of expected, how many that are not there, seconds. */
export async function benchSweep(times: number, rate: number): Promise<string[]> {
  const ending = new AbortController();
  const site = await startSimulation({ phones: 60, network: NETWORK, seed: 7 }, ending.signal);
  const expected = new Set(
    (site.truth as Truth).phones.filter((phone) => phone.answers).map((phone) => phone.address),
  );
  const lines: string[] = [];
  for (let time = 0; time < times; time++) lines.push(await sweepOnce(expected, rate));
  ending.abort();
  await site.ended;
  return lines;
}

async function sweepOnce(expected: ReadonlySet<string>, rate: number): Promise<string> {
  const scope = createScope({ include: [NETWORK] });
  if (!scope.ok) throw new Error(scope.fault[0]?.message);
  const found = new Set<string>();
  const request = {
    site: 'bench',
    scope: scope.value,
    config: {
      ports: [5060],
      transports: ['udp' as const],
      rate,
      maxConnections: 5,
      waitMs: 2000,
      schedule: '',
      jitterSeconds: 0,
    },
    system: systemNet,
    networks: () => [],
    hosts: createHostPace(HOST_GAP_MS, systemClock),
    clock: systemClock,
    log: silent,
    signal: new AbortController().signal,
    emit: ({ from }: { from: { address: string } }) => void found.add(from.address),
    onProgress: () => undefined,
  };
  const startedAt = performance.now();
  const report = await runSweep(request, planFor(request));
  const seconds = (performance.now() - startedAt) / 1000;
  const right = [...found].filter((address) => expected.has(address)).length;
  return `sweep of ${NETWORK} at ${rate}/s: ${right} of ${expected.size} found, ${found.size - right} that are not there, ${report.sent} sent, ${seconds.toFixed(1)} s`;
}
