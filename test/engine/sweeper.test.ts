import { describe, expect, it } from 'vitest';
import { createFeed } from '../../src/engine/feed.ts';
import { noteSilent } from '../../src/engine/fell-silent.ts';
import { createLeftAlone, SILENT_FOR_MS } from '../../src/engine/left-alone.ts';
import { createHostPace, HOST_GAP_MS } from '../../src/engine/pace.ts';
import { createSweeper } from '../../src/engine/sweeper.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import type { Sweep } from '../../src/model/sweep.ts';
import { readMigrations } from '../../src/platform/files.ts';
import { createScope } from '../../src/scope/scope.ts';
import type { Database } from '../../src/store/database.ts';
import { deviceById, insertDevice } from '../../src/store/devices.ts';
import { saveEndpoint } from '../../src/store/endpoints.ts';
import { saveSighting } from '../../src/store/sightings.ts';
import { device, heardAt, NO_REASONS } from '../store/samples.ts';
import { listLeftAlone } from '../../src/store/left-alone.ts';
import { openDatabase } from '../../src/store/open.ts';
import { listSweeps } from '../../src/store/sweeps.ts';
import { createSimulatedClock, type SimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet, type Host } from '../sim/net.ts';
import { answerTo } from '../channels/answers.ts';

const ok: Host = ({ bytes }) => [{ bytes: answerTo(bytes, 'SIP/2.0 200 OK', ['User-Agent: Acme/1']) }];
const silent = (): void => undefined;

const openStore = (): Database =>
  openDatabase({ file: ':memory:', migrations: readMigrations('migrations') });

/** One run of a program that sweeps; several share store and clock, as a daemon that is started again does. */
function program(
  db: Database,
  clock: SimulatedClock,
  options: { network?: string; hosts?: Record<string, Host>; rate?: number } = {},
) {
  const scope = createScope({ include: [options.network ?? '10.0.0.0/24'] });
  if (!scope.ok) throw new Error('scope');
  const net = createSimulatedNet(clock, new Map(Object.entries(options.hosts ?? {})));
  const ending = new AbortController();
  const heard: Sighting[] = [];
  const ended: Sweep[] = [];
  const leftAlone = createLeftAlone({ db, site: 's', clock });
  const log = { info: silent, warn: silent, error: silent };
  const sweeper = createSweeper({
    db,
    feed: createFeed(),
    clock,
    request: () => ({
      site: 's',
      scope: scope.value,
      config: {
        ports: [5060],
        transports: ['udp'],
        rate: options.rate ?? 10,
        maxConnections: 5,
        waitMs: 2000,
        schedule: '',
        jitterSeconds: 0,
      },
      system: net,
      networks: () => [],
      hosts: leftAlone.within(createHostPace(HOST_GAP_MS, clock)),
      clock,
      log,
      signal: ending.signal,
      emit: (sighting) => void heard.push(sighting),
    }),
    onHeardAll: silent,
    onEnd: (sweep) => {
      ended.push(sweep);
      if (sweep.state === 'done')
        noteSilent(sweep, {
          db,
          site: 's',
          scope: scope.value,
          system: net,
          networks: () => [],
          leftAlone,
          log,
        });
    },
  });
  return {
    sweeper,
    net,
    heard,
    ended,
    leftAlone,
    stop: () => ending.abort(),
    latest: () => listSweeps(db, 1)[0]!,
  };
}

/** As the intake would: an answer of the one device of the store, at its address. */
function takeIn(db: Database, heard: Sighting): void {
  const id = deviceById(db, 'd1')?.id ?? insertDevice(db, { ...device(), site: 's' }, NO_REASONS);
  const heardAs = saveEndpoint(db, id, 's', {
    ...heardAt(heard.from.address),
    channel: 'sip-options',
    at: heard.at,
  });
  saveSighting(db, heardAs, heard);
}

const addressesOf = (run: ReturnType<typeof program>): Set<string> =>
  new Set(run.net.sent.map(({ to }) => to.address));

