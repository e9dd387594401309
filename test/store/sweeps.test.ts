import { describe, expect, it } from 'vitest';
import type { Sweep } from '../../src/model/sweep.ts';
import {
  cancelUnfinishedSweeps,
  listSweeps,
  startSweepRow,
  unfinishedSweep,
  updateSweepRow,
} from '../../src/store/sweeps.ts';
import { AT } from './samples.ts';
import { openStore, rows } from './support.ts';

const running: Omit<Sweep, 'id'> = {
  channel: 'sip-options',
  state: 'running',
  startedAt: AT,
  endedAt: null,
  targets: 254,
  sent: 0,
  mostToSend: 762,
  answered: 0,
  refused: {},
  seed: 7,
  plan: 'plan',
  position: 0,
  activeMs: 0,
  unsound: null,
};

describe('sweeps', () => {
  it('are kept and listed newest first', () => {
    const db = openStore();
    const first = startSweepRow(db, running);
    const second = startSweepRow(db, { ...running, startedAt: AT + 1 });
    expect(listSweeps(db, 10)).toEqual([
      { id: second, ...running, startedAt: AT + 1 },
      { id: first, ...running },
    ]);
    expect(listSweeps(db, 1)).toHaveLength(1);
  });

  it('are renewed as they go on', () => {
    const db = openStore();
    const id = startSweepRow(db, running);
    const done: Sweep = {
      ...running,
      id,
      state: 'done',
      endedAt: AT + 9,
      sent: 300,
      answered: 60,
      refused: { malformed: 2 },
    };
    updateSweepRow(db, done);
    expect(listSweeps(db, 10)).toEqual([done]);
  });

  it('that were under way when the program stopped are cancelled, but for the one that goes on', () => {
    const db = openStore();
    startSweepRow(db, { ...running, state: 'failed', endedAt: AT + 1 });
    startSweepRow(db, running);
    const paused = startSweepRow(db, { ...running, state: 'paused', position: 12 });
    const latest = unfinishedSweep(db);
    expect(latest).toMatchObject({ id: paused, position: 12, seed: 7 });
    expect(cancelUnfinishedSweeps(db, AT + 5, latest)).toBe(1);
    expect(listSweeps(db, 10).map(({ state, endedAt }) => [state, endedAt])).toEqual([
      ['paused', null],
      ['cancelled', AT + 5],
      ['failed', AT + 1],
    ]);
    expect(cancelUnfinishedSweeps(db, AT + 6)).toBe(1);
    expect(unfinishedSweep(db)).toBeNull();
  });

  it('read counts that are no numbers as if they were not there', () => {
    const db = openStore();
    startSweepRow(db, running);
    rows(db, `update sweeps set refused = '{"malformed": 3, "stray": "many"}' returning id`);
    expect(listSweeps(db, 1)[0]?.refused).toEqual({ malformed: 3 });
    rows(db, `update sweeps set refused = '[3]' returning id`);
    expect(listSweeps(db, 1)[0]?.refused).toEqual({});
  });
});
