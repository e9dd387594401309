import { describe, expect, it } from 'vitest';
import { MOST_WAITING } from '../../src/alerts/retry.ts';
import { alertedInventory } from '../../src/engine/alerting.ts';
import { parseDailyHours } from '../../src/model/daily-hours.ts';
import { AppError } from '../../src/model/app-error.ts';
import type { NewSilence } from '../../src/model/silence.ts';
import type { Database } from '../../src/store/database.ts';
import { enqueue } from '../../src/store/deliveries.ts';
import { insertDevice } from '../../src/store/devices.ts';
import { saveEndpoint } from '../../src/store/endpoints.ts';
import { device, heardAt, NO_REASONS } from '../store/samples.ts';
import { openStore, rows } from '../store/support.ts';
import {
  DAY,
  gist,
  gists,
  GIVES_UP,
  HOUR,
  MINUTE,
  openOffice,
  recordingSink,
  refusal,
  SECOND,
  SETTINGS,
  START,
  type Office,
} from './alerting-office.ts';

const all = (change: Partial<NewSilence> = {}): NewSilence => ({
  matchers: { all: true },
  author: 'Ada',
  reason: 'moving house',
  startsAt: START,
  expiresAt: START + HOUR,
  ...change,
});

describe('what is told at once', () => {
  it('is what the sink is to be told of, all of a kind in one message after the wait', async () => {
    const { clock, sink, raise } = await openOffice();
    raise(1);
    raise(2, { kind: 'appeared' });
    await clock.advance(10 * SECOND);
    raise(3);
    await clock.advance(19 * SECOND);
    expect(sink.taken).toEqual([]);
    await clock.advance(2 * SECOND);
    expect(gists(sink)).toEqual(['firing d1 d3']);
    expect(sink.taken[0]).toMatchObject({
      id: 'sipcensus.office.1',
      group: 'office/unsupported',
      language: 'nl',
      site: { id: 'office', name: 'Office', timezone: 'Europe/Amsterdam' },
    });
  });

  it('waits for the interval after a message, and is told soon where the last one is long ago', async () => {
    const { clock, sink, raise } = await openOffice();
    raise(1);
    await clock.advance(MINUTE);
    raise(2);
    await clock.advance(4 * MINUTE);
    expect(gists(sink)).toEqual(['firing d1']);
    await clock.advance(MINUTE);
    expect(gists(sink)).toEqual(['firing d1', 'firing d2']);
    await clock.advance(17 * MINUTE);
    raise(3);
    await clock.advance(31 * SECOND);
    expect(gists(sink).at(-1)).toBe('firing d3');
  });

  it('is told again every day while it fires, all of it together', async () => {
    const { clock, sink, raise } = await openOffice();
    raise(1);
    await clock.advance(3 * HOUR);
    raise(2);
    await clock.advance(21 * HOUR + 6 * MINUTE);
    expect(gists(sink)).toEqual(['firing d1', 'firing d2', 'repeat d1 d2']);
    await clock.advance(23 * HOUR);
    expect(sink.taken).toHaveLength(3);
    await clock.advance(HOUR + 6 * MINUTE);
    expect(gists(sink).slice(3)).toEqual(['repeat d1 d2']);
  });

  it('is told as over, once, to those who were told that it fires', async () => {
    const { clock, sinks, sink, raise, clear } = await openOffice({
      sinks: [{}, { name: 'other', tells: ['scanner'] }],
    });
    raise(1);
    raise(2);
    clear(2);
    await clock.advance(10 * MINUTE);
    clear(1);
    await clock.advance(3 * DAY);
    expect(gists(sink)).toEqual(['firing d1', 'resolved d1']);
    expect(sinks[1]?.taken).toEqual([]);
    expect(sink.taken[1]?.alerts[0]).toMatchObject({ state: 'resolved', resolvedAt: START + 10 * MINUTE });
  });

  it('is told once where it flaps within the interval', async () => {
    const { clock, sink, raise, clear } = await openOffice();
    raise(1);
    await clock.advance(MINUTE);
    for (let n = 0; n < 5; n++) {
      clear(1);
      await clock.advance(20 * SECOND);
      raise(1);
      await clock.advance(20 * SECOND);
    }
    await clock.advance(HOUR);
    expect(gists(sink)).toEqual(['firing d1']);
  });

  it('is an event once each time it happens, and never as over', async () => {
    const { clock, sink, raise } = await openOffice({ sinks: [{ tells: ['returned'] }] });
    raise(1, { kind: 'returned' });
    await clock.advance(2 * DAY);
    raise(1, { kind: 'returned' });
    await clock.advance(2 * DAY);
    expect(gists(sink)).toEqual(['firing d1', 'firing d1']);
    expect(sink.taken[0]?.alerts[0]?.state).toBe('firing');
  });

  it('holds the worst in full and counts the rest', async () => {
    const { clock, sink, raise } = await openOffice();
    for (let n = 1; n <= 60; n++) raise(n);
    await clock.advance(MINUTE);
    expect(sink.taken.map(({ alerts, more }) => [alerts.length, more])).toEqual([[50, 10]]);
    await clock.advance(HOUR);
    expect(sink.taken).toHaveLength(1);
  });
});

