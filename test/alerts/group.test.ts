import { describe, expect, it } from 'vitest';
import { dueAfterNews, msUntilDue, repeatBefore, toTell, type Candidate } from '../../src/alerts/group.ts';
import { alert, AT, resolved } from './samples.ts';

const HOUR = 3_600_000;
const event = (key = 'a') => resolved({ key, kind: 'appeared' });

describe('what a sink is told of a group', () => {
  const told = (candidates: Partial<Candidate>[], now = AT) => {
    const all = candidates.map((one) => ({ alert: alert(), toldAt: null, isMuted: false, ...one }));
    const { firing, resolved: over, repeat } = toTell(all, repeatBefore({ repeatMs: 24 * HOUR }, now));
    const keys = (alerts: readonly { key: string }[]): string => alerts.map(({ key }) => key).join(' ');
    return `firing: ${keys(firing)} | resolved: ${keys(over)} | repeat: ${keys(repeat)}`;
  };
  const firing = (key: string) => alert({ key });
  const over = (key: string) => resolved({ key });

  const cases: [title: string, candidates: Partial<Candidate>[], now: number, told: string][] = [
    ['nothing of nothing', [], AT, 'firing:  | resolved:  | repeat: '],
    ['that an alert fires', [{ alert: firing('a') }], AT, 'firing: a | resolved:  | repeat: '],
    ['once', [{ alert: firing('a'), toldAt: AT }], AT + HOUR, 'firing:  | resolved:  | repeat: '],
    [
      'again after a day',
      [{ alert: firing('a'), toldAt: AT }],
      AT + 24 * HOUR,
      'firing:  | resolved:  | repeat: a',
    ],
    [
      'all that fire together, as soon as the first is due again',
      [
        { alert: firing('a'), toldAt: AT },
        { alert: firing('b'), toldAt: AT + 23 * HOUR },
        { alert: firing('c') },
      ],
      AT + 24 * HOUR,
      'firing: c | resolved:  | repeat: a b',
    ],
    [
      'that it is over, if it was told that it fires',
      [{ alert: over('a'), toldAt: AT }],
      AT,
      'firing:  | resolved: a | repeat: ',
    ],
    [
      'nothing of what was over before it was told',
      [{ alert: over('a') }],
      AT,
      'firing:  | resolved:  | repeat: ',
    ],
    ['an event once', [{ alert: event('a') }], AT, 'firing: a | resolved:  | repeat: '],
    [
      'nothing of what is muted',
      [
        { alert: firing('a'), isMuted: true },
        { alert: over('b'), toldAt: AT, isMuted: true },
        { alert: event('c'), isMuted: true },
        { alert: firing('d'), toldAt: AT, isMuted: true },
      ],
      AT + 48 * HOUR,
      'firing:  | resolved:  | repeat: ',
    ],
  ];
  it.each(cases)('%s', (_, candidates, now, expected) => expect(told(candidates, now)).toBe(expected));

  it('is never repeated where the interval is 0', () => {
    const all = [{ alert: alert(), toldAt: AT, isMuted: false }];
    expect(toTell(all, repeatBefore({ repeatMs: 0 }, AT + 9e9)).repeat).toEqual([]);
  });
});

describe('a group is looked at', () => {
  const times = { waitMs: 30, intervalMs: 300, repeatMs: 0 };
  const cases: [title: string, dueAt: number | null, sentAt: number | null, now: number, due: number][] = [
    ['after the wait', null, null, 1000, 1030],
    ['after the interval since its last message', null, 900, 1000, 1200],
    ['after the wait where the last message is long ago', null, 100, 1000, 1030],
    ['sooner than it would be without news', 1250, 100, 1000, 1030],
    ['no later than it would be', 1010, null, 1000, 1010],
    [
      'after the wait where the last message lies ahead, by a clock that was set back',
      null,
      90_000,
      1000,
      1030,
    ],
  ];
  it.each(cases)('%s', (_, dueAt, sentAt, now, due) =>
    expect(dueAfterNews({ dueAt, sentAt }, times, now)).toBe(due),
  );

  it.each([
    [1000, 1000, 0],
    [1300, 1000, 300],
    [900, 1000, 0],
    // The clock was set back by a day.
    [87_400, 1000, 0],
  ])('when it is due at %i and it is %i: in %i ms', (dueAt, now, ms) =>
    expect(msUntilDue(dueAt, times, now)).toBe(ms),
  );
});
