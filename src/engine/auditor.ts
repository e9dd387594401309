import type { ChannelState } from '../model/channel-state.ts';
import { AppError } from '../model/app-error.ts';
import type { Patiences } from '../inventory/presence.ts';
import type { Sighting } from '../model/sighting.ts';
import type { Site } from '../model/site.ts';
import type { Sweep } from '../model/sweep.ts';
import type { LocalText } from '../model/text.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Clock, Log } from '../platform/ports.ts';
import { parseDailyHours } from '../model/daily-hours.ts';
import type { Scope } from '../scope/scope.ts';
import {
  CHANNEL_NAMES,
  LISTENER_NAMES,
  type ChannelName,
  type ListenerName,
  type SettingsOf,
} from '../channels/registry.ts';
import type { Database } from '../store/database.ts';
import { listDevices } from '../store/devices.ts';
import type { LeftAlone } from '../store/left-alone.ts';
import { listSweeps } from '../store/sweeps.ts';
import { placesToAsk } from '../channels/sip-options/places.ts';
import { announcedAddresses } from './announced.ts';
import { askedAt } from './asked-at.ts';
import { judgeSilence, LINK_SETTLES_MS, lookBack, type Hindsight } from './after-sweep.ts';
import { keepWatch } from './keep-watch.ts';
import { createLeftAlone, type LeftAloneHosts } from './left-alone.ts';
import { createBatches } from './batches.ts';
import { withExclusions, type Exclusions } from './exclusions.ts';
import type { Feed } from './feed.ts';
import type { Intake } from './intake.ts';
import type { Knowledge } from './knowledge.ts';
import { runListener, whyNotListen, type ListenRequest } from './listen.ts';
import { createHostPace, HOST_GAP_MS, type HostPace } from './pace.ts';
import { createPageRuns } from './page-runs.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import type { SystemNet } from './scoped-net.ts';
import type { Storage } from './storage.ts';
import type { SweepRequest } from './sweep.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';
import { WHY_OFF } from './why-off.ts';

/** A network that this machine is on. */
export interface SeenNetwork {
  interface: string;
  address: string;
  network: string;
}

/** What is left alone, as it was written. */
export interface ShownExclusion {
  network?: string;
  mac?: string;
  between?: string;
  because: string;
}

/** What the daemon is and does right now. `because` says why a channel is off or failed, and the way out. */
export interface AuditorStatus {
  site: Site;
  /** `sweptCount`: addresses that a sweep asks. */
  scope: { include: readonly string[]; exclude: readonly ShownExclusion[]; sweptCount: number };
  policy: { title: string; revision: string; isExample: boolean };
  /** How many rules hold; `refused` is what is wrong with rule files that were changed and not taken. */
  rules: { count: number; refused: string | null };
  channels: readonly { name: string; state: ChannelState; because: LocalText | null }[];
  networks: readonly SeenNetwork[];
}

/** The daemon's work, as the API and the command line see it. */
export interface Auditor {
  status(): AuditorStatus;
  /** The sweeps now running, for progress; ended ones are in the store. */
  runningSweeps(): readonly Sweep[];
  /** Starts a sweep of every active channel; returns those running already where there are some. Throws AppError SCOPE_REFUSED without a scope. */
  startSweep(): readonly Sweep[];
  /** Stops the sweep under way for a while, goes on with it, or ends it; null where none is under way. */
  changeSweep(to: 'paused' | 'running' | 'cancelled'): Sweep | null;
  /** The hosts that are sent nothing for a while. */
  leftAlone(): readonly LeftAlone[];
  stop(): Promise<void>;
}

export interface AuditorParts {
  site: Site;
  scope: Scope;
  exclusions: Exclusions;
  /** The exclusions that are not in the scope itself, for people to read. */
  shownExclusions: readonly ShownExclusion[];
  /** Settings of the channels that are switched on. */
  channels: { [N in ChannelName]?: SettingsOf<N> };
  db: Database;
  feed: Feed;
  intake: Intake;
  knowledge: () => Knowledge;
  /** What is wrong with rule files that were changed and not taken; null when those on disk hold. */
  rulesTrouble: () => string | null;
  system: SystemNet;
  networks: () => readonly LocalNetwork[];
  isUdpPortHeldHere: (port: number) => Promise<boolean>;
  isKnown: ListenRequest['isKnown'];
  storage: Storage;
  patiences: Patiences;
  /** Milliseconds since this machine was started, its sleep included. */
  uptime: () => number;
  /** How often the clocks are looked at; 10 s where it is not said. */
  lookEveryMs?: number;
  clock: Clock;
  log: Log;
}

/** How often it is judged who has fallen silent where no sweep does it: at every full hour. */
const JUDGE_EVERY_MS = 3_600_000;

type States = Map<string, { state: ChannelState; because: LocalText | null }>;