describe('a mute', () => {
  const window = { weekdays: [3], between: parseDailyHours('10:00-10:30')!, because: 'new switch' };

  it('by hand holds all messages back, and what still fires then is told', async () => {
    const { clock, sink, raise, clear, alerting, db } = await openOffice({
      sinks: [{ tells: ['unsupported', 'returned'] }],
    });
    expect(alerting.silence(all())).toMatchObject({ ok: true });
    raise(1);
    raise(2);
    raise(3, { kind: 'returned' });
    await clock.advance(30 * MINUTE);
    clear(2);
    expect(alerting.alerts({ limit: 9 }).map(({ mute }) => mute?.silence?.author)).toContain('Ada');
    await clock.advance(29 * MINUTE);
    expect(sink.taken).toEqual([]);
    expect(rows(db, 'select count(*) as n from findings')).toEqual([{ n: 4 }]);
    await clock.advance(6 * MINUTE);
    expect(gists(sink)).toEqual(['firing d1']);
  });

  it('that a person ends is over within the interval', async () => {
    const { clock, sink, raise, alerting } = await openOffice();
    const made = alerting.silence(all({ expiresAt: START + 9 * DAY }));
    raise(1);
    await clock.advance(HOUR);
    expect(made.ok && alerting.endSilence(made.value, 'Bob')).toBe(true);
    await clock.advance(5 * MINUTE);
    expect(gists(sink)).toEqual(['firing d1']);
    expect(alerting.silences(9)).toMatchObject([{ endedBy: 'Bob', endedAt: START + HOUR }]);
  });

  it('of some alerts holds back those alone, also that they are over', async () => {
    const { clock, sink, raise, clear, alerting } = await openOffice();
    raise(1);
    raise(2);
    await clock.advance(10 * MINUTE);
    alerting.silence(all({ matchers: { device: 'd1' } }));
    clear(1);
    clear(2);
    raise(3);
    await clock.advance(30 * MINUTE);
    expect(gists(sink).slice(1).sort()).toEqual(['firing d3', 'resolved d2']);
    await clock.advance(25 * MINUTE);
    expect(gists(sink).slice(3)).toEqual(['resolved d1']);
  });

  it('by a maintenance window holds all messages back, in the time of the site', async () => {
    const { clock, sink, raise, alerting } = await openOffice({
      parts: { settings: { ...SETTINGS, maintenance: [window] } },
    });
    raise(1);
    await clock.advance(29 * MINUTE);
    expect(alerting.alerts({ limit: 1 })[0]?.mute?.window?.because).toBe('new switch');
    expect(sink.taken).toEqual([]);
    await clock.advance(7 * MINUTE);
    expect(gists(sink)).toEqual(['firing d1']);
  });

  it('of one alert by acknowledging keeps it from being repeated until it is over, and not when it fires again', async () => {
    const { clock, sink, raise, clear, alerting } = await openOffice();
    raise(1);
    await clock.advance(HOUR);
    const said = { author: 'Ada', reason: 'ordered a new one', expiresAt: START + 30 * DAY };
    expect(alerting.acknowledge('unsupported d9', said)).toEqual({ ok: false, fault: 'not-firing' });
    expect(alerting.acknowledge('unsupported d1', { ...said, reason: '' })).toEqual({
      ok: false,
      fault: 'reason',
    });
    expect(alerting.acknowledge('unsupported d1', said)).toMatchObject({ ok: true });
    await clock.advance(5 * DAY);
    expect(gists(sink)).toEqual(['firing d1']);
    clear(1);
    await clock.advance(HOUR);
    raise(1);
    await clock.advance(HOUR);
    expect(gists(sink)).toEqual(['firing d1', 'resolved d1', 'firing d1']);
  });

  it('by acknowledging ends with its time', async () => {
    const { clock, sink, raise, alerting } = await openOffice();
    raise(1);
    await clock.advance(HOUR);
    alerting.acknowledge('unsupported d1', { author: 'Ada', reason: 'busy', expiresAt: START + 3 * DAY });
    await clock.advance(3 * DAY);
    expect(gists(sink)).toEqual(['firing d1', 'repeat d1']);
  });
});

