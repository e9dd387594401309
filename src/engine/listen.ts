import type { ChannelReport, GroupChannel, PassiveChannel } from '../channels/channel.ts';
import { CHANNELS, type ListenerName, type SettingsOf } from '../channels/registry.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Sighting } from '../model/sighting.ts';
import type { LocalText } from '../model/text.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import { createGroupNet } from './group-net.ts';
import type { HostPace } from './pace.ts';
import { createListeningNet, type SystemNet } from './scoped-net.ts';
import { WHY_OFF } from './why-off.ts';

export type ListenerSettings = { [N in ListenerName]?: SettingsOf<N> };

export interface ListenRequest {
  site: SiteId;
  scope: Scope;
  /** Settings of the channels that are switched on. */
  channels: ListenerSettings;
  system: Pick<SystemNet, 'joinGroup' | 'openBroadcast' | 'openUdp' | 'readNeighbours' | 'httpGet'>;
  networks: () => readonly LocalNetwork[];
  isUdpPortHeldHere: (port: number) => Promise<boolean>;
  /** Whether a device is known at that address, or the rules make a vendor or a kind of what was heard. */
  isKnown: (sighting: Sighting) => boolean;
  /** When each host was last sent to, shared with the sweeps. */
  hosts?: HostPace;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(sighting: Sighting): void;
}

/** What all listening channels share, beside settings of their own. */
interface Common {
  /** Missing where a channel hears all interfaces at once. */
  interfaces?: string[];
  besidePbx?: boolean;
}

/** A channel with its settings left open: the registry ties the two together by name. */
type Listener = (PassiveChannel<never> | GroupChannel<never>) & { yieldsTo?: number; needsRule?: boolean };

/** Why a channel stays off, with the way out; null when it may listen. */
export async function whyNotListen(name: ListenerName, request: ListenRequest): Promise<LocalText | null> {
  const settings: Common | undefined = request.channels[name];
  const { yieldsTo } = CHANNELS[name] as Listener;
  if (settings === undefined) return WHY_OFF.switchedOff;
  if (request.scope.isEmpty) return WHY_OFF.noScope;
  const isHeld = yieldsTo !== undefined && (await request.isUdpPortHeldHere(yieldsTo));
  if (isHeld && settings.besidePbx !== true) return WHY_OFF.portHeld(yieldsTo);
  const hasNone = settings.interfaces !== undefined && interfacesOf(settings, request).length === 0;
  return hasNone ? WHY_OFF.noInterface(name) : null;
}

/** Runs a listening channel until the signal aborts. Throws AppError when its group cannot be joined. */
export async function runListener(name: ListenerName, request: ListenRequest): Promise<ChannelReport> {
  const channel = CHANNELS[name] as Listener;
  const settings: Common = request.channels[name] ?? { interfaces: [] };
  let unknown = 0;
  const report = await channel.run({
    ...request,
    config: { ...settings, interfaces: interfacesOf(settings, request) } as never,
    net: channel.mode === 'group' ? createGroupNet(request) : (createListeningNet(request) as never),
    emit: (sighting) => {
      if (channel.needsRule === true && !request.isKnown(sighting)) unknown += 1;
      else request.emit(sighting);
    },
  });
  if (unknown === 0) return report;
  const { irrelevant = 0 } = report.refused;
  return { ...report, refused: { ...report.refused, irrelevant: irrelevant + unknown } };
}

/** The interfaces chosen, else those whose network can hold addresses of the scope. */
function interfacesOf({ interfaces = [] }: Common, request: ListenRequest): string[] {
  if (interfaces.length > 0) return interfaces;
  return request
    .networks()
    .filter((network) => request.scope.overlaps(network.network))
    .map((network) => network.address);
}

/** The reports of several channels as one. */
export function sumOf(reports: readonly ChannelReport[]): ChannelReport {
  const refused: ChannelReport['refused'] = {};
  for (const report of reports)
    for (const [reason, count] of Object.entries(report.refused))
      refused[reason as keyof typeof refused] = (refused[reason as keyof typeof refused] ?? 0) + count;
  return {
    sent: reports.reduce((sum, { sent }) => sum + sent, 0),
    heard: reports.reduce((sum, { heard }) => sum + heard, 0),
    refused,
  };
}
