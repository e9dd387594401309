import type { Static } from 'typebox';
import type { ChannelReport } from '../channels/channel.ts';
import type { config as sipPnpConfig } from '../channels/sip-pnp/config.ts';
import { PNP_PORT, sipPnp } from '../channels/sip-pnp/index.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Sighting } from '../model/sighting.ts';
import type { LocalText } from '../model/text.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import { WHY_OFF } from './why-off.ts';
import { createListeningNet, type SystemNet } from './scoped-net.ts';

export interface ListenRequest {
  site: SiteId;
  scope: Scope;
  config: Static<typeof sipPnpConfig>;
  system: Pick<SystemNet, 'joinGroup'>;
  networks: () => readonly LocalNetwork[];
  isUdpPortHeldHere: (port: number) => Promise<boolean>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(sighting: Sighting): void;
}

/** Why the PnP listener stays off, with the way out; null when it may listen. */
export async function whyNotListen(request: ListenRequest): Promise<LocalText | null> {
  if (request.scope.isEmpty) return WHY_OFF.noScope;
  if (!request.config.besidePbx && (await request.isUdpPortHeldHere(PNP_PORT))) return WHY_OFF.besidePbx;
  return interfacesOf(request).length === 0 ? WHY_OFF.noInterface : null;
}

/** Runs the PnP listener until the signal aborts. Throws AppError when the group cannot be joined. */
export function runListener(request: ListenRequest): Promise<ChannelReport> {
  return sipPnp.run({
    ...request,
    config: { ...request.config, interfaces: interfacesOf(request) },
    net: createListeningNet(request),
  });
}

/** The interfaces chosen, else those whose network can hold addresses of the scope. */
function interfacesOf(request: ListenRequest): string[] {
  if (request.config.interfaces.length > 0) return request.config.interfaces;
  return request
    .networks()
    .filter((network) => request.scope.overlaps(network.network))
    .map((network) => network.address);
}