describe('a sink that fails', () => {
  const first = { name: 'down', answer: () => refusal() };

  it('is tried with the same message at growing intervals, told of once in the log, and delivered to when it is back', async () => {
    const { clock, sink, raise, logged, alerting } = await openOffice({ sinks: [first] });
    raise(1);
    await clock.advance(30 * SECOND + 1);
    await clock.advance(HOUR);
    const times = sink.attempts.map(({ at }) => Math.round(at / SECOND));
    expect(times).toEqual([30, 40, 60, 100, 180, 340, 660, 1300, 2580]);
    expect(new Set(sink.attempts.map(({ message }) => JSON.stringify(message))).size).toBe(1);
    expect(alerting.sinks()).toMatchObject([
      { name: 'down', outage: { failures: 9, fault: { reason: 'network' } } },
    ]);
    delete sink.answer;
    await clock.advance(HOUR);
    expect(gists(sink)).toEqual(['firing d1']);
    expect(logged.map(([event]) => event)).toEqual(['sink-failing', 'sink-recovered']);
    expect(alerting.sinks()).toMatchObject([{ outage: null }]);
    expect(alerting.deliveries(9)).toMatchObject([{ state: 'delivered', attempts: 10 }]);
  });

  it('is left alone as long as it asks for, also after a restart', async () => {
    const { clock, sink, raise, restart } = await openOffice({
      sinks: [{ answer: () => refusal({ reason: 'rate-limited', retryAfterMs: 2 * HOUR }) }],
    });
    raise(1);
    await clock.advance(HOUR);
    await restart();
    await clock.advance(HOUR);
    expect(sink.attempts).toHaveLength(1);
    await clock.advance(MINUTE);
    expect(sink.attempts).toHaveLength(2);
  });

  const troubles: [string, () => ReturnType<typeof refusal> | Promise<never>, string][] = [
    ['refuses', () => refusal({ reason: 'rejected' }), 'rejected'],
    ['throws', () => { throw new Error('a bug'); }, 'rejected'], // prettier-ignore
    ['never answers', () => new Promise<never>(() => undefined), 'timeout'],
  ];
  it.each(troubles)('and %s holds up no other', async (_, answer, reason) => {
    const { clock, sinks, raise, alerting } = await openOffice({ sinks: [{ ...first, answer }, {}] });
    for (let n = 1; n <= 12; n++) {
      raise(n);
      await clock.advance(5 * MINUTE);
    }
    await clock.advance(5 * MINUTE);
    expect(sinks[1]?.taken.flatMap(({ alerts }) => alerts)).toHaveLength(12);
    expect(sinks[0]?.taken).toEqual([]);
    expect(alerting.sinks()[0]?.outage?.fault.reason).toBe(reason);
  });

  it('at one message of one kind goes on with the other kinds', async () => {
    const { clock, sink, raise } = await openOffice({
      sinks: [
        {
          tells: ['unsupported', 'scanner'],
          answer: ({ group }) => (group.endsWith('scanner') ? refusal() : { ok: true, value: undefined }),
        },
      ],
    });
    raise(1, { kind: 'scanner' });
    await clock.advance(5 * MINUTE);
    raise(2);
    await clock.advance(10 * MINUTE);
    expect(gists(sink)).toEqual(['firing d2']);
  });

  it('at one message for a day has that one given up, though it takes the others', async () => {
    const { clock, sink, raise, alerting } = await openOffice({
      sinks: [
        {
          tells: ['unsupported', 'scanner'],
          answer: ({ group }) => (group.endsWith('scanner') ? refusal() : { ok: true, value: undefined }),
        },
      ],
      parts: { settings: { ...SETTINGS, groups: { ...SETTINGS.groups, repeatMs: 0 } } },
    });
    raise(1, { kind: 'scanner' });
    for (let n = 2; n <= 27; n++) {
      await clock.advance(HOUR);
      raise(n);
    }
    expect(sink.taken).toHaveLength(25);
    expect(alerting.deliveries(99).filter(({ state }) => state !== 'delivered')).toMatchObject([
      { number: 1, state: 'given-up', because: 'too-old' },
    ]);
  });

  it('for a day has its old messages given up, and is delivered what is newer', async () => {
    const { clock, sink, raise, logged, alerting } = await openOffice({
      sinks: [first],
      parts: { settings: { ...SETTINGS, groups: { ...SETTINGS.groups, repeatMs: 0 } } },
    });
    raise(1);
    await clock.advance(20 * HOUR);
    raise(2);
    await clock.advance(5 * HOUR);
    expect(alerting.deliveries(9)).toMatchObject([
      { number: 2, state: 'waiting' },
      { number: 1, state: 'given-up', because: 'too-old', fault: { reason: 'network', detail: 'no route' } },
    ]);
    delete sink.answer;
    await clock.advance(HOUR);
    expect(gists(sink)[0]).toBe('firing d2');
    expect(logged).toMatchObject([
      ['sink-failing', {}],
      ['messages-given-up', { because: 'too-old' }],
      ['sink-recovered', { givenUp: 1 }],
    ]);
  });

  it('for good has each message given up at once, which is said once, and is tried with the next', async () => {
    const { clock, sink, raise, alerting, logged } = await openOffice({
      sinks: [{ ...first, answer: () => GIVES_UP }],
    });
    for (const n of [1, 2]) {
      raise(n);
      await clock.advance(HOUR);
    }
    expect(sink.attempts).toHaveLength(2);
    const givenUp = { state: 'given-up', because: 'refused', attempts: 1 };
    expect(alerting.deliveries(9)).toMatchObject([givenUp, givenUp]);
    delete sink.answer;
    raise(3);
    await clock.advance(MINUTE);
    expect(gists(sink)).toEqual(['firing d3']);
    expect(logged).toMatchObject([
      ['sink-failing', { reason: 'rejected', detail: 'gone' }],
      ['messages-given-up', { because: 'refused' }],
      ['sink-recovered', { givenUp: 2 }],
    ]);
  });

  it('has so many messages waiting and no more: the oldest are given up, and that is said once', async () => {
    const { clock, db, sink, raise, logged, alerting } = await openOffice({
      sinks: [{ ...first, answer: () => refusal({ retryAfterMs: 20 * HOUR }) }],
    });
    raise(1);
    await clock.advance(HOUR);
    const message = sink.attempts[0]!.message;
    for (const count of [MOST_WAITING + 10, 9]) {
      for (let n = 0; n < count; n++) enqueue(db, 'down', { ...message, at: clock.now() });
      await clock.advance(2 * MINUTE);
    }
    const states = alerting.deliveries(9999).map(({ state, because }) => because ?? state);
    expect(states.filter((state) => state === 'waiting')).toHaveLength(MOST_WAITING);
    expect(states.slice(-20)).toEqual(Array.from({ length: 20 }, () => 'queue-full'));
    expect(logged.map(([event]) => event)).toEqual(['sink-failing', 'messages-given-up']);
    delete sink.answer;
    await clock.advance(20 * HOUR);
    expect(sink.taken).toHaveLength(MOST_WAITING);
    expect(logged.at(-1)).toMatchObject(['sink-recovered', { givenUp: 20 }]);
  });
});

