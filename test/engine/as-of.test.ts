import { describe, expect, it } from 'vitest';
import { createPipeline, openTransientInventory } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { judgePresence, quietDevices } from '../../src/engine/presence.ts';
import { PATIENCES } from '../../src/inventory/presence.ts';
import { devicesAsOf, deviceAsOf } from '../../src/store/as-of.ts';
import { listDevices } from '../../src/store/devices.ts';
import { forgetBefore } from '../../src/store/retention.ts';
import { latestSightings, rawOf } from '../../src/store/sightings.ts';
import { versionsOf } from '../../src/store/versions.ts';
import { beginWatch, extendWatch } from '../../src/store/watches.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 5);

function site() {
  const db = openTransientInventory();
  const { intake } = createPipeline(
    db,
    () => knowledge,
    () => null,
  );
  const answer = (day: number, address: string, userAgent: string): void =>
    intake.accept([
      {
        channel: 'sip-options',
        at: START + day * DAY,
        from: { site: 'site', transport: 'udp', address, port: 5060 },
        solicited: true,
        facts: [
          { field: 'sip.status', value: '200' },
          { field: 'sip.user_agent', value: userAgent },
        ],
        raw: Buffer.from(userAgent),
      },
    ]);
  const judge = (day: number): void => {
    extendWatch(db, beginWatch(db, START), START + day * DAY);
    const now = START + day * DAY;
    for (const quiet of quietDevices(db, PATIENCES, now))
      intake.change(() =>
        judgePresence({ db, patiences: PATIENCES, isSwept: () => false, leftAlone: new Set() }, quiet, now),
      );
  };
  const on = (day: number, knownOn = day) => ({ at: START + day * DAY, knownAt: START + knownOn * DAY });
  const fleet = (day: number, knownOn = day): string[] =>
    devicesAsOf(db, on(day, knownOn), {}).map(
      ({ id, identity, status, endpoints }) =>
        `${id} ${identity.model ?? '?'} ${identity.firmware ?? '?'} ${status} at ${endpoints.map(({ address }) => address).join('+')}`,
    );
  return { db, intake, answer, judge, fleet, on };
}

const T46S = 'Yealink SIP-T46S 66.86.0.15';
const NEWER = 'Yealink SIP-T46S 66.86.0.160';