async function finish(run: ReturnType<typeof program>, clock: SimulatedClock): Promise<void> {
  for (let guard = 0; run.sweeper.running !== null && guard < 4000; guard++) await clock.advance(500);
}

describe('the life of a sweep', () => {
  it('sends nothing while it is paused, and goes on where it was', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const run = program(db, clock);
    run.sweeper.start();
    await clock.advance(5000);
    const sent = run.net.sent.length;
    expect(sent).toBeGreaterThan(30);
    expect(run.sweeper.pause()).toMatchObject({ state: 'paused' });
    await clock.advance(60_000);
    expect(run.net.sent.length).toBeLessThanOrEqual(sent + 1);
    expect(run.latest()).toMatchObject({ state: 'paused' });
    expect(run.sweeper.resume()).toMatchObject({ state: 'running' });
    await finish(run, clock);
    expect(run.latest()).toMatchObject({ state: 'done', sent: 254 * 3 });
    // Its time is that of sending; the minute of the pause is none of it.
    expect(run.latest().activeMs).toBeLessThan(90_000);
    expect(run.latest().endedAt! - run.latest().startedAt).toBeGreaterThan(130_000);
  });

  it('ends when it is cancelled, paused or not, and is told as cancelled', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const run = program(db, clock);
    run.sweeper.start();
    await clock.advance(3000);
    run.sweeper.pause();
    run.sweeper.cancel();
    await finish(run, clock);
    expect(run.latest()).toMatchObject({ state: 'cancelled' });
    expect(run.net.openSockets).toBe(0);
    expect([run.sweeper.pause(), run.sweeper.resume(), run.sweeper.cancel()]).toEqual([null, null, null]);
  });

  it('goes on after a restart from its checkpoint, in the same order, and asks everybody', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const network = '10.0.0.0/22';
    const first = program(db, clock, { network });
    first.sweeper.start();
    await clock.advance(200_000);
    first.stop();
    await first.sweeper.ended();
    const stopped = first.latest();
    expect(stopped).toMatchObject({ state: 'running', endedAt: null });
    expect(stopped.position).toBeGreaterThan(0);

    const second = program(db, clock, { network });
    expect(second.sweeper.goOn()).toMatchObject({ id: stopped.id, seed: stopped.seed });
    await finish(second, clock);
    expect(second.latest()).toMatchObject({ id: stopped.id, state: 'done' });
    expect(new Set([...addressesOf(first), ...addressesOf(second)]).size).toBe(1022);
    expect(addressesOf(second).size).toBe(1022 - stopped.position);
    expect(second.latest().sent).toBe(first.net.sent.length + second.net.sent.length);
    expect(listSweeps(db, 9)).toHaveLength(1);
  });

  it('stays paused over a restart', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const first = program(db, clock);
    first.sweeper.start();
    await clock.advance(2000);
    first.sweeper.pause();
    first.stop();
    await first.sweeper.ended();
    const second = program(db, clock);
    expect(second.sweeper.goOn()).toMatchObject({ state: 'paused' });
    await clock.advance(10_000);
    expect(second.net.sent).toEqual([]);
    second.sweeper.resume();
    await finish(second, clock);
    expect(second.latest()).toMatchObject({ state: 'done' });
  });

  it.each<[string, { network?: string }, number]>([
    ['another scope', { network: '10.0.1.0/24' }, 0],
    ['a sweep of the day before yesterday', {}, 2 * 24 * 3_600_000],
  ])('begins anew for %s', async (_, options, laterMs) => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const first = program(db, clock);
    first.sweeper.start();
    await clock.advance(2000);
    first.stop();
    await first.sweeper.ended();
    await clock.advance(laterMs);
    const second = program(db, clock, options);
    expect(second.sweeper.goOn()).toBeNull();
    expect(second.latest()).toMatchObject({ state: 'cancelled' });
  });

  it('estimates no more than what is left: every answer shortens it', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const hosts = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`10.0.0.${index + 1}:5060`, ok]),
    );
    const run = program(db, clock, { hosts });
    run.sweeper.start();
    await clock.advance(28_000);
    expect(run.sweeper.running!.mostToSend).toBeLessThan(500);
    await finish(run, clock);
    expect(run.latest()).toMatchObject({ sent: 254 + 54 * 2, mostToSend: 254 + 54 * 2, answered: 200 });
  });
});

