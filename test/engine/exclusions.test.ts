import { describe, expect, it } from 'vitest';
import { createExclusions, withExclusions, type Exclusion } from '../../src/engine/exclusions.ts';
import { resolveLink } from '../../src/engine/resolve-link.ts';
import { isWithin, parseDailyHours } from '../../src/model/daily-hours.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';

const eth0 = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: true,
};

function exclusions(
  entries: Exclusion[],
  options: { macs?: Map<string, string> | null; inventory?: string[] } = {},
) {
  // 12:00 in UTC, 13:00 in Amsterdam.
  const clock = createSimulatedClock(Date.UTC(2026, 10, 24, 12));
  const { macs = new Map<string, string>(), inventory = [] } = options;
  const made = createExclusions({
    entries,
    timezone: 'Europe/Amsterdam',
    clock,
    link: { macs: () => macs },
    networks: () => [eth0],
    addressesOf: () => new Set(inventory),
  });
  return { clock, made, macs };
}

describe('an exclusion by MAC address', () => {
  const lift = [{ mac: '001565aabbcc', because: 'the lift' }];

  it('holds for whatever address the neighbour table or the inventory has it at', () => {
    const macs = new Map([
      ['10.0.0.7', '001565aabbcc'],
      ['10.0.0.8', '001565aabbcd'],
    ]);
    const { made } = exclusions(lift, { macs, inventory: ['10.9.0.7'] });
    expect(['10.0.0.7', '10.0.0.8', '10.9.0.7', '10.9.0.8'].map((address) => made.excludes(address))).toEqual(
      [true, false, true, false],
    );
  });

  it('keeps back from everybody of the link whose MAC address is not known yet', async () => {
    const { made, macs, clock } = exclusions(lift);
    expect(made.excludes('10.0.0.9')).toBe(true);
    macs?.set('10.0.0.9', '001565aabbcd');
    await clock.advance(1000);
    expect(made.excludes('10.0.0.9')).toBe(false);
  });

  it('holds for the inventory alone where the system tells no neighbours', () => {
    const { made } = exclusions(lift, { macs: null, inventory: ['10.0.0.7'] });
    expect([made.excludes('10.0.0.7'), made.excludes('10.0.0.9')]).toEqual([true, false]);
  });
});

describe('an exclusion at some hours', () => {
  const covers = (address: string): boolean => address.startsWith('10.0.0.');

  it('holds between them, by the clock of the site', async () => {
    const { made, clock } = exclusions([
      { covers, between: { from: 13 * 60, until: 14 * 60 }, because: 'lunch' },
    ]);
    expect([made.excludes('10.0.0.7'), made.excludes('10.0.1.7')]).toEqual([true, false]);
    await clock.advance(3_600_000);
    expect(made.excludes('10.0.0.7')).toBe(false);
  });

  it('takes everything out of the scope where it names no network', () => {
    const scope = createScope({ include: ['10.0.0.0/24'] });
    if (!scope.ok) throw new Error('scope');
    const { made } = exclusions([{ between: { from: 0, until: 24 * 60 }, because: 'test' }]);
    expect(scope.value.includes('10.0.0.7')).toBe(true);
    expect(withExclusions(scope.value, made).includes('10.0.0.7')).toBe(false);
  });
});

describe('hours of the day', () => {
  it('are read strictly', () => {
    expect(parseDailyHours(' 08:00-18:30 ')).toEqual({ from: 480, until: 1110 });
    expect(parseDailyHours('00:00-24:00')).toEqual({ from: 0, until: 1440 });
    for (const text of [
      '',
      '8:00-18:00',
      '08:00',
      '08:00-08:00',
      '08:60-09:00',
      '25:00-26:00',
      '08:00-24:30',
    ])
      expect(parseDailyHours(text), text).toBeNull();
  });

  it('go over midnight', () => {
    const night = { from: 22 * 60, until: 6 * 60 };
    expect([21 * 60 + 59, 22 * 60, 0, 6 * 60 - 1, 6 * 60].map((minute) => isWithin(night, minute))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('resolving a link before a sweep', () => {
  async function resolve(isAllowed: boolean) {
    const clock = createSimulatedClock();
    const scope = createScope({ include: ['10.0.0.0/24', '10.9.0.0/24'] });
    if (!scope.ok) throw new Error('scope');
    const asked: string[][] = [];
    const link = {
      macs: () => new Map([['10.0.0.1', '001565aabbcc']]),
      resolved: () => null,
      room: () => 1024,
      droppedCount: () => 0,
      request: (addresses: readonly string[]) => {
        asked.push([...addresses]);
        return Promise.resolve(isAllowed);
      },
    };
    const ended = resolveLink({
      scope: scope.value,
      networks: [eth0],
      link,
      clock,
      signal: new AbortController().signal,
    });
    await clock.advance(10_000);
    return { asked, isDone: await ended };
  }

  it('asks for every address of the link that is not known, a second of ARP requests at a time', async () => {
    const { asked, isDone } = await resolve(true);
    expect(isDone).toBe(true);
    expect(asked.map(({ length }) => length)).toEqual([200, 52]);
    expect(asked.flat().every((address) => address.startsWith('10.0.0.') && address !== '10.0.0.1')).toBe(
      true,
    );
  });

  it('says where it has not the right to', async () => {
    expect(await resolve(false)).toMatchObject({ isDone: false, asked: [expect.anything()] });
  });
});
