import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { composeMessage } from '../../src/alerts/compose-message.ts';
import type { Alert } from '../../src/model/alert.ts';
import type { FindingKind } from '../../src/model/finding.ts';
import {
  forgetGroup,
  hasTold,
  listGroups,
  noteClock,
  noteOver,
  noteTold,
  saveGroup,
  tellingsOf,
  type AlertGroup,
} from '../../src/store/alert-groups.ts';
import {
  alertOf,
  alertsSince,
  countAlertsSince,
  forgetResolved,
  listAlerts,
  saveAlert,
} from '../../src/store/alerts.ts';
import type { Database } from '../../src/store/database.ts';
import {
  enqueue,
  forgetEnded,
  giveUpBeyondMost,
  giveUpOld,
  listDeliveries,
  nextWaiting,
  noteAttempt,
  sinksWithWaiting,
} from '../../src/store/deliveries.ts';
import { insertDevice, setMergedInto } from '../../src/store/devices.ts';
import { countPhones, countRaised, forgetDigest, lastDigest, saveDigest } from '../../src/store/digests.ts';
import { appendFindings } from '../../src/store/findings.ts';
import { openDatabase } from '../../src/store/open.ts';
import { endOutage, listOutages, outageOf, saveOutage } from '../../src/store/outages.ts';
import { cursorOf, moveCursor } from '../../src/store/readers.ts';
import {
  addSilence,
  endAcknowledgements,
  endSilence,
  listSilences,
  silencesFrom,
} from '../../src/store/silences.ts';
import { alert, AT, news, resolved } from '../alerts/samples.ts';
import { atLevel, device, MIGRATIONS, NO_REASONS } from './samples.ts';
import { openStore, tempFolder } from './support.ts';

const DAY = 86_400_000;

let db: Database;
beforeEach(() => {
  db = openStore();
});
const run = (sql: string): void => {
  db.run({ compile: () => CompiledQuery.raw(sql) });
};

it('what was found before there were alerts is history', () => {
  const file = join(tempFolder(), 'inventory.db');
  const old = openDatabase({ file, migrations: MIGRATIONS.slice(0, 3) });
  appendFindings(old, [news({ device: null }), news({ device: null })]);
  old.close();
  expect(cursorOf(openStore(file), 'alerts')).toBe(2);
});

it('a reader of the journal keeps its own place', () => {
  expect(cursorOf(db, 'alerts')).toBe(0);
  moveCursor(db, 'alerts', 7);
  moveCursor(db, 'hub', 3);
  moveCursor(db, 'alerts', 9);
  expect([cursorOf(db, 'alerts'), cursorOf(db, 'hub')]).toEqual([9, 3]);
});

describe('alerts', () => {
  const site = alert({ key: 'site', kind: 'discovery-impaired', subject: null, about: 'mdns', seq: 2 });
  const over = resolved({ key: 'over', seq: 3 });

  it('are read as they were written, and each key has one', () => {
    for (const one of [alert(), site, over]) saveAlert(db, one);
    expect([alertOf(db, alert().key), alertOf(db, 'site'), alertOf(db, 'over')]).toEqual([
      alert(),
      site,
      over,
    ]);
    const changed: Alert = {
      ...resolved({ seq: 8, since: AT + 1 }),
      because: { en: 'so', nl: 'zo' },
      subject: null,
    };
    saveAlert(db, { ...changed, key: alert().key });
    expect(alertOf(db, alert().key)).toEqual({ ...changed, key: alert().key });
    expect(alertOf(db, 'never')).toBeNull();
  });

  it('are listed with the latest change first, of all states or one', () => {
    for (const one of [alert(), site, over]) saveAlert(db, one);
    const keys = (filter: Parameters<typeof listAlerts>[1]) => listAlerts(db, filter).map(({ seq }) => seq);
    expect(keys({ limit: 10 })).toEqual([3, 2, 1]);
    expect(keys({ limit: 1 })).toEqual([3]);
    expect(keys({ state: 'firing', limit: 10 })).toEqual([2, 1]);
  });

  it('are counted and read by kind from a number of the journal on', () => {
    for (const one of [alert(), site, over]) saveAlert(db, one);
    expect([...countAlertsSince(db, 1)].sort()).toEqual([
      ['discovery-impaired', 1],
      ['unsupported', 1],
    ]);
    expect(alertsSince(db, { kind: 'unsupported', seq: 0, limit: 9 }).map(({ seq }) => seq)).toEqual([3, 1]);
    expect(alertsSince(db, { kind: 'unsupported', seq: 0, limit: 1 }).map(({ seq }) => seq)).toEqual([3]);
  });

  it('that are long over are forgotten, with what was told of them; those that fire never are', () => {
    for (const one of [alert(), over]) saveAlert(db, one);
    noteTold(db, { sink: 'mail', kind: 'unsupported' }, [alert(), over], AT);
    expect(forgetResolved(db, AT + 60_000)).toBe(0);
    expect(forgetResolved(db, AT + 60_001)).toBe(1);
    expect(listAlerts(db, { limit: 10 })).toEqual([alert()]);
    const group = { sink: 'mail', kind: 'unsupported' as const, seq: 9, dueAt: null, sentAt: null };
    expect(tellingsOf(db, { ...group, toldBefore: AT })).toEqual([{ alert: alert(), toldAt: AT }]);
  });

  it('stay readable where who they are about is damaged', () => {
    saveAlert(db, alert());
    run("update alerts set subject = '[]'");
    expect(alertOf(db, alert().key)).toEqual({ ...alert(), subject: null });
  });
});

