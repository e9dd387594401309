import { randomInt } from 'node:crypto';
import type { Static } from 'typebox';
import type { ChannelReport, Progress, Targets } from '../channels/channel.ts';
import type { config as sipOptionsConfig } from '../channels/sip-options/config.ts';
import { sipOptions } from '../channels/sip-options/index.ts';
import { placesToAsk } from '../channels/sip-options/places.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { DeviceKind } from '../model/identity.ts';
import type { Sighting } from '../model/sighting.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Clock, Log, ScopedNet } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import { withExclusions, type Exclusions } from './exclusions.ts';
import type { Gate } from './gate.ts';
import { createLinkWindow } from './link-window.ts';
import { createPace, type HostPace, type Pace } from './pace.ts';
import { planSweep, type HostPlaces, type SweepPlan } from './plan.ts';
import { resolveLink } from './resolve-link.ts';
import { createScopedNet, type SystemNet } from './scoped-net.ts';
import { createSparing, type Sparing } from './sparing.ts';

export interface SweepRequest {
  site: SiteId;
  scope: Scope;
  config: Static<typeof sipOptionsConfig>;
  /** What is left alone beside the exclusions of the scope. */
  exclusions?: Exclusions;
  /** What the rules make of one sighting; without it nobody is spared on the way. */
  kindOf?: (sighting: Sighting) => DeviceKind | undefined;
  /** Hosts that are asked at other places than the configured ones. */
  askedAt?: ReadonlyMap<string, HostPlaces>;
  system: SystemNet;
  networks: () => readonly LocalNetwork[];
  hosts: HostPace;
  /** Holds back what is to be sent while it is shut. */
  gate?: Gate;
  /** Whether what was heard is not taken in yet: nothing more is asked until it is. */
  isBusy?: () => boolean;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  emit(sighting: Sighting): void;
  onProgress(progress: Progress): void;
}

const LARGEST_SEED = 2 ** 31;

/** What a sweep of the scope asks; the order is that of the seed, or of chance. */
export const planFor = (
  { site, scope, config, askedAt }: Pick<SweepRequest, 'site' | 'scope' | 'config' | 'askedAt'>,
  seed = randomInt(LARGEST_SEED),
): SweepPlan =>
  planSweep({
    site,
    scope,
    places: placesToAsk(config.ports, config.transports),
    ...(askedAt === undefined ? {} : { hosts: askedAt }),
    seed,
  });

/**
 * One sweep by SIP OPTIONS through a net that knows scope and pace, from the position that an earlier run of the same plan came to.
 * Ends when all have answered, been awaited, or the signal aborts.
 */
export async function runSweep(request: SweepRequest, targets: Targets, startAt = 0): Promise<ChannelReport> {
  if (request.exclusions?.byMac === true) await resolveFirst(request);
  const sparing = createSparing(request.kindOf ?? (() => undefined));
  const emit = (sighting: Sighting): void => {
    sparing.note(sighting);
    request.emit(sighting);
  };
  return sipOptions.run({ ...request, targets, startAt, net: netFor(request, sparing), emit });
}

/** What the net of an active channel is made of. */
export type NetRequest = Pick<
  SweepRequest,
  'scope' | 'exclusions' | 'system' | 'networks' | 'hosts' | 'gate' | 'isBusy' | 'clock'
> & { config: { rate: number; maxConnections: number } };

/** The net of one run of an active channel: its scope with all exclusions, its pace held by gate and intake, its link. */
export function netFor(request: NetRequest, sparing?: Sparing): ScopedNet {
  const { system, hosts, clock, config, gate, exclusions } = request;
  const pace = createPace(config.rate, clock);
  return createScopedNet({
    scope: exclusions === undefined ? request.scope : withExclusions(request.scope, exclusions),
    ...(sparing === undefined ? {} : { sparing }),
    system,
    hosts,
    clock,
    link: createLinkWindow({
      networks: request.networks(),
      link: system.link,
      clock,
      perSecond: config.rate,
    }),
    pace: heldUp(gate === undefined ? pace : gate.hold(pace), request),
    mostConnections: config.maxConnections,
  });
}

const LOOK_AGAIN_MS = 5;

/** The same pace, which waits for whoever takes in what is heard. */
const heldUp = (pace: Pace, { isBusy, clock }: Pick<SweepRequest, 'isBusy' | 'clock'>): Pace => ({
  spend: () => pace.spend(),
  async takeTurn(most, signal) {
    while (isBusy?.() === true && !signal.aborted) await clock.sleep(LOOK_AGAIN_MS, signal);
    return pace.takeTurn(most, signal);
  },
});

/** Says so where the right is missing: nobody of the link is asked then whose MAC address is not known by other ways. */
async function resolveFirst({ scope, networks, system, clock, signal, log }: SweepRequest): Promise<void> {
  const isAllowed = await resolveLink({ scope, networks: networks(), link: system.link, clock, signal });
  if (!isAllowed) log.warn('exclusion.mac-not-resolved', { missing: 'CAP_NET_ADMIN' });
}