describe('the fleet of another day', () => {
  it('is what was known then: nobody before the first was heard, each with the firmware of that day', () => {
    const { answer, fleet } = site();
    answer(1, '10.0.0.1', T46S);
    answer(2, '10.0.0.2', 'snom370/8.7.5.35');
    answer(3, '10.0.0.1', NEWER);
    expect(fleet(0.5)).toEqual([]);
    expect(fleet(1)).toEqual(['d1 T46S 66.86.0.15 present at 10.0.0.1']);
    expect(fleet(2.5)).toEqual([
      'd2 370 8.7.5.35 present at 10.0.0.2',
      'd1 T46S 66.86.0.15 present at 10.0.0.1',
    ]);
    expect(fleet(3)[1]).toBe('d1 T46S 66.86.0.160 present at 10.0.0.1');
  });

  it('is the same as today, asked for today', () => {
    const { db, answer, judge, on } = site();
    for (let host = 1; host <= 20; host++)
      answer(host / 24, `10.0.0.${host}`, host % 2 ? T46S : 'snom370/8.7.5.35');
    for (let host = 1; host <= 10; host++) answer(1, `10.0.0.${host}`, host % 3 ? T46S : NEWER);
    judge(2);
    expect(devicesAsOf(db, on(2), {})).toEqual(listDevices(db, {}));
    for (const filter of [
      { levels: ['full'] },
      { vendor: 'snom' },
      { text: '10.0.0.1' },
      { status: 'stale' },
    ] as const)
      expect(devicesAsOf(db, on(2), filter)).toEqual(listDevices(db, filter));
  });

  it('knows when a silent device was heard last, and when it was called gone', () => {
    const { db, answer, judge, fleet, on } = site();
    answer(1, '10.0.0.1', T46S);
    answer(2, '10.0.0.1', T46S);
    judge(3);
    judge(10);
    answer(12, '10.0.0.1', T46S);
    expect(fleet(2.5)).toEqual(['d1 T46S 66.86.0.15 present at 10.0.0.1']);
    expect(fleet(3)).toEqual(['d1 T46S 66.86.0.15 stale at 10.0.0.1']);
    expect(fleet(11)).toEqual(['d1 T46S 66.86.0.15 gone at 10.0.0.1']);
    expect(fleet(12)).toEqual(['d1 T46S 66.86.0.15 present at 10.0.0.1']);
    expect(deviceAsOf(db, on(11), 'd1')?.lastSeen).toBe(START + 2 * DAY);
    expect(deviceAsOf(db, on(11), 'd1')?.endpoints[0]?.lastSeen).toBe(START + 2 * DAY);
  });

  it('shows two records before they were merged, and one after it', () => {
    const { db, answer, intake, fleet } = site();
    answer(1, '10.0.0.1', T46S);
    answer(1.5, '10.0.0.2', T46S);
    intake.merge('d1', 'd2', { at: START + 5 * DAY, because: 'one', author: 'Ada' });
    expect(fleet(4)).toEqual([
      'd1 T46S 66.86.0.15 present at 10.0.0.1',
      'd2 T46S 66.86.0.15 present at 10.0.0.2',
    ]);
    expect(fleet(6)).toEqual(['d1 T46S 66.86.0.15 present at 10.0.0.2+10.0.0.1']);
    intake.undo(1, { at: START + 7 * DAY, because: 'two', author: 'Ada' });
    expect(fleet(6)).toHaveLength(1);
    expect(fleet(8)).toHaveLength(2);
    expect(devicesAsOf(db, { at: START + 8 * DAY, knownAt: START + 6 * DAY }, {})).toHaveLength(1);
  });

  it('tells what was true from what was known: a split is known from the day it was made, and true from the start', () => {
    const { answer, intake, fleet } = site();
    answer(1, '10.0.0.1', `Fanvil X303 2.12.18.9 0c383e63963b`);
    answer(2, '10.0.0.2', `Fanvil X303 2.12.18.9 0c383e63963b`);
    expect(fleet(3)).toEqual(['d1 X303 2.12.18.9 present at 10.0.0.2+10.0.0.1']);
    intake.split('d1', '10.0.0.2', { at: START + 5 * DAY, because: 'a clone', author: 'Ada' });
    expect(fleet(3)).toEqual(['d1 X303 2.12.18.9 present at 10.0.0.2+10.0.0.1']);
    expect(fleet(6)).toEqual([
      'd1 X303 2.12.18.9 present at 10.0.0.1',
      'd2 X303 2.12.18.9 present at 10.0.0.2',
    ]);
    // What is known now of the third day.
    expect(fleet(3, 6)).toHaveLength(2);
  });
});

describe('retention', () => {
  it('breaks no answer inside its time, keeps what is still said, and loses the rest', () => {
    const { db, answer, fleet, judge } = site();
    const users = [T46S, NEWER, 'Yealink SIP-T46S 66.86.0.180'];
    for (let day = 1; day <= 60; day++) {
      answer(day, '10.0.0.1', users[Math.floor(day / 10) % 3]!);
      if (day < 20) answer(day, '10.0.0.2', 'snom370/8.7.5.35');
      answer(day, `10.0.0.${day % 5 === 0 ? 30 : 31}`, 'Fanvil X303 2.12.18.9 0c383e63963b');
      judge(day + 0.5);
    }
    const days = Array.from({ length: 21 }, (_, index) => 40 + index);
    const before = days.map((day) => fleet(day));
    const versions = versionsOf(db, 'd1').length;
    while (forgetBefore(db, START + 40 * DAY));
    expect(days.map((day) => fleet(day))).toEqual(before);
    expect(versionsOf(db, 'd1').length).toBeLessThan(versions);
    expect(fleet(60)).toHaveLength(3);
    for (const device of listDevices(db, {}))
      for (const { id } of latestSightings(db, device.id)) expect(rawOf(db, id)).not.toBeNull();
    expect(forgetBefore(db, START + 40 * DAY)).toBe(false);
  });
});