describe('a digest', () => {
  const settings = { ...SETTINGS, digest: { ...SETTINGS.digest, every: 'daily' as const } };
  // Seven in Amsterdam.
  const MORNING = 21 * HOUR;

  it('tells everything since the last one, with the figures of the site', async () => {
    const { clock, sink, raise, clear } = await openOffice({ parts: { settings } });
    raise(1);
    raise(2, { kind: 'appeared' });
    raise(3, { kind: 'gone' });
    await clock.advance(HOUR);
    clear(3, { kind: 'gone' });
    await clock.advance(MORNING - HOUR);
    expect(gists(sink)).toEqual(['firing d1', 'digest d1 d2 d3']);
    expect(sink.attempts[1]?.at).toBe(MORNING);
    expect(sink.taken[1]).toMatchObject({
      group: 'office/digest',
      alerts: [
        { kind: 'unsupported' },
        { kind: 'gone', state: 'resolved' },
        { kind: 'appeared', state: 'firing' },
      ],
      figures: {
        from: START,
        to: START + MORNING,
        phones: 3,
        byLevel: { full: 2, unsupported: 1 },
        findings: { unsupported: 1, appeared: 1, gone: 1 },
      },
    });
    await clock.advance(DAY);
    expect(gists(sink).slice(-1)).toEqual(['digest']);
    expect(sink.taken.at(-1)?.figures).toMatchObject({ from: START + MORNING, findings: {} });
  });

  it('goes to those sinks that want it, whatever they are told at once', async () => {
    const { clock, sinks } = await openOffice({
      parts: { settings },
      sinks: [{ tells: [] }, { name: 'pager', digest: false }, { name: 'hook', language: 'en' }],
    });
    await clock.advance(MORNING);
    expect(sinks.map(gists)).toEqual([['digest'], [], ['digest']]);
    expect(sinks[2]?.taken[0]?.language).toBe('en');
  });

  it('holds the worst in full and counts the rest', async () => {
    const { clock, sink, raise } = await openOffice({ parts: { settings }, sinks: [{ tells: [] }] });
    for (let n = 1; n <= 70; n++) raise(n, { kind: 'appeared' });
    raise(99, { kind: 'scanner' });
    await clock.advance(MORNING);
    expect(sink.taken[0]?.alerts[0]?.kind).toBe('scanner');
    expect(sink.taken.map(({ alerts, more }) => [alerts.length, more])).toEqual([[50, 21]]);
  });

  it('waits while nothing may be told', async () => {
    const { clock, sink, alerting } = await openOffice({ parts: { settings } });
    alerting.silence(all({ expiresAt: START + MORNING + 2 * HOUR }));
    await clock.advance(MORNING + HOUR);
    expect(sink.taken).toEqual([]);
    await clock.advance(HOUR);
    expect(gists(sink)).toEqual(['digest']);
  });

  it('is made up for once after days of downtime, and not again after a restart', async () => {
    const { clock, sink, raise, restart, alerting } = await openOffice({
      parts: { settings },
      sinks: [{ tells: [] }],
    });
    await alerting.stop();
    raise(1);
    await clock.advance(5 * DAY);
    await restart();
    await clock.advance(MINUTE);
    expect(gists(sink)).toEqual(['digest d1']);
    await restart();
    await clock.advance(HOUR);
    expect(gists(sink)).toEqual(['digest d1']);
  });

  it('begins anew where it was off meanwhile', async () => {
    const { clock, sink, restart } = await openOffice({ parts: { settings } });
    await clock.advance(HOUR);
    await restart({ settings: SETTINGS });
    await clock.advance(3 * DAY);
    await restart({ settings });
    await clock.advance(HOUR);
    expect(sink.taken).toEqual([]);
  });
});