describe('groups', () => {
  const group = (change: Partial<AlertGroup> = {}): AlertGroup => ({
    sink: 'mail',
    kind: 'unsupported',
    seq: 5,
    dueAt: AT,
    sentAt: null,
    ...change,
  });
  const told = (one: AlertGroup, toldBefore = AT + DAY) =>
    tellingsOf(db, { ...one, toldBefore }).map(({ alert: { key }, toldAt }) => [key, toldAt]);

  it('are kept for each sink and kind', () => {
    saveGroup(db, group());
    saveGroup(db, group({ sink: 'hook', dueAt: null, sentAt: AT }));
    saveGroup(db, group({ seq: 6, dueAt: AT + 1 }));
    expect(listGroups(db)).toEqual([
      group({ sink: 'hook', dueAt: null, sentAt: AT }),
      group({ seq: 6, dueAt: AT + 1 }),
    ]);
  });

  it('have what fires, what is new, and what is over and was told; of their own kind and sink', () => {
    saveAlert(db, alert({ key: 'fires', seq: 1 }));
    saveAlert(db, alert({ key: 'fires and was told', seq: 2 }));
    saveAlert(db, resolved({ key: 'over', seq: 3 }));
    saveAlert(db, resolved({ key: 'over and was told', seq: 4 }));
    saveAlert(db, resolved({ key: 'over just now', seq: 6 }));
    saveAlert(db, resolved({ key: 'over just now and was told', seq: 7 }));
    saveAlert(db, alert({ key: 'other', kind: 'gone', seq: 8 }));
    const all = ['fires and was told', 'over and was told', 'over just now and was told', 'other'];
    noteTold(
      db,
      group(),
      all.map((key) => alert({ key })),
      AT,
    );
    expect(told(group())).toEqual([
      ['fires', null],
      ['fires and was told', AT],
      ['over just now', null],
      ['over just now and was told', AT],
      ['over and was told', AT],
    ]);
    expect(told(group(), AT - 1).map(([key]) => key)).not.toContain('fires and was told');
    expect(told(group({ sink: 'hook' }))).toEqual([
      ['fires', null],
      ['fires and was told', null],
      ['over just now', null],
      ['over just now and was told', null],
    ]);
  });

  it('know what was told again, and what is over', () => {
    saveAlert(db, alert());
    noteTold(db, group(), [alert()], AT);
    noteTold(db, group(), [alert()], AT + 5);
    expect(told(group())).toEqual([[alert().key, AT + 5]]);
    noteClock(db, group(), AT + 9);
    expect(told(group())).toEqual([[alert().key, AT + 5]]);
    noteClock(db, group(), AT - 9);
    expect(told(group())).toEqual([[alert().key, AT - 9]]);
    expect([hasTold(db, group()), hasTold(db, group({ kind: 'gone' }))]).toEqual([true, false]);
    noteOver(db, group(), [alert()]);
    expect(told(group())).toEqual([[alert().key, null]]);
    expect(hasTold(db, group())).toBe(false);
  });

  it('are forgotten with all that was told of them', () => {
    saveAlert(db, alert());
    saveGroup(db, group());
    noteTold(db, group(), [alert()], AT);
    forgetGroup(db, group());
    expect(listGroups(db)).toEqual([]);
    expect(told(group())).toEqual([[alert().key, null]]);
  });
});

