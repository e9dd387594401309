import { describe, expect, it } from 'vitest';
import { matches, silenceFault, silenceOf, silenceOfAll } from '../../src/alerts/mute.ts';
import type { Matchers, Silence } from '../../src/model/silence.ts';
import { alert, AT } from './samples.ts';

const silence = (change: Partial<Silence> = {}): Silence => ({
  id: 1,
  matchers: { kind: 'unsupported' },
  author: 'Ada',
  reason: 'new phones on Monday',
  createdAt: AT,
  startsAt: AT,
  expiresAt: AT + 1000,
  endedAt: null,
  endedBy: null,
  ...change,
});

describe('matchers', () => {
  const yes: Matchers[] = [
    { all: true },
    { alert: 'unsupported d1' },
    { kind: 'unsupported' },
    { device: 'd1' },
    { vendor: 'acme' },
    { vendor: 'ACME', model: 'p10' },
    { mac: '001565aabbcc' },
    { address: '192.0.2.7' },
    { level: 'unsupported', kind: 'unsupported', device: 'd1' },
  ];
  const no: Matchers[] = [
    {},
    { kind: 'gone' },
    { device: 'd2' },
    { vendor: 'Acm' },
    { vendor: 'Acme', model: 'P1' },
    { mac: '001565aabbcd' },
    { kind: 'unsupported', address: '192.0.2.70' },
    { level: 'basic' },
    { all: true, kind: 'gone' },
  ];
  it.each(yes.map((matchers) => [JSON.stringify(matchers), matchers] as const))(
    '%s are about it',
    (_, one) => {
      expect(matches(one, alert())).toBe(true);
    },
  );
  it.each(no.map((matchers) => [JSON.stringify(matchers), matchers] as const))('%s are not', (_, one) => {
    expect(matches(one, alert())).toBe(false);
  });

  it('of a device are about no alert of the site, and do not match what is not known by what is not said', () => {
    const ofSite = alert({ kind: 'spoof-suspected', subject: null });
    for (const one of [{ device: 'd1' }, { vendor: 'null' }, { mac: '' }])
      expect(matches(one, ofSite)).toBe(false);
    expect(matches({ all: true }, ofSite)).toBe(true);
  });
});

describe('a silence', () => {
  const cases: [string, Partial<Silence>, number, boolean][] = [
    ['holds from its beginning', {}, AT, true],
    ['not before', {}, AT - 1, false],
    ['up to its expiry', {}, AT + 999, true],
    ['not at it', {}, AT + 1000, false],
    ['not when a person has ended it', { endedAt: AT + 5, endedBy: 'Ada' }, AT + 10, false],
    ['not of what it is not about', { matchers: { kind: 'gone' } }, AT, false],
  ];
  it.each(cases)('%s', (_, change, now, holds) => {
    expect(silenceOf(alert(), [silence(change)], now)?.id ?? null).toBe(holds ? 1 : null);
  });

  it('is of all only where it says so and nothing else', () => {
    expect(silenceOfAll([silence()], AT)).toBeNull();
    expect(silenceOfAll([silence({ matchers: { all: true, kind: 'gone' } })], AT)).toBeNull();
    expect(silenceOfAll([silence({ matchers: { all: true } })], AT)).not.toBeNull();
    expect(silenceOfAll([silence({ matchers: { all: true } })], AT + 1000)).toBeNull();
  });

  const asked: [string, Partial<Silence>, string | null][] = [
    ['who and why, and when it is over', {}, null],
    ['no author', { author: ' ' }, 'author'],
    ['no reason', { reason: '' }, 'reason'],
    ['a reason without bound', { reason: 'x'.repeat(1001) }, 'reason'],
    ['an expiry in the past', { startsAt: AT - 20, expiresAt: AT - 10 }, 'expiry'],
    ['an expiry before its beginning', { startsAt: AT + 20, expiresAt: AT + 10 }, 'expiry'],
    ['an expiry that is no number', { expiresAt: NaN }, 'expiry'],
    ['nothing that it is about', { matchers: {} }, 'matchers'],
  ];
  it.each(asked)('asked for with %s', (_, change, fault) => {
    expect(silenceFault(silence(change), AT)).toBe(fault);
  });
});