describe('clocks that jump', () => {
  const settings = { ...SETTINGS, digest: { ...SETTINGS.digest, every: 'daily' as const } };

  const story = async ({ clock, raise, clear, sink }: Office, jump: number): Promise<string[]> => {
    raise(1);
    await clock.advance(2 * HOUR);
    clock.jump(jump);
    await clock.advance(2 * MINUTE);
    raise(2);
    clear(1);
    await clock.advance(6 * MINUTE);
    return gists(sink);
  };

  it('a day back lose and double nothing', async () => {
    const office = await openOffice({ parts: { settings } });
    expect(await story(office, -DAY)).toEqual(['firing d1', 'firing d2', 'resolved d1']);
    await office.clock.advance(DAY);
    expect(gists(office.sink)).toEqual(['firing d1', 'firing d2', 'resolved d1', 'repeat d2']);
  });

  it('back to the right year, from a clock that was wrong, do not put off what is to be told again', async () => {
    const { clock, sink, raise } = await openOffice();
    raise(1);
    await clock.advance(HOUR);
    clock.jump(-365 * DAY);
    await clock.advance(DAY + HOUR);
    expect(gists(sink)).toEqual(['firing d1', 'repeat d1']);
  });

  it('a year forward lose nothing, and repeat once', async () => {
    const office = await openOffice({ parts: { settings } });
    const told = await story(office, 365 * DAY);
    expect(told.filter((one) => one.startsWith('digest'))).toHaveLength(1);
    expect(told.filter((one) => !one.startsWith('digest'))).toEqual([
      'firing d1',
      'repeat d1',
      'firing d2',
      'resolved d1',
    ]);
  });

  it('do not have a sink left alone for long, nor its messages given up', async () => {
    for (const jump of [-DAY, 365 * DAY]) {
      const { clock, sink, raise } = await openOffice({ sinks: [{ answer: () => refusal() }] });
      raise(1);
      await clock.advance(MINUTE);
      clock.jump(jump);
      await clock.advance(10 * MINUTE);
      delete sink.answer;
      await clock.advance(11 * MINUTE);
      expect(gists(sink)[0]).toBe('firing d1');
    }
  });
});