describe('the queue', () => {
  const draft = (about: string, at = AT) =>
    composeMessage({
      site: { id: 'office', name: 'Office', timezone: 'UTC' },
      language: 'en',
      reason: 'firing',
      about,
      at,
      alerts: [alert()],
      link: null,
    });
  const fault = { reason: 'network', detail: 'no route' };
  const failed = (number: number): void =>
    noteAttempt(db, { number, at: AT + 1, state: 'waiting', because: null, fault });
  const states = (): string[] => listDeliveries(db, 99).map(({ number, state }) => `${number} ${state}`);

  it('keeps a message as it was, and gives each a number of its own for good', () => {
    expect(enqueue(db, 'mail', draft('a'))).toBe(1);
    expect(nextWaiting(db, 'mail')).toEqual({ number: 1, at: AT, attempts: 0, message: draft('a') });
    run('delete from deliveries');
    expect(enqueue(db, 'mail', draft('a'))).toBe(2);
  });

  it('hands out the oldest of a sink, and a group that failed after those that did not, its own messages in order', () => {
    for (const [sink, about] of [
      ['mail', 'a'],
      ['mail', 'a'],
      ['mail', 'b'],
      ['hook', 'c'],
    ] as const)
      enqueue(db, sink, draft(about));
    const next = (sink: string) => nextWaiting(db, sink)?.number ?? null;
    expect([next('mail'), next('hook'), next('none')]).toEqual([1, 4, null]);
    failed(1);
    expect(next('mail')).toBe(3);
    noteAttempt(db, { number: 3, at: AT, state: 'delivered', because: null, fault: null });
    expect(next('mail')).toBe(1);
    noteAttempt(db, { number: 1, at: AT, state: 'given-up', because: 'refused', fault });
    expect(next('mail')).toBe(2);
  });

  it('tells what became of each message', () => {
    enqueue(db, 'mail', draft('a'));
    failed(1);
    expect(listDeliveries(db, 1)).toEqual([
      {
        number: 1,
        sink: 'mail',
        state: 'waiting',
        reason: 'firing',
        group: 'office/a',
        at: AT,
        attempts: 1,
        triedAt: AT + 1,
        endedAt: null,
        because: null,
        fault,
      },
    ]);
    noteAttempt(db, { number: 1, at: AT + 2, state: 'delivered', because: null, fault: null });
    expect(listDeliveries(db, 1)).toMatchObject([
      { state: 'delivered', attempts: 2, endedAt: AT + 2, fault: null },
    ]);
  });

  it('gives up what is too old, and the oldest of too many, of one sink', () => {
    for (let n = 0; n < 5; n++) enqueue(db, 'mail', draft('a', AT + n));
    enqueue(db, 'hook', draft('a', AT));
    expect(giveUpOld(db, { sink: 'mail', before: AT + 2, now: AT + 9, because: 'too-old' })).toBe(2);
    expect(giveUpBeyondMost(db, { sink: 'mail', most: 2, now: AT + 9 })).toBe(1);
    expect(giveUpBeyondMost(db, { sink: 'mail', most: 2, now: AT + 9 })).toBe(0);
    expect(states()).toEqual([
      '6 waiting',
      '5 waiting',
      '4 waiting',
      '3 given-up',
      '2 given-up',
      '1 given-up',
    ]);
    expect(listDeliveries(db, 9).map(({ because }) => because)).toEqual([
      null,
      null,
      null,
      'queue-full',
      'too-old',
      'too-old',
    ]);
    expect(sinksWithWaiting(db).sort()).toEqual(['hook', 'mail']);
  });

  it('forgets what is over but for the latest, and nothing that waits', () => {
    enqueue(db, 'mail', draft('waits'));
    for (let n = 0; n < 502; n++) enqueue(db, 'mail', draft('a'));
    run("update deliveries set state = 'delivered' where number > 1");
    enqueue(db, 'hook', draft('a'));
    forgetEnded(db, 'mail');
    const left = listDeliveries(db, 999).map(({ number }) => number);
    expect([left.length, left.at(-1), left.at(-2), left[0]]).toEqual([502, 1, 4, 504]);
  });

  it('hands out a damaged record as one that cannot be sent', () => {
    enqueue(db, 'mail', draft('a'));
    run("update deliveries set message = '3'");
    expect(nextWaiting(db, 'mail')?.message).toBeNull();
  });
});

