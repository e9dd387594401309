import { expect, it } from 'vitest';
import { composeMessage, messageId, testMessage } from '../../src/alerts/compose-message.ts';
import { MOST_ALERTS } from '../../src/model/alert.ts';
import { alert, AT, resolved } from './samples.ts';

const site = { id: 'office', name: 'Office', timezone: 'Europe/Amsterdam', language: 'nl' as const };
const parts = { site, language: 'nl', reason: 'firing', about: 'unsupported', at: AT, link: null } as const;

it('a message holds the worst alerts, the latest of them first, and the number of the rest', () => {
  const alerts = [
    ...Array.from({ length: 60 }, (_, n) => alert({ key: `gone ${n}`, kind: 'gone', seq: n })),
    alert({ key: 'worst', seq: 3 }),
    alert({ key: 'worst and latest', seq: 4 }),
    alert({ key: 'to know', kind: 'call-deflect', seq: 99 }),
  ];
  const { alerts: told, more } = composeMessage({ ...parts, alerts });
  expect(told).toHaveLength(MOST_ALERTS);
  expect(told.slice(0, 3).map(({ key }) => key)).toEqual(['worst and latest', 'worst', 'gone 59']);
  expect(more).toBe(alerts.length - MOST_ALERTS);
});

it('a message tells how many there are of which only some are given', () => {
  expect(composeMessage({ ...parts, alerts: [alert()], count: 10_000 }).more).toBe(9999);
});

it('an event is told as it fired, and the end of a condition as its end', () => {
  const told = composeMessage({ ...parts, alerts: [resolved({ kind: 'appeared' }), resolved()] });
  expect(told.alerts.map(({ state }) => state)).toEqual(['resolved', 'firing']);
});

it('a message names its site, its group and itself the same way each time', () => {
  const { group, site: named } = composeMessage(parts);
  expect(group).toBe('office/unsupported');
  expect(named).toEqual({ id: 'office', name: 'Office', timezone: 'Europe/Amsterdam' });
  expect(messageId(site, 17)).toBe('sipcensus.office.17');
});

it('a test message tells of nothing', () => {
  const message = testMessage({ site, language: 'en', at: AT, link: 'http://192.0.2.1:8560/' });
  expect(message).toMatchObject({ reason: 'test', alerts: [], more: 0, figures: null, language: 'en' });
  expect(message.id).toBe(`sipcensus.office.test-${AT}`);
});