describe('a restart', () => {
  const settings = { ...SETTINGS, digest: { ...SETTINGS.digest, every: 'daily' as const } };

  /** Two days with all that happens, restarted every so often; 0 for never. */
  async function live(restartMs: number): Promise<string[]> {
    const office = await openOffice({
      parts: { settings },
      sinks: [{ tells: ['unsupported', 'returned', 'gone'] }],
    });
    const { clock, sink, raise, clear } = office;
    const pass = async (ms: number): Promise<void> => {
      if (restartMs === 0) return clock.advance(ms);
      // A hundred of them are as good as a thousand.
      const step = Math.max(restartMs, ms / 100);
      for (let left = ms; left > 0; left -= step) {
        await clock.advance(Math.min(left, step));
        await office.restart();
      }
    };
    raise(1);
    raise(2, { kind: 'returned' });
    await pass(10 * SECOND);
    raise(3);
    await pass(10 * MINUTE);
    sink.answer = () => refusal();
    raise(4, { kind: 'gone' });
    clear(1);
    await pass(2 * HOUR);
    delete sink.answer;
    office.alerting.silence(all({ matchers: { device: 'd5' }, expiresAt: START + 5 * HOUR }));
    raise(5);
    await pass(4 * HOUR);
    clear(4, { kind: 'gone' });
    await pass(2 * DAY);
    return gists(sink).toSorted();
  }

  it('at any moment goes on where the last one was', async () => {
    const undisturbed = await live(0);
    expect(undisturbed).toEqual([
      'digest',
      'digest d1 d2 d3 d4 d5',
      'firing d1 d3',
      'firing d2',
      'firing d4',
      'firing d5',
      'repeat d3 d5',
      'repeat d3 d5',
      'resolved d1',
      'resolved d4',
    ]);
    for (const ms of [7 * SECOND, 95 * SECOND, 17 * MINUTE]) expect(await live(ms)).toEqual(undisturbed);
  });

  it('with a sink more tells it of what fires, and of nothing that is over', async () => {
    const { clock, sinks, sink, raise, clear, restart } = await openOffice();
    raise(1);
    raise(2);
    raise(3, { kind: 'returned' });
    await clock.advance(HOUR);
    clear(2);
    await clock.advance(HOUR);
    const more = recordingSink({ name: 'hook', tells: ['unsupported', 'returned'] }, clock);
    await restart({ sinks: [...sinks, more] });
    await clock.advance(HOUR);
    expect(gists(more)).toEqual(['firing d1']);
    expect(gists(sink)).toEqual(['firing d1 d2', 'resolved d2']);
  });

  it('with a sink that was gone meanwhile tells it of what fires now, as a new one', async () => {
    const { clock, sinks, sink, raise, clear, restart } = await openOffice();
    raise(1);
    raise(2);
    await clock.advance(HOUR);
    await restart({ sinks: [] });
    clear(2);
    await clock.advance(HOUR);
    await restart({ sinks });
    await clock.advance(HOUR);
    expect(gists(sink)).toEqual(['firing d1 d2', 'firing d1']);
  });

  it('without a sink gives up what waits for it, says so, and knows nothing of its outage later', async () => {
    const office = await openOffice({ sinks: [{ answer: () => refusal() }] });
    office.raise(1);
    await office.clock.advance(HOUR);
    await office.restart({ sinks: [] });
    expect(office.alerting.deliveries(9)).toMatchObject([{ state: 'given-up', because: 'sink-removed' }]);
    expect(office.logged.at(-1)).toEqual([
      'messages-given-up',
      { sink: 'mail', because: 'sink-removed', count: 1 },
    ]);
    await office.restart({ sinks: office.sinks });
    expect(office.alerting.sinks()).toMatchObject([{ name: 'mail', outage: null }]);
  });

  it('while a message is just being delivered does not send it again', async () => {
    const { clock, sink, raise, restart } = await openOffice();
    let deliver = (): void => undefined;
    sink.answer = () => new Promise((resolve) => (deliver = () => resolve({ ok: true, value: undefined })));
    raise(1);
    await clock.advance(35 * SECOND);
    deliver();
    await restart();
    await clock.advance(HOUR);
    expect(sink.attempts).toHaveLength(1);
  });

  it('while a message is under way sends it again, with the same id', async () => {
    const { clock, sink, raise, restart } = await openOffice({
      sinks: [{ answer: () => new Promise<never>(() => undefined) }],
    });
    raise(1);
    await clock.advance(35 * SECOND);
    expect(sink.attempts).toHaveLength(1);
    delete sink.answer;
    await restart();
    // At once: its sink has refused nothing.
    await clock.advance(SECOND);
    expect(sink.attempts.map(({ message }) => message.id)).toEqual([
      'sipcensus.office.1',
      'sipcensus.office.1',
    ]);
  });
});