/** Starts the daemon's work: listeners at once, sweeps by schedule, the first one now when there is no fresh one. */
export async function startAuditor(parts: AuditorParts): Promise<Auditor> {
  const { clock, scope, channels } = parts;
  const ending = new AbortController();
  const batches = createBatches(parts.intake, clock, parts.storage);
  const states: States = new Map();
  const leftAlone = createLeftAlone({ ...parts, site: parts.site.id });
  const emit = (sighting: Sighting): void => {
    leftAlone.heard(sighting);
    batches.add(sighting);
  };
  const work: SweepWork = {
    signal: ending.signal,
    emit,
    isBusy: () => batches.isBusy,
    flush: () => batches.flush(),
    leftAlone,
    hosts: leftAlone.within(createHostPace(HOST_GAP_MS, clock)),
  };
  const watch = keepWatch({
    ...parts,
    signal: ending.signal,
    ...(parts.lookEveryMs === undefined ? {} : { everyMs: parts.lookEveryMs }),
  });
  const hindsight: Hindsight = {
    ...parts,
    ...work,
    site: parts.site.id,
    watch,
    readsNeighbours: channels.neighbours !== undefined,
  };
  const paging = createPaging(parts, states, work);
  const sweeper =
    channels['sip-options'] === undefined
      ? null
      : sweeping(parts, channels['sip-options'], states, { ...work, hindsight, onSwept: paging.run });
  const listening = Promise.all(
    LISTENER_NAMES.map((name) =>
      listen(name, parts, states, { signal: ending.signal, emit, hosts: work.hosts }),
    ),
  );

  if (sweeper === null) states.set('sip-options', { state: 'off', because: WHY_OFF.switchedOff });
  else if (scope.isEmpty) states.set('sip-options', { state: 'off', because: WHY_OFF.noScope });
  else states.set('sip-options', WAITING);
  const listeners = await listening;

  const startSweep = (): readonly Sweep[] => {
    if (sweeper === null)
      throw new AppError('SCOPE_REFUSED', 'The channel sip-options is switched off.', {
        hint: 'Add channels.sip-options to the configuration.',
      });
    const sweep = sweeper.start();
    states.set('sip-options', { state: 'running', because: null });
    return [sweep];
  };
  const mayNotSweep = channels['sip-options'] === undefined || scope.isEmpty;
  const goesOn = sweeper?.goOn() ?? null;
  if (goesOn !== null) states.set('sip-options', { state: 'running', because: null });
  const schedule =
    mayNotSweep || sweeper === null
      ? null
      : startSchedule(parts, { signal: ending.signal, sweeper, run: () => void startSweep() });
  const judging = schedule === null ? judgeHourly(hindsight, ending.signal) : Promise.resolve();

  return {
    status: () => statusOf(parts, states),
    runningSweeps: () => (sweeper?.running ? [sweeper.running] : []),
    startSweep,
    changeSweep(to) {
      switch (to) {
        case 'paused':
          return sweeper?.pause() ?? null;
        case 'running':
          return sweeper?.resume() ?? null;
        case 'cancelled':
          return sweeper?.cancel() ?? null;
      }
    },
    leftAlone: () => leftAlone.list(),
    async stop() {
      ending.abort();
      await Promise.all([
        schedule?.ended,
        sweeper?.ended(),
        paging.ended(),
        judging,
        watch.ended,
        ...listeners.map(({ ended }) => ended),
      ]);
      batches.flush();
    },
  };
}

/** Sweeps by the cron expression; the first one at once where a slot has passed since the last one, or there was none. */
function startSchedule(
  { channels, clock, db, site, storage, lookEveryMs }: AuditorParts,
  { signal, sweeper, run }: { signal: AbortSignal; sweeper: Sweeper; run: () => void },
): Schedule {
  const { schedule = '', jitterSeconds = 0, quietHours } = channels['sip-options'] ?? {};
  const hours = quietHours === undefined ? null : parseDailyHours(quietHours);
  return createSchedule({
    expression: schedule,
    jitterMs: jitterSeconds * 1000,
    ...(hours === null ? {} : { quietHours: { hours, timezone: site.timezone } }),
    clock,
    run: () => storage.insist(run),
    isRunning: () => sweeper.running !== null,
    lastRunAt: listSweeps(db, 1)[0]?.startedAt ?? LONG_AGO,
    ...(lookEveryMs === undefined ? {} : { lookEveryMs }),
    signal,
  });
}

/** Before any slot: an auditor that has never swept begins at once. */
const LONG_AGO = 0;

/** Silence is judged after each sweep; where none runs, at each full hour. */
async function judgeHourly(hindsight: Hindsight, signal: AbortSignal): Promise<void> {
  const { clock } = hindsight;
  for (;;) {
    await clock.sleep(JUDGE_EVERY_MS - (clock.now() % JUDGE_EVERY_MS), signal);
    if (signal.aborted) return;
    await judgeSilence(hindsight);
  }
}

interface Work {
  signal: AbortSignal;
  emit(sighting: Sighting): void;
}

interface SweepWork extends Work {
  isBusy: () => boolean;
  flush: () => void;
  leftAlone: LeftAloneHosts;
  hosts: HostPace;
}