describe('hosts that are left alone', () => {
  const busy: Host = ({ bytes }) => [
    { bytes: answerTo(bytes, 'SIP/2.0 503 Busy', ['Retry-After: 120 (rebooting)']) },
  ];

  it('are those that asked for it, for as long as they asked, over a restart too', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const options = { network: '10.0.0.0/29', hosts: { '10.0.0.2:5060': busy } };
    const first = program(db, clock, options);
    first.sweeper.start();
    await finish(first, clock);
    expect(listLeftAlone(db, 's', clock.now())).toMatchObject([
      { address: '10.0.0.2', because: 'retry-after' },
    ]);
    await clock.advance(100_000);
    const second = program(db, clock, options);
    second.leftAlone.list().forEach(({ address }) => expect(address).toBe('10.0.0.2'));
    await clock.advance(21_000);
    expect(second.leftAlone.list()).toEqual([]);
  });

  it('are not asked again in the same sweep, at another port', async () => {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const run = program(db, clock, { network: '10.0.0.2', hosts: { '10.0.0.2:5060': busy } });
    run.sweeper.start();
    await finish(run, clock);
    expect(run.net.sent).toHaveLength(1);
    expect(run.leftAlone.within(createHostPace(0, clock)).waitFor('10.0.0.2')).toBe(0);
  });
});

describe('a host that fell silent', () => {
  /** Two sweeps of ten phones, a minute apart; `silent` of them answer only the first. */
  async function twoSweeps(silent: number) {
    const [db, clock] = [openStore(), createSimulatedClock()];
    const network = '10.0.0.0/28';
    const hostsFrom = (first: number): Record<string, Host> =>
      Object.fromEntries(
        Array.from({ length: 10 - first }, (_, index) => [`10.0.0.${first + index + 1}:5060`, ok]),
      );
    const sweepOnce = async (hosts: Record<string, Host>) => {
      const run = program(db, clock, { network, hosts });
      run.sweeper.start();
      // Taken in as they come, before the sweep ends and looks who is missing.
      while (run.sweeper.running !== null) {
        await clock.advance(500);
        for (const sighting of run.heard.splice(0)) takeIn(db, sighting);
      }
      return run;
    };
    await sweepOnce(hostsFrom(0));
    await clock.advance(60_000);
    const second = await sweepOnce(hostsFrom(silent));
    return { db, clock, second };
  }

  it('after a probe is left alone for an hour, and no longer once it speaks again', async () => {
    const { db, clock, second } = await twoSweeps(1);
    expect(listLeftAlone(db, 's', clock.now())).toMatchObject([
      { address: '10.0.0.1', because: 'fell-silent' },
    ]);
    expect(listLeftAlone(db, 's', clock.now() + SILENT_FOR_MS)).toEqual([]);
    const heardBy = (channel: string): void =>
      second.leftAlone.heard({
        channel,
        at: clock.now(),
        from: { site: 's', transport: 'udp', address: '10.0.0.1', port: 5060 },
        solicited: false,
        facts: [],
        raw: new Uint8Array(0),
      });
    heardBy('neighbours');
    expect(second.leftAlone.list()).toHaveLength(1);
    heardBy('sip-pnp');
    expect(second.leftAlone.list()).toEqual([]);
  });

  it('together with more than half of all is no such host: then the fault is ours', async () => {
    const { db, clock } = await twoSweeps(6);
    expect(listLeftAlone(db, 's', clock.now())).toEqual([]);
  });
});