describe('a storm', () => {
  it('of 10,000 new devices in a minute makes at most 20 messages, with sinks down as well', async () => {
    const tells = ['appeared', 'unsupported'] as const;
    const { clock, sinks, raise, db } = await openOffice({
      sinks: [
        { name: 'a', tells },
        { name: 'b', tells },
        {
          name: 'c',
          tells,
          answer: ({ id }) => (id.endsWith('1') ? refusal() : { ok: true, value: undefined }),
        },
        { name: 'd', tells, answer: () => refusal() },
      ],
    });
    for (let second = 0; second < 60; second++) {
      db.transaction(() => {
        for (let n = 0; n < 167; n++) {
          const device = second * 167 + n + 1;
          raise(device, { kind: 'appeared' });
          if (n % 2 === 0) raise(device);
        }
      });
      await clock.advance(SECOND);
    }
    await clock.advance(30 * MINUTE);
    const ids = new Set(sinks.flatMap(({ attempts }) => attempts.map(({ message }) => message.id)));
    expect(ids.size).toBeLessThanOrEqual(20);
    const told = sinks[0]?.taken.reduce((sum, { alerts, more }) => sum + alerts.length + more, 0);
    expect(told).toBe(60 * (167 + 84));
  });
});

describe('a database that refuses', () => {
  it('holds alerting up, is told once, and then nothing is lost and nothing doubled', async () => {
    let isFull = false;
    const wrap = (db: Database): Database => ({
      ...db,
      transaction(work) {
        if (isFull) throw new AppError('DATABASE', 'The database cannot grow: the disk is full.');
        return db.transaction(work);
      },
    });
    const { clock, sink, raise, logged } = await openOffice({ wrap });
    raise(1);
    await clock.advance(20 * SECOND);
    // The message is made, and what became of it cannot be noted.
    sink.answer = () => {
      isFull = true;
      return { ok: true, value: undefined };
    };
    await clock.advance(MINUTE);
    raise(2);
    await clock.advance(HOUR);
    expect(logged.map(([event]) => event)).toEqual(['alerting-held-up']);
    delete sink.answer;
    isFull = false;
    await clock.advance(HOUR);
    expect(sink.attempts.map(({ message }) => gist(message))).toEqual(['firing d1', 'firing d2']);
    expect(logged.map(([event]) => event)).toEqual(['alerting-held-up', 'alerting-goes-on']);
  });
});

