import type { ChannelReport, Progress } from '../../src/channels/channel.ts';
import { createHostPace, HOST_GAP_MS } from '../../src/engine/pace.ts';
import { planFor, runSweep } from '../../src/engine/sweep.ts';
import type { Transport } from '../../src/model/endpoint.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock, type SimulatedClock } from './clock.ts';
import { createSimulatedNet, type Host, type SimulatedNet } from './net.ts';
import { createSimulatedStreams, type Listener, type SimulatedStreams } from './streams.ts';

export interface SweepOptions {
  include?: string[];
  exclude?: string[];
  /** Who answers datagrams, by `10.0.0.2:5060`. */
  hosts?: Record<string, Host>;
  /** Who takes connections, by `tls 10.0.0.2:5061`. */
  listeners?: Record<string, Listener | 'refused'>;
  transports?: Transport[];
  ports?: number[];
  rate?: number;
  maxConnections?: number;
  abortAfterMs?: number;
}

export interface Swept {
  net: SimulatedNet;
  streams: SimulatedStreams;
  clock: SimulatedClock;
  heard: Sighting[];
  report: ChannelReport;
  progress: Progress[];
}

/** One sweep of a simulated LAN, to its end. */
export async function sweep(options: SweepOptions): Promise<Swept> {
  const clock = createSimulatedClock();
  const streams = createSimulatedStreams(clock, new Map(Object.entries(options.listeners ?? {})));
  const net = createSimulatedNet(clock, new Map(Object.entries(options.hosts ?? {})), undefined, (...to) =>
    streams.openStream(...to),
  );
  const scope = createScope({
    include: options.include ?? ['10.0.0.0/29'],
    exclude: (options.exclude ?? []).map((network) => ({ network, because: 'test' })),
  });
  if (!scope.ok) throw new Error('scope');
  const heard: Sighting[] = [];
  const progress: Progress[] = [];
  const ending = new AbortController();
  const silent = (): void => undefined;
  const request = {
    site: 's',
    scope: scope.value,
    config: {
      ports: options.ports ?? [5060],
      transports: options.transports ?? ['udp' as const],
      rate: options.rate ?? 100,
      maxConnections: options.maxConnections ?? 5,
      waitMs: 2000,
      schedule: '',
      jitterSeconds: 0,
    },
    system: net,
    networks: () => [],
    hosts: createHostPace(HOST_GAP_MS, clock),
    clock,
    log: { info: silent, warn: silent, error: silent },
    signal: ending.signal,
    emit: (sighting: Sighting) => void heard.push(sighting),
    onProgress: (now: Progress) => void progress.push(now),
  };
  const state = { ended: false };
  const running = runSweep(request, planFor(request)).finally(() => (state.ended = true));
  if (options.abortAfterMs !== undefined) {
    await clock.advance(options.abortAfterMs);
    ending.abort();
  }
  for (let guard = 0; !state.ended && guard < 4000; guard++) await clock.advance(250);
  return { net, streams, clock, heard, report: await running, progress };
}

/** What a sighting says of a field. */
export const valueOf = (sighting: Sighting | undefined, field: string): string | undefined =>
  sighting?.facts.find((fact) => fact.field === field)?.value;
