import { describe, expect, it } from 'vitest';
import {
  PATIENCES,
  patienceFor,
  statusAfter,
  watchedSince,
  type Silence,
} from '../../src/inventory/presence.ts';
import type { DeviceStatus } from '../../src/model/device.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('the patience with a device', () => {
  it.each(['softphone', 'mobile-softphone'] as const)('is longer with a %s', (kind) => {
    expect(patienceFor(kind, PATIENCES)).toBe(PATIENCES.mobile);
  });
  it.each(['desk-phone', 'dect-base', 'ata', 'pbx', undefined] as const)(
    'is that with what stays for %s',
    (kind) => {
      expect(patienceFor(kind, PATIENCES)).toBe(PATIENCES.fixed);
    },
  );
  it('is longer with what people carry around, and ends with gone later than with stale', () => {
    const { fixed, mobile } = PATIENCES;
    expect(mobile.staleAfterMs).toBeGreaterThan(fixed.staleAfterMs);
    expect(mobile.goneAfterMs).toBeGreaterThan(fixed.goneAfterMs);
    for (const one of [fixed, mobile]) expect(one.goneAfterMs).toBeGreaterThan(one.staleAfterMs);
  });
});

describe('what its silence makes of a device', () => {
  const { fixed } = PATIENCES;
  const silent = (ms: number, missedSweeps: number | null = 100): Silence => ({ ms, missedSweeps });

  it.each<[DeviceStatus, Silence, DeviceStatus]>([
    ['present', silent(0), 'present'],
    ['present', silent(4 * HOUR - 1), 'present'],
    ['present', silent(4 * HOUR), 'stale'],
    ['present', silent(7 * DAY - 1), 'stale'],
    ['present', silent(7 * DAY), 'gone'],
    ['stale', silent(4 * HOUR), 'stale'],
    ['stale', silent(7 * DAY), 'gone'],
    // A short silence ends nothing: only what is heard does.
    ['stale', silent(0), 'stale'],
    ['gone', silent(0), 'gone'],
    ['gone', silent(4 * HOUR), 'gone'],
    // Time without sweeps proves nothing where sweeps run.
    ['present', silent(7 * DAY, 0), 'present'],
    ['present', silent(7 * DAY, 3), 'present'],
    ['stale', silent(7 * DAY, 3), 'stale'],
    ['present', silent(7 * DAY, 4), 'gone'],
    ['present', silent(4 * HOUR, 4), 'stale'],
    // Nor do sweeps without time: four in a minute may meet one reboot.
    ['present', silent(60_000, 1000), 'present'],
    // Where none run, time alone decides.
    ['present', silent(4 * HOUR, null), 'stale'],
    ['stale', silent(7 * DAY, null), 'gone'],
    ['present', silent(1, null), 'present'],
  ])('%s, silent for %o: %s', (before, silence, after) => {
    expect(statusAfter(before, silence, fixed)).toBe(after);
  });

  it('never brings one back that is gone, nor makes one present', () => {
    for (const ms of [0, HOUR, DAY, 100 * DAY])
      for (const missed of [null, 0, 4, 100]) {
        expect(statusAfter('gone', silent(ms, missed), fixed)).toBe('gone');
        expect(statusAfter('stale', silent(ms, missed), fixed)).not.toBe('present');
      }
  });
});

describe('how much of the time this auditor could hear', () => {
  const watches = [
    { from: 100, to: 200 },
    { from: 300, to: 350 },
  ];
  it.each([
    [0, 150],
    [100, 150],
    [150, 100],
    [200, 50],
    [250, 50],
    [340, 10],
    [350, 0],
    [900, 0],
  ])('since %i', (since, ms) => {
    expect(watchedSince(since, watches)).toBe(ms);
  });
  it('is none where it never could', () => expect(watchedSince(0, [])).toBe(0));
});
