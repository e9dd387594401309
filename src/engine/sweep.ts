import type { Static } from 'typebox';
import type { config as sipOptionsConfig } from '../channels/sip-options/config.ts';
import { sipOptions } from '../channels/sip-options/index.ts';
import { placesToAsk } from '../channels/sip-options/places.ts';
import type { ChannelReport, Progress } from '../channels/channel.ts';
import type { Endpoint, SiteId } from '../model/endpoint.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import { createPace, type HostPace } from './pace.ts';
import { createScopedNet, type SystemNet } from './scoped-net.ts';

export interface SweepRequest {
  site: SiteId;
  scope: Scope;
  config: Static<typeof sipOptionsConfig>;
  /** Single ports of single hosts (`scan 192.168.10.20:5062`); every other host is asked on the configured ports. */
  portsOf?: ReadonlyMap<string, readonly number[]>;
  system: SystemNet;
  hosts: HostPace;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(sighting: Sighting): void;
  onProgress(progress: Progress): void;
}

/** Everything that a sweep of the scope asks, place by place, so that one host's ports are far apart in time. */
export function targetsOf(request: Pick<SweepRequest, 'site' | 'scope' | 'config' | 'portsOf'>): Endpoint[] {
  const { site, scope, config, portsOf } = request;
  const ofMost = placesToAsk(config.ports, config.transports);
  const targets = [...scope.addresses()].flatMap((address): Endpoint[] => {
    const own = portsOf?.get(address);
    const places = own === undefined ? ofMost : placesToAsk(own, config.transports);
    return places.map((place) => ({ site, address, ...place }));
  });
  return [...Map.groupBy(targets, ({ transport, port }) => `${transport} ${port}`).values()].flat();
}

/** One sweep by SIP OPTIONS through a net that knows scope and pace. Ends when all have answered, been awaited, or the signal aborts. */
export function runSweep(request: SweepRequest, targets: readonly Endpoint[]): Promise<ChannelReport> {
  const { scope, system, hosts, clock, config } = request;
  const net = createScopedNet({
    scope,
    system,
    hosts,
    clock,
    pace: createPace(config.rate, clock),
    mostConnections: config.maxConnections,
  });
  return sipOptions.run({ ...request, targets, net });
}
