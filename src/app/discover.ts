import { CHANNELS, LISTENER_NAMES, type ChannelName } from '../channels/registry.ts';
import type { ChannelReport, Progress } from '../channels/channel.ts';
import { placesToAsk } from '../channels/sip-options/places.ts';
import { announcedAddresses } from '../engine/announced.ts';
import { askPages } from '../engine/ask-pages.ts';
import { askedAt } from '../engine/asked-at.ts';
import { createBatches } from '../engine/batches.ts';
import { withExclusions, type Exclusions } from '../engine/exclusions.ts';
import type { Intake } from '../engine/intake.ts';
import { createLeftAlone } from '../engine/left-alone.ts';
import { sumOf } from '../engine/listen.ts';
import { createHostPace, HOST_GAP_MS } from '../engine/pace.ts';
import { createAskedHosts, pagesToAsk } from '../engine/pages-to-ask.ts';
import { placesLearnt, type HostPlaces, type SweepPlan } from '../engine/plan.ts';
import { planFor, runSweep, type SweepRequest } from '../engine/sweep.ts';
import type { Matcher } from '../identify/match.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Language } from '../model/text.ts';
import { systemClock } from '../platform/clock.ts';
import { localNetworks } from '../platform/interfaces.ts';
import { createLog } from '../platform/log.ts';
import type { Scope } from '../scope/scope.ts';
import type { Database } from '../store/database.ts';
import { listDevices } from '../store/devices.ts';
import { systemNet } from './compose.ts';
import { defaultsOf, type Config } from './config.ts';
import { overhear } from './overhear.ts';

export interface Discovery {
  config: Config;
  scope: Scope;
  db: Database;
  intake: Intake;
  matcher: Matcher;
  channels: readonly ChannelName[];
  /** Settings of SIP OPTIONS; `rate` 0 is without limit, and then without a pause for each host too. */
  sipOptions: SweepRequest['config'];
  exclusions: Exclusions;
  /** Hosts that a person named ports for. */
  askedAt: ReadonlyMap<string, HostPlaces>;
  /** How long the passive channels listen, at most. */
  listening: AbortSignal;
  language: Language;
  signal: AbortSignal;
  /** Called before the first packet leaves. */
  onPlan: (plan: SweepPlan) => void;
  onProgress: (progress: Progress) => void;
}

export interface Discovered {
  /** What the sweep asked, sent and heard; null where SIP OPTIONS was not wanted. */
  sweep: (ChannelReport & { asked: number }) | null;
  /** What each channel did. */
  channels: Partial<Record<ChannelName, ChannelReport>>;
}

/**
 * One look at the scope by the channels asked for: a sweep with the listening channels beside it, then the places that these have told
 * of meanwhile, then the pages of phones that have not told all. Ends when all that was heard is taken in.
 */
export async function discover(work: Discovery): Promise<Discovered> {
  const batches = createBatches(work.intake, systemClock);
  const emit = (sighting: Sighting): void => batches.add(sighting);
  const isOn = (channel: ChannelName): boolean => work.channels.includes(channel);
  const leftAlone = createLeftAlone({ db: work.db, site: work.config.site.id, clock: systemClock });
  const gapMs = work.sipOptions.rate === 0 ? 0 : HOST_GAP_MS;
  const common = {
    site: work.config.site.id,
    scope: work.scope,
    networks: localNetworks,
    system: systemNet,
    hosts: leftAlone.within(createHostPace(gapMs, systemClock)),
    clock: systemClock,
    log: createLog('warn'),
    exclusions: work.exclusions,
    signal: work.signal,
    emit,
    isBusy: () => batches.isBusy,
    onProgress: work.onProgress,
  };
  const request: SweepRequest = {
    ...common,
    config: work.sipOptions,
    kindOf: (sighting) => work.matcher.kindOf(sighting),
  };
  const known = (): Map<string, HostPlaces> => {
    const devices = listDevices(work.db, {});
    return askedAt({
      devices,
      announced: announcedAddresses(work.db, devices),
      leftAlone: new Set(leftAlone.list().map(({ address }) => address)),
      scope: work.scope,
      places: placesToAsk(work.sipOptions.ports, work.sipOptions.transports),
    });
  };

  const listeners = LISTENER_NAMES.filter(isOn);
  const listened = overhear({
    ...work,
    scope: withExclusions(work.scope, work.exclusions),
    hosts: common.hosts,
    channels: listeners,
    signal: work.listening,
    emit,
  });
  const sweep = async (): Promise<Discovered['sweep']> => {
    const before = new Map([...known(), ...work.askedAt]);
    const plan = planFor({ ...request, askedAt: before });
    work.onPlan(plan);
    const report = await runSweep(request, plan);
    batches.flush();
    await listened;
    batches.flush();
    // Only who listens learns where else to ask.
    const learnt = listeners.length === 0 ? [] : placesLearnt({ ...common, before, after: known() });
    const more = learnt.length === 0 || work.signal.aborted ? [] : [await runSweep(request, learnt)];
    return { asked: plan.count + learnt.length, ...sumOf([report, ...more]) };
  };
  const swept = isOn('sip-options') ? await sweep() : null;
  const channels: Discovered['channels'] = await listened;
  if (swept !== null) channels['sip-options'] = swept;
  batches.flush();
  if (isOn('http') && !work.signal.aborted) {
    const config = work.config.channels.http ?? defaultsOf('http');
    const asked = createAskedHosts(systemClock);
    const pages = pagesToAsk(listDevices(work.db, {}), { ...common, config, asked });
    channels.http = await askPages({ ...common, config, asked }, pages);
    batches.flush();
  }
  return { sweep: swept, channels };
}

/** The channels that a person means by these words. */
export const channelsOf = (words: readonly (ChannelName | 'all')[]): ChannelName[] =>
  (Object.keys(CHANNELS) as ChannelName[]).filter((name) => words.includes(name) || words.includes('all'));