it('an outage keeps its beginning, and ends', () => {
  const outage = {
    sink: 'mail',
    since: AT,
    failures: 1,
    triedAt: AT,
    waitMs: 10,
    givenUp: 0,
    fault: { reason: 'auth', detail: 'no' },
  };
  saveOutage(db, outage);
  saveOutage(db, { ...outage, since: AT + 5, failures: 2, givenUp: 1 });
  expect(outageOf(db, 'mail')).toEqual({ ...outage, failures: 2, givenUp: 1 });
  expect(listOutages(db)).toHaveLength(1);
  endOutage(db, 'mail');
  expect(outageOf(db, 'mail')).toBeNull();
});

describe('silences', () => {
  const silence = {
    matchers: { kind: 'gone', vendor: 'Acme' } as const,
    author: 'Ada',
    reason: 'moving house',
    startsAt: AT + 10,
    expiresAt: AT + 20,
  };
  const ids = (now: number): number[] => silencesFrom(db, now).map(({ id }) => id);

  it('are there until they expire or are ended, and are kept after that', () => {
    const [first, second] = [addSilence(db, silence, AT), addSilence(db, silence, AT)];
    expect(ids(AT)).toEqual([first, second]);
    expect(endSilence(db, { id: first, by: 'Bob', now: AT + 12 })).toBe(true);
    expect(endSilence(db, { id: first, by: 'Bob', now: AT + 13 })).toBe(false);
    expect([ids(AT + 12), ids(AT + 20)]).toEqual([[second], []]);
    expect(endSilence(db, { id: second, by: 'Bob', now: AT + 20 })).toBe(false);
    expect(listSilences(db, 9)).toEqual([
      { id: second, ...silence, createdAt: AT, endedAt: null, endedBy: null },
      { id: first, ...silence, createdAt: AT, endedAt: AT + 12, endedBy: 'Bob' },
    ]);
  });

  it('of one alert end with it, and no others do', () => {
    const [ack, other] = [{ alert: 'gone d1' }, { alert: 'gone d2' }].map((matchers) =>
      addSilence(db, { ...silence, matchers }, AT),
    );
    const wide = addSilence(db, silence, AT);
    endAcknowledgements(db, 'gone d1', { by: 'resolved', now: AT + 12 });
    expect(ids(AT + 12)).toEqual([other, wide]);
    expect(listSilences(db, 9).find(({ id }) => id === ack)?.endedBy).toBe('resolved');
  });

  it('that are damaged silence nothing', () => {
    addSilence(db, silence, AT);
    run("update silences set matchers = '[1]'");
    expect(silencesFrom(db, AT).map(({ matchers }) => matchers)).toEqual([{}]);
  });
});

describe('the last digest', () => {
  it('is remembered, and forgotten', () => {
    expect(lastDigest(db)).toBeNull();
    saveDigest(db, { day: 20_000, at: AT, seq: 7 });
    expect(lastDigest(db)).toEqual({ day: 20_000, at: AT, seq: 7 });
    forgetDigest(db);
    expect(lastDigest(db)).toBeNull();
  });

  it('has the phones of its site by level, without those that are gone and what is no phone', () => {
    const states = [device(), device(), atLevel('basic'), atLevel('not-applicable')];
    const others = [device({ status: 'gone' }), device({ site: 'branch' })];
    for (const state of [...states, ...others]) insertDevice(db, state, NO_REASONS);
    setMergedInto(db, 'd2', 'd1');
    expect(countPhones(db, 'office')).toEqual({ full: 1, basic: 1 });
  });

  it('counts what has been raised since then', () => {
    const of = (kind: FindingKind, change = {}) => news({ kind, device: null, ...change });
    const all = [of('gone'), of('gone'), of('gone', { state: 'cleared' }), of('returned'), of('gone')];
    appendFindings(db, all);
    expect(countRaised(db, { after: 1, upTo: 4 })).toEqual({ gone: 1, returned: 1 });
  });
});