/** Pages are asked for when a sweep is over, so that no host is asked by both at once. */
function createPaging(
  parts: AuditorParts,
  states: States,
  work: SweepWork,
): { run: () => void; ended: () => Promise<unknown> } {
  const config = parts.channels.http;
  if (config === undefined) {
    states.set('http', { state: 'off', because: WHY_OFF.switchedOff });
    return { run: () => undefined, ended: () => Promise.resolve() };
  }
  states.set('http', parts.scope.isEmpty ? { state: 'off', because: WHY_OFF.noScope } : WAITING);
  const runs = createPageRuns({
    ...parts,
    ...work,
    site: parts.site.id,
    config,
    onProgress: () => states.set('http', { state: 'running', because: null }),
  });
  let latest: Promise<unknown> = Promise.resolve();
  return {
    ended: () => latest,
    run() {
      latest = runs.run().then((outcome) => {
        work.flush();
        states.set(
          'http',
          outcome instanceof AppError ? { state: 'failed', because: untranslated(outcome) } : WAITING,
        );
        if (outcome !== null && !(outcome instanceof AppError))
          parts.log.info('channel.ended', { channel: 'http', ...outcome });
      });
    },
  };
}

const WAITING = { state: 'waiting' as const, because: null };

function sweeping(
  parts: AuditorParts,
  config: SweepRequest['config'],
  states: States,
  work: SweepWork & { hindsight: Hindsight; onSwept: () => void },
): Sweeper {
  const { hosts } = work;
  const places = placesToAsk(config.ports, config.transports);
  return createSweeper({
    ...parts,
    request: () => {
      const devices = listDevices(parts.db, {});
      return {
        ...parts,
        ...work,
        site: parts.site.id,
        config,
        hosts,
        kindOf: (sighting) => parts.knowledge().matcher.kindOf(sighting),
        askedAt: askedAt({
          devices,
          announced: announcedAddresses(parts.db, devices),
          leftAlone: new Set(work.leftAlone.list().map(({ address }) => address)),
          scope: parts.scope,
          places,
        }),
      };
    },
    onHeardAll: () => work.flush(),
    onEnd(sweep, error) {
      if (sweep.state === 'done') void lookBackLater(sweep, work);
      states.set('sip-options', error === null ? WAITING : { state: 'failed', because: untranslated(error) });
      if (sweep.state === 'done') work.onSwept();
      const { id, state, targets, sent, answered, refused } = sweep;
      if (error === null)
        parts.log.info('sweep.ended', { sweep: id, state, targets, sent, answered, refused });
      else parts.log.error('sweep.failed', { sweep: id, code: error.code, message: error.message });
    },
  });
}

/** Who is switched off must be told from who is silent: the neighbour table has to have noticed. */
async function lookBackLater(
  sweep: Sweep,
  { hindsight, signal }: SweepWork & { hindsight: Hindsight },
): Promise<void> {
  await hindsight.clock.sleep(LINK_SETTLES_MS, signal);
  if (signal.aborted) return;
  lookBack(sweep, hindsight);
  await judgeSilence(hindsight);
}

/** Starts a listening channel, or says why not. The result's `ended` resolves when it has closed its sockets. */
async function listen(
  name: ListenerName,
  parts: AuditorParts,
  states: States,
  work: Work & { hosts: HostPace },
): Promise<{ ended: Promise<void> }> {
  const scope = withExclusions(parts.scope, parts.exclusions);
  const request: ListenRequest = { ...parts, ...work, scope, site: parts.site.id };
  const because = await whyNotListen(name, request);
  if (because !== null) {
    states.set(name, { state: 'off', because });
    if (because !== WHY_OFF.switchedOff)
      parts.log.warn('channel.off', { channel: name, because: because.en });
    return { ended: Promise.resolve() };
  }
  states.set(name, { state: 'listening', because: null });
  const ended = runListener(name, request).then(
    (report) => parts.log.info('channel.ended', { channel: name, ...report }),
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      states.set(name, { state: 'failed', because: untranslated(error) });
      parts.log.error('channel.failed', { channel: name, code: error.code, message: error.message });
    },
  );
  return { ended };
}

const untranslated = (error: AppError): LocalText => ({ en: error.describe(), nl: error.describe() });

function statusOf(parts: AuditorParts, states: States): AuditorStatus {
  const { policy, matcher } = parts.knowledge();
  return {
    site: parts.site,
    scope: {
      include: parts.scope.include,
      exclude: [...parts.scope.exclude, ...parts.shownExclusions],
      sweptCount: parts.scope.sweptCount,
    },
    policy: { title: policy.title, revision: policy.revision, isExample: policy.isExample },
    rules: { count: matcher.size, refused: parts.rulesTrouble() },
    channels: CHANNEL_NAMES.flatMap((name) => {
      const state = states.get(name);
      return state === undefined ? [] : { name, ...state };
    }),
    networks: parts
      .networks()
      .map(({ interface: name, address, network }) => ({ interface: name, address, network })),
  };
}
