import { describe, expect, it } from 'vitest';
import { folderOfTest, pause, phonesOn, startDaemon, sweeping, until, type Daemon } from './daemon.ts';

const devicesOf = async (daemon: Daemon) =>
  (await daemon.get<{ devices: { id: string; status: string }[] }>('/api/v1/devices')).body.devices;

describe('a daemon', () => {
  it.concurrent(
    'that was stopped for a while goes on: one sweep makes up for those left out, and nobody is gone',
    { timeout: 90_000 },
    async ({ onTestFinished: atEnd }) => {
      const network = '127.93.5.0/28';
      const schedule = { everyMs: 10_000, cron: '*/10 * * * * *' };
      await phonesOn(network, 8, atEnd);
      const daemon = await startDaemon({
        folder: folderOfTest(atEnd),
        config: sweeping(network, { schedule: schedule.cron }, HASTY),
        atEnd,
      });
      await until('two sweeps are done', async () => (await done(daemon)).length >= 2, 40_000);
      const before = await devicesOf(daemon);
      expect(before.length).toBeGreaterThan(4);

      const stoppedAt = Date.now();
      daemon.kill('SIGSTOP');
      // Longer than two looks at the clocks: it knows that it was deaf, and two sweeps fall due.
      await pause(22_000);
      daemon.kill('SIGCONT');
      const goesOnAt = Date.now();
      await pause(schedule.everyMs + 2000);

      const after = (await daemon.sweeps()).map(({ startedAt }) => Date.parse(startedAt));
      expect(after.filter((at) => at > stoppedAt + 500 && at < goesOnAt)).toEqual([]);
      const since = after.filter((at) => at >= goesOnAt);
      const slots = Math.floor(Date.now() / schedule.everyMs) - Math.floor(goesOnAt / schedule.everyMs);
      expect(since.length).toBeGreaterThanOrEqual(1);
      expect(since.length).toBeLessThanOrEqual(1 + slots);
      expect(await devicesOf(daemon)).toHaveLength(before.length);
      expect((await devicesOf(daemon)).map(({ status }) => status)).not.toContain('gone');
      expect(await daemon.journal('gone')).toEqual([]);
      expect(daemon.log().filter(({ msg }) => msg === 'watch.ended')).toMatchObject([
        { because: 'suspended' },
      ]);
      expect(daemon.isAlive()).toBe(true);
    },
  );

  it.concurrent(
    'that is ended in mid-sweep ends within 5 s, and goes on with that very sweep when it is started again',
    { timeout: 90_000 },
    async ({ onTestFinished: atEnd }) => {
      const network = '127.93.6.0/25';
      const folder = folderOfTest(atEnd);
      // One sweep, slow enough to be met under way.
      const config = sweeping(network, { schedule: '0 0 1 1 *', rate: 40 });
      await phonesOn(network, 40, atEnd);
      const first = await startDaemon({ folder, config, atEnd });
      await until('it is under way', async () => (await first.sweeps())[0]!.sent > 60, 30_000);

      const endedAt = performance.now();
      first.kill('SIGTERM');
      expect(await first.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - endedAt).toBeLessThan(5000);

      const second = await startDaemon({ folder, config, atEnd });
      const [sweep, ...others] = await second.sweeps();
      expect(others).toEqual([]);
      expect(sweep).toMatchObject({ id: 1, state: 'running' });
      expect(sweep!.sent).toBeGreaterThanOrEqual(60);
      await until('the sweep is done', async () => (await done(second)).length === 1, 60_000);
      expect(await second.sweeps()).toMatchObject([{ id: 1, state: 'done' }]);
      expect((await devicesOf(second)).length).toBeGreaterThan(30);
    },
  );
});

const done = async (daemon: Daemon) => (await daemon.sweeps()).filter(({ state }) => state === 'done');

/** Whoever is silent for some seconds is gone: only that the auditor knows when it was deaf keeps them. */
const HASTY = `
presence: { staleAfterHours: 0.002, goneAfterDays: 0.0002, softphonesStaleAfterHours: 0.002, softphonesGoneAfterDays: 0.0002, missedSweeps: 1 }
`;
