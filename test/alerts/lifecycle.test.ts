import { describe, expect, it } from 'vitest';
import { advance, asTold } from '../../src/alerts/lifecycle.ts';
import { AT, alert, finding, resolved, subject } from './samples.ts';

describe('an alert of a condition', () => {
  const later = { at: AT + 1000, seq: 7 };

  it('fires from its first finding on', () => {
    expect(advance(null, finding(), subject())).toEqual(
      alert({
        because: { en: expect.stringContaining('Acme P10') as string, nl: expect.any(String) as string },
      }),
    );
  });

  it('goes on since then when it is raised again, with what is known now', () => {
    const next = advance(alert(), finding(later), subject({ address: '192.0.2.8' }));
    expect(next).toMatchObject({ state: 'firing', since: AT, seq: 7, subject: { address: '192.0.2.8' } });
  });

  it('is over when it is cleared, and keeps the reason for which it fired', () => {
    const next = advance(alert(), finding({ ...later, state: 'cleared' }), subject());
    expect(next).toEqual(alert({ state: 'resolved', resolvedAt: AT + 1000, seq: 7 }));
  });

  it('fires anew after that', () => {
    const next = advance(resolved(), finding(later), subject());
    expect(next).toMatchObject({ state: 'firing', since: AT + 1000, resolvedAt: null });
  });

  it('is not changed by the end of what does not fire', () => {
    const end = finding({ ...later, state: 'cleared' });
    expect(advance(null, end, subject())).toBeNull();
    expect(advance(resolved(), end, subject())).toBeNull();
  });
});

describe('an alert of an event', () => {
  const event = finding({ kind: 'appeared' });

  it('is over at once, again each time', () => {
    expect(advance(null, event, subject())).toMatchObject({ state: 'resolved', since: AT, resolvedAt: AT });
    const before = advance(null, event, subject());
    const again = advance(before, { ...event, at: AT + 5, seq: 2 }, subject());
    expect(again).toMatchObject({ state: 'resolved', since: AT + 5, resolvedAt: AT + 5, seq: 2 });
  });

  it('is told as it fired, and nothing clears it', () => {
    const now = advance(null, event, subject());
    expect(now === null ? null : asTold(now)).toMatchObject({ state: 'firing', resolvedAt: null });
    expect(asTold(resolved())).toEqual(resolved());
    expect(advance(now, { ...event, state: 'cleared' }, subject())).toBeNull();
  });
});

it('an alert about the site has no subject', () => {
  const impaired = finding({
    kind: 'discovery-impaired',
    device: null,
    about: 'sip-options',
    after: 'no route',
  });
  expect(advance(null, impaired, null)).toMatchObject({
    key: 'discovery-impaired - sip-options',
    subject: null,
    about: 'sip-options',
    severity: 'warning',
  });
});
