import { describe, expect, it } from 'vitest';
import { createHostPace, createPace } from '../../src/engine/pace.ts';
import { createSimulatedClock } from '../sim/clock.ts';

describe('createPace', () => {
  it.each([
    [1, 10_000, 10],
    [100, 2000, 200],
    [1000, 1000, 1000],
  ])('lets %d a second through, over %d ms about %d', async (perSecond, ms, expected) => {
    const clock = createSimulatedClock();
    const pace = createPace(perSecond, clock);
    const ending = new AbortController();
    let sent = 0;
    const sending = (async () => {
      while (!ending.signal.aborted)
        for (let turn = await pace.takeTurn(64, ending.signal); turn > 0; turn--)
          sent += pace.spend() ? 1 : 0;
    })();
    await clock.advance(ms);
    ending.abort();
    await sending;
    expect(sent).toBeGreaterThanOrEqual(expected * 0.98);
    expect(sent).toBeLessThanOrEqual(expected + Math.max(1, perSecond / 10));
  });

  it('lets nothing through that took no turn', async () => {
    const clock = createSimulatedClock();
    const pace = createPace(100, clock);
    expect(pace.spend()).toBe(false);
    await pace.takeTurn(1, new AbortController().signal);
    expect([pace.spend(), pace.spend()]).toEqual([true, false]);
  });

  it('saves up no more than a tenth of a second while nobody sends', async () => {
    const clock = createSimulatedClock();
    const pace = createPace(100, clock);
    await clock.advance(60_000);
    expect(await pace.takeTurn(64, new AbortController().signal)).toBe(10);
  });

  it('has no limit at rate 0, and gives no turn once aborted', async () => {
    const pace = createPace(0, createSimulatedClock());
    expect(await pace.takeTurn(64, new AbortController().signal)).toBe(64);
    expect(await pace.takeTurn(64, AbortSignal.abort())).toBe(0);
  });
});

describe('createHostPace', () => {
  it('keeps a second between two packets to one host, and none between hosts', async () => {
    const clock = createSimulatedClock();
    const hosts = createHostPace(1000, clock);
    hosts.mark('10.0.0.1');
    expect(hosts.waitFor('10.0.0.2')).toBe(0);
    await clock.advance(400);
    expect(hosts.waitFor('10.0.0.1')).toBe(600);
    await clock.advance(600);
    expect(hosts.waitFor('10.0.0.1')).toBe(0);
  });
});
