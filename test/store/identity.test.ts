import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import {
  deviceById,
  findDevices,
  insertDevice,
  listDevices,
  setMergedInto,
} from '../../src/store/devices.ts';
import { saveEndpoint } from '../../src/store/endpoints.ts';
import { devicesKnownBy, identifiersOf, saveIdentifier } from '../../src/store/identifiers.ts';
import {
  actById,
  actsOf,
  areApart,
  latestActs,
  recordAct,
  recordUndo,
  setApart,
  setMaybeOne,
} from '../../src/store/identity-acts.ts';
import { latestSightings, saveSighting } from '../../src/store/sightings.ts';
import { forgetIdentifiers, giveAway, hasPlaceAt } from '../../src/store/split.ts';
import { recordVersion, versionsOf } from '../../src/store/versions.ts';
import { AT, atLevel, device, heardAt, NO_REASONS, sighting } from './samples.ts';
import { openStore, rows } from './support.ts';

let db: Database;
beforeEach(() => {
  db = openStore();
  for (let n = 0; n < 3; n++) insertDevice(db, device(), NO_REASONS);
});

describe('versions', () => {
  const record = (at: number, state = device(), change: { recordedAt?: number; cause?: 'silence' } = {}) =>
    recordVersion(db, 'd1', state, {
      validFrom: at,
      recordedAt: at,
      cause: 'sighting',
      sighting: null,
      ...change,
    });

  it('follow each other without a gap: the next ends the one before', () => {
    record(AT);
    record(AT + 5, atLevel('basic'), { recordedAt: AT + 7 });
    expect(versionsOf(db, 'd1')).toMatchObject([
      { validFrom: AT, validTo: AT + 5, recordedAt: AT, verdict: { level: 'full' }, lastSeen: AT + 5 },
      { validFrom: AT + 5, validTo: null, recordedAt: AT + 7, verdict: { level: 'basic' } },
    ]);
  });

  it('of a device that falls silent say when it was heard last', () => {
    record(AT);
    record(AT + 900, device({ status: 'stale', lastSeen: AT + 100 }), { cause: 'silence' });
    record(AT + 999, device({ status: 'present', lastSeen: AT + 999 }));
    const ends = rows(db, 'select seen_until from versions order by id').map((row) => row['seen_until']);
    expect(ends).toEqual([AT + 100, AT + 100, null]);
  });

  it('are of one device', () => {
    record(AT);
    expect(versionsOf(db, 'd2')).toEqual([]);
  });
});

describe('identifiers', () => {
  const mac = { kind: 'mac', value: '001565aabbcc' } as const;
  const save = (id: string, at = AT): void => saveIdentifier(db, id, { ...mac, site: 'office', at });

  it('are kept once for each device, with when they were heard first and last', () => {
    for (const at of [AT, AT + 5, AT + 2]) save('d1', at);
    expect(rows(db, 'select first_at, last_at from identifiers')).toEqual([
      { first_at: AT, last_at: AT + 5 },
    ]);
    expect(identifiersOf(db, 'd1')).toEqual([mac]);
    expect(identifiersOf(db, 'd2')).toEqual([]);
  });

  it('of a part are those of the whole', () => {
    save('d2');
    setMergedInto(db, 'd2', 'd1');
    expect(identifiersOf(db, 'd1')).toEqual([mac]);
    expect(devicesKnownBy(db, 'office', mac)).toEqual(['d1']);
    save('d1');
    expect(devicesKnownBy(db, 'office', mac)).toEqual(['d1']);
    expect(findDevices(db, 'office', mac.value).map(({ id }) => id)).toEqual(['d1']);
  });

  it('of a part find the whole in the list', () => {
    save('d2');
    setMergedInto(db, 'd2', 'd1');
    expect(listDevices(db, { text: '00:15:65:aa' }).map(({ id }) => id)).toEqual(['d1']);
  });

  it('are forgotten of one device alone', () => {
    for (const id of ['d1', 'd2']) save(id);
    forgetIdentifiers(db, 'd1');
    expect(devicesKnownBy(db, 'office', mac)).toEqual(['d2']);
  });
});

describe('merges and splits', () => {
  const merge = { act: 'merge', device: 'd1', other: 'd2', at: AT, because: 'same', author: null } as const;

  it('are kept, the newest first, each with those who took part', () => {
    expect([recordAct(db, merge), recordAct(db, { ...merge, other: 'd3', author: 'Ada' })]).toEqual([1, 2]);
    expect(actById(db, 1)).toEqual({ id: 1, ...merge, undoneAt: null, undoneBy: null });
    expect(latestActs(db, 9).map(({ id }) => id)).toEqual([2, 1]);
    expect(['d1', 'd2', 'd3'].map((id) => actsOf(db, id).map((act) => act.id))).toEqual([[2, 1], [1], [2]]);
    expect(actById(db, 3)).toBeNull();
  });

  it('are undone once', () => {
    recordAct(db, merge);
    expect([
      recordUndo(db, 1, AT + 1, 'Ada'),
      recordUndo(db, 1, AT + 2, 'Bob'),
      recordUndo(db, 9, AT, 'Ada'),
    ]).toEqual([true, false, false]);
    expect(actById(db, 1)).toMatchObject({ undoneAt: AT + 1, undoneBy: 'Ada' });
  });

  it('tell two apart whichever is named first, until that is taken back', () => {
    setApart(db, 'd2', 'd1');
    setApart(db, 'd1', 'd2');
    expect([areApart(db, 'd1', 'd2'), areApart(db, 'd2', 'd1'), areApart(db, 'd1', 'd3')]).toEqual([
      true,
      true,
      false,
    ]);
    setMaybeOne(db, 'd1', 'd2');
    expect(areApart(db, 'd2', 'd1')).toBe(false);
  });
});

describe('what is given away of a device', () => {
  it('is a copy of all that was heard at the address, and the first leaves it', () => {
    for (const address of ['192.0.2.7', '192.0.2.8']) {
      const from = { ...sighting().from, address };
      saveSighting(db, saveEndpoint(db, 'd1', 'office', heardAt(address)), sighting({ from }));
    }
    expect([hasPlaceAt(db, 'd1', '192.0.2.8'), hasPlaceAt(db, 'd2', '192.0.2.8')]).toEqual([true, false]);
    giveAway(db, 'd1', 'd2', '192.0.2.8', AT + 9);
    const places = (id: string) => deviceById(db, id)?.endpoints.map(({ address }) => address);
    expect([places('d1'), places('d2')]).toEqual([['192.0.2.7'], ['192.0.2.8']]);
    expect(latestSightings(db, 'd2')).toMatchObject([{ facts: sighting().facts, at: AT, times: 1 }]);
    expect(latestSightings(db, 'd1').map(({ from }) => from.address)).toEqual(['192.0.2.7']);
    // What was known of the first until then stays as it was.
    expect(rows(db, 'select until from endpoints where device_id = 1 order by id')).toEqual([
      { until: null },
      { until: AT + 9 },
    ]);
    expect(hasPlaceAt(db, 'd1', '192.0.2.8')).toBe(false);
  });
});
