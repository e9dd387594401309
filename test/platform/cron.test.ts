import fc from 'fast-check';
import { createTask, getTasks, validate } from 'node-cron';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cronTimes } from '../../src/platform/cron.ts';

const at = (iso: string): number => Date.parse(iso);

/** The times that node-cron itself names, for which it has to be told that it is another day. */
function namedByNodeCron(expression: string, now: number, count: number): number[] {
  vi.useFakeTimers({ toFake: ['Date'], now });
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  void task.destroy();
  return task.getNextRuns(count).map((date) => date.getTime());
}

const field = (smallest: number, largest: number, ...more: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('*', '*', '*/5', ...more),
    fc.integer({ min: smallest, max: largest }).map(String),
    fc.uniqueArray(fc.integer({ min: smallest, max: largest }), { minLength: 2, maxLength: 3 }).map(String),
  );
const expressions = fc
  .tuple(
    field(0, 59),
    field(0, 23, '22-2'),
    field(1, 28, 'L', '15W', 'L-2'),
    field(1, 12, 'JAN'),
    field(0, 6, '5#2', 'MON', '0L'),
  )
  .map((fields) => fields.join(' '));

describe('cronTimes', () => {
  afterEach(() => vi.useRealTimers());

  it.each([
    ['*/15 * * * *', '2026-11-24T10:07:00Z', '2026-11-24T10:15:00Z'],
    ['*/15 * * * *', '2026-11-24T10:15:00Z', '2026-11-24T10:30:00Z'],
    ['*/15 * * * *', '2026-11-24T10:14:59.999Z', '2026-11-24T10:15:00Z'],
    ['30 2 * * *', '2026-12-31T02:30:00Z', '2027-01-01T02:30:00Z'],
    ['50,10 22-1 * * *', '2026-11-24T23:55:00Z', '2026-11-25T00:10:00Z'],
    ['*/20 * * * * *', '2026-11-24T10:07:41Z', '2026-11-24T10:08:00Z'],
    ['0 0 L 2 *', '2026-11-24T10:07:00Z', '2027-02-28T00:00:00Z'],
    ['0 0 29 2 1', '2072-02-29T00:00:00Z', '2112-02-29T00:00:00Z'],
    ['@weekly', '2026-11-24T10:07:00Z', '2026-11-29T00:00:00Z'],
    ['0 3 * * *', '1969-12-31T12:00:00Z', '1970-01-01T03:00:00Z'],
  ])('knows that %s comes next after %s at %s', (expression = '', after = '', next = '') => {
    expect(new Date(cronTimes(expression)(at(after)) ?? NaN)).toEqual(new Date(next));
  });

  it('names the times that node-cron names, whatever the expression and the day', () => {
    const days = fc.date({ min: new Date(0), max: new Date('2090-01-01'), noInvalidDate: true });
    const property = fc.property(expressions, days, (expression, day) => {
      fc.pre(validate(expression));
      const after = cronTimes(expression);
      const first = after(day.getTime());
      if (first === null) expect(() => namedByNodeCron(expression, day.getTime(), 1)).toThrow();
      else expect([first, after(first)]).toEqual(namedByNodeCron(expression, day.getTime(), 2));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it.each(['0 0 30 2 *', '0 0 1 * 1#5', '0 0 L-30 2 *', '', 'x'])(
    'says soon that "%s" never comes',
    (expression) => {
      const started = performance.now();
      expect(cronTimes(expression)(at('2026-11-24T00:00:00Z'))).toBeNull();
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );

  it('leaves nothing behind in node-cron', () => {
    cronTimes('* * * * *')(0);
    expect(getTasks().size).toBe(0);
  });
});