describe('the inventory as alerts show it', () => {
  it('has who a device is, where it was heard last, and how many phones there are', () => {
    const db = openStore();
    const id = insertDevice(db, device(), NO_REASONS);
    saveEndpoint(db, id, 'office', heardAt('192.0.2.7'));
    const inventory = alertedInventory(db, 'office');
    expect(inventory.subjectOf(id)).toMatchObject({ device: id, vendor: 'Yealink', address: '192.0.2.7' });
    expect(inventory.subjectOf('d99')).toBeNull();
    expect(inventory.fleet()).toEqual({ phones: 1, byLevel: { full: 1 } });
  });
});

describe('a person', () => {
  it('can send a message to see whether it arrives, past the queue and with the answer', async () => {
    const { sink, sinks, alerting } = await openOffice({
      sinks: [{}, { name: 'down', answer: () => GIVES_UP }],
    });
    expect(await alerting.test('mail')).toEqual({ ok: true, value: undefined });
    expect(sink.taken).toMatchObject([{ reason: 'test', alerts: [], language: 'nl' }]);
    expect(await alerting.test('down')).toEqual(GIVES_UP);
    expect(sinks[1]?.attempts).toHaveLength(1);
    expect(alerting.test('nobody')).toBeNull();
    expect(alerting.deliveries(9)).toEqual([]);
  });

  it('sees the alerts that fire and those that are over', async () => {
    const { clock, raise, clear, alerting } = await openOffice();
    raise(1);
    raise(2);
    await clock.advance(MINUTE);
    clear(1);
    await clock.advance(MINUTE);
    expect(alerting.alerts({ limit: 9 }).map(({ key, state }) => [key, state])).toEqual([
      ['unsupported d1', 'resolved'],
      ['unsupported d2', 'firing'],
    ]);
    expect(alerting.alerts({ state: 'firing', limit: 9 })).toMatchObject([
      { key: 'unsupported d2', mute: null },
    ]);
  });
});
