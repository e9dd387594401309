import { describe, expect, it } from 'vitest';
import { durationOption, momentOption } from '../../src/app/moment-option.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const read = (text: string, timezone = 'Europe/Amsterdam', now = NOW): string =>
  new Date(momentOption('--as-of', text, { timezone, now })).toISOString();

describe('a moment of an option', () => {
  it.each([
    ['2026-11-24', '2026-11-24T22:59:59.999Z'],
    ['2026-07-01', '2026-07-01T21:59:59.999Z'],
    // The clocks change on these two days.
    ['2026-03-29', '2026-03-29T21:59:59.999Z'],
    ['2026-10-25', '2026-10-25T22:59:59.999Z'],
    ['2024-02-29', '2024-02-29T22:59:59.999Z'],
  ])('is the end of the day %s at the site', (text, moment) => {
    expect(read(text)).toBe(moment);
  });

  it.each([
    ['Asia/Kathmandu', '2026-11-24T18:14:59.999Z'],
    ['America/Los_Angeles', '2026-11-25T07:59:59.999Z'],
    ['UTC', '2026-11-24T23:59:59.999Z'],
  ])('goes by the clocks of %s', (timezone, moment) => {
    expect(read('2026-11-24', timezone, NOW + 86_400_000)).toBe(moment);
  });

  it('is now for today, for its end lies ahead, and that end for a day to come', () => {
    expect(read('2026-11-25')).toBe('2026-11-25T12:00:00.000Z');
    expect(read('2026-11-26')).toBe('2026-11-26T22:59:59.999Z');
    // There it is the day before still.
    expect(read('2026-11-25', 'Pacific/Pago_Pago', Date.UTC(2026, 10, 25, 9))).toBe(
      '2026-11-26T10:59:59.999Z',
    );
  });

  it.each([
    ['2026-11-24T12:00', '2026-11-24T11:00:00.000Z'],
    ['2026-11-24 12:00:30', '2026-11-24T11:00:30.000Z'],
    ['2026-11-24T12:00Z', '2026-11-24T12:00:00.000Z'],
    ['2026-11-24t12:00:00.5z', '2026-11-24T12:00:00.500Z'],
    ['2026-11-24T12:00+05:30', '2026-11-24T06:30:00.000Z'],
  ])('is %s, of the site where no zone is said', (text, moment) => {
    expect(read(text)).toBe(moment);
  });

  it.each([
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2026-11-24T25:00',
    '24-11-2026',
    '2026-11-24T12:00+1',
    '',
  ])('is not %j', (text) => {
    expect(() => read(text)).toThrow(`it was "${text}"`);
  });
});

describe('a time of an option', () => {
  it.each([
    ['30m', 1_800_000],
    ['8h', 28_800_000],
    ['3d', 259_200_000],
    ['2w', 1_209_600_000],
  ])('is %s', (text, ms) => {
    expect(durationOption('--for')(text)).toBe(ms);
  });

  it.each(['0h', '8', '-1d', '8 h', '8s', '99999h', ''])('is not %j', (text) => {
    expect(() => durationOption('--for')(text)).toThrow('such as 30m, 8h, 3d or 2w');
  });
});
