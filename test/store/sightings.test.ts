import { beforeEach, describe, expect, it } from 'vitest';
import type { Sighting } from '../../src/model/sighting.ts';
import type { Database } from '../../src/store/database.ts';
import { insertDevice, setMergedInto, updateDevice } from '../../src/store/devices.ts';
import { saveEndpoint, touchEndpoint, type HeardAt } from '../../src/store/endpoints.ts';
import { forgetTheFuture } from '../../src/store/silence.ts';
import {
  answersSince,
  findSameAgain,
  keepApart,
  latestSightings,
  rawOf,
  saidHash,
  saveSighting,
} from '../../src/store/sightings.ts';
import { AT, device, heardAt, NO_REASONS, sighting } from './samples.ts';
import { openStore, rows } from './support.ts';

describe('sightings', () => {
  let db: Database;
  /** Where the last one was heard. */
  let place: HeardAt;
  beforeEach(() => {
    db = openStore();
    insertDevice(db, device(), NO_REASONS);
  });

  const save = (heard: Sighting, id = 'd1') => {
    place = saveEndpoint(db, id, heard.from.site, {
      ...heardAt(heard.from.address),
      port: heard.from.port,
      channel: heard.channel,
      at: heard.at,
    });
    return saveSighting(db, place, heard);
  };
  const stored = () => rows(db, 'select first_at, last_at, times from sightings order by id');
  const other: Sighting['facts'] = [{ field: 'sip.user_agent', value: 'Yealink SIP-T46S 66.85.0.5' }];

  it('keep the first as it was heard', () => {
    expect(save(sighting())).toEqual({ id: 1, as: 'new', before: null });
    const { raw, ...rest } = sighting();
    const [latest] = latestSightings(db, 'd1');
    expect(latest).toEqual({ id: 1, ...rest, lastAt: AT, times: 1 });
    expect(new Uint8Array(rawOf(db, 1) ?? [])).toEqual(raw);
  });

  it('count an unchanged answer and add no row', () => {
    save(sighting());
    expect(save(sighting({ at: AT + 1000, raw: new Uint8Array([1]) }))).toMatchObject({
      as: 'repeated',
      before: AT,
    });
    expect(save(sighting({ at: AT + 500 }))).toMatchObject({ as: 'repeated', before: AT + 1000 });
    expect(stored()).toEqual([{ first_at: AT, last_at: AT + 1000, times: 3 }]);
  });

  it('count an answer with another status or To tag, which says nothing new, and show the latest status', () => {
    save(sighting());
    const busy: Sighting['facts'] = [
      { field: 'sip.status', value: '486' },
      { field: 'sip.to_tag', value: 'a1b2' },
      { field: 'sip.user_agent', value: 'Yealink SIP-T46S 66.84.0.15' },
    ];
    expect(save(sighting({ at: AT + 1, facts: busy })).as).toBe('repeated');
    expect(rows(db, 'select sip_status, times from sightings')).toEqual([{ sip_status: 486, times: 2 }]);
    const nameless: Sighting['facts'] = busy.slice(2);
    expect(save(sighting({ at: AT + 2, facts: nameless })).as).toBe('repeated');
    expect(rows(db, 'select sip_status, times from sightings')).toEqual([{ sip_status: 486, times: 3 }]);
  });

  it('keep every change as a row, and count a return to what was said before to those words', () => {
    save(sighting());
    expect(save(sighting({ at: AT + 1, facts: other }))).toEqual({ id: 2, as: 'changed', before: null });
    expect(save(sighting({ at: AT + 2 }))).toEqual({ id: 1, as: 'recurring', before: AT });
    expect(save(sighting({ at: AT + 3 }))).toEqual({ id: 1, as: 'repeated', before: AT + 2 });
    expect(stored()).toEqual([
      { first_at: AT, last_at: AT + 3, times: 3 },
      { first_at: AT + 1, last_at: AT + 1, times: 1 },
    ]);
    expect(latestSightings(db, 'd1')).toMatchObject([{ id: 1, lastAt: AT + 3 }]);
    expect(rows(db, 'select count(*) as messages from messages')).toEqual([{ messages: 2 }]);
  });

  it('make a row of its own of words that were counted, where something has happened, on the same message', () => {
    save(sighting());
    save(sighting({ at: AT + 1, facts: other }));
    const again = sighting({ at: AT + 2 });
    const kept = save(again);
    const row = keepApart(db, place, again, kept);
    expect(row).toBe(3);
    expect(stored()).toEqual([
      { first_at: AT, last_at: AT, times: 1 },
      { first_at: AT + 1, last_at: AT + 1, times: 1 },
      { first_at: AT + 2, last_at: AT + 2, times: 1 },
    ]);
    expect(rows(db, 'select id, message_id from sightings order by id')).toEqual([
      { id: 1, message_id: 1 },
      { id: 2, message_id: 2 },
      { id: 3, message_id: 1 },
    ]);
    expect(Buffer.from(rawOf(db, row) ?? [])).toEqual(Buffer.from(rawOf(db, 1) ?? []));
    expect(latestSightings(db, 'd1').map(({ id }) => id)).toEqual([row]);
    expect(save(sighting({ at: AT + 9 }))).toEqual({ id: row, as: 'repeated', before: AT + 2 });
  });

  it('keep an answer apart from the same words overheard', () => {
    save(sighting());
    expect(save(sighting({ solicited: false })).as).toBe('changed');
    expect(rows(db, 'select solicited from sightings order by id')).toEqual([
      { solicited: 1 },
      { solicited: 0 },
    ]);
  });

  it('tell what was heard last by the clock, also after that was set back', () => {
    save(sighting());
    const yesterday = AT - 86_400_000;
    expect(save(sighting({ at: yesterday, facts: other })).as).toBe('changed');
    expect(save(sighting({ at: yesterday + 1, facts: other })).as).toBe('recurring');
    expect(latestSightings(db, 'd1').map(({ facts }) => facts)).toEqual([sighting().facts]);
    // The engine says so when it notices (engine/keep-watch.ts).
    forgetTheFuture(db, yesterday + 1);
    expect(save(sighting({ at: yesterday + 2, facts: other })).as).toBe('repeated');
    expect(latestSightings(db, 'd1').map(({ facts }) => facts)).toEqual([other]);
  });

  it('give the latest of each endpoint and channel, freshest first', () => {
    const from = { ...sighting().from, port: 5062 };
    save(sighting({ at: AT + 1 }));
    save(sighting({ at: AT + 3, channel: 'sip-pnp', solicited: false }));
    save(sighting({ at: AT + 2, from }));
    save(sighting({ at: AT + 4, from, facts: other }));
    expect(
      latestSightings(db, 'd1').map((heard) => [heard.channel, heard.from.port, heard.facts.length]),
    ).toEqual([
      ['sip-options', 5062, 1],
      ['sip-pnp', 5060, 2],
      ['sip-options', 5060, 2],
    ]);
  });

  it('belong to one device', () => {
    insertDevice(db, device(), NO_REASONS);
    save(sighting());
    expect(save(sighting({ facts: other }), 'd2').as).toBe('new');
    expect(latestSightings(db, 'd2').map(({ facts }) => facts)).toEqual([other]);
    expect(latestSightings(db, 'd3')).toEqual([]);
  });

  it('leave out facts that are not as we wrote them', () => {
    save(sighting());
    rows(
      db,
      `update messages set facts = '[{"field": "sip.status", "value": "200"}, {"field": "__proto__", "value": "x"}, {"field": "sip.server"}, 3]' returning id`,
    );
    expect(latestSightings(db, 'd1')[0]?.facts).toEqual([{ field: 'sip.status', value: '200' }]);
  });

  it('have no bytes where there is no sighting', () => {
    expect(rawOf(db, 1)).toBeNull();
  });

  it('keep any text and any bytes of a stranger', () => {
    const facts: Sighting['facts'] = [{ field: 'sip.user_agent', value: '\u0000\'"\\\ud83d\u202e</script>' }];
    const raw = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    save(sighting({ facts, raw }));
    expect(latestSightings(db, 'd1')[0]?.facts).toEqual(facts);
    expect(new Uint8Array(rawOf(db, 1) ?? [])).toEqual(raw);
    expect(save(sighting({ facts, raw })).as).toBe('repeated');
  });

  it('say nothing else where only what is another with every answer differs', () => {
    const facts = sighting().facts;
    expect(saidHash([...facts, { field: 'sip.to_tag', value: 'x' }])).toBe(saidHash(facts));
    expect(saidHash(facts.filter(({ field }) => field !== 'sip.status'))).toBe(saidHash(facts));
    expect(saidHash([...facts, { field: 'sip.server', value: 'x' }])).not.toBe(saidHash(facts));
    expect(saidHash([])).not.toBe(saidHash(facts));
    expect(saidHash(facts)).toHaveLength(16);
  });

  it('tell which addresses of the site have answered a probe since a moment, and when last', () => {
    save(sighting({ at: AT + 1 }));
    save(sighting({ at: AT + 5, from: { ...sighting().from, port: 5062 } }));
    save(sighting({ at: AT - 1, from: { ...sighting().from, address: '192.0.2.8' } }));
    save(sighting({ at: AT + 9, channel: 'neighbours', from: { ...sighting().from, address: '192.0.2.9' } }));
    expect(answersSince(db, 'office', AT)).toEqual([{ address: '192.0.2.7', at: AT + 5 }]);
    expect(answersSince(db, 'branch', AT)).toEqual([]);
  });

  describe('the same again', () => {
    const { from } = sighting();
    const again = (change: Partial<Sighting> = {}) => {
      const heard = sighting({ at: AT + 60_000, ...change });
      return findSameAgain(db, heard.from, heard, saidHash(heard.facts));
    };

    it('is the same words on the same channel at the same place', () => {
      save(sighting());
      expect(again()).toEqual({ sighting: 1, endpoint: 1, device: 'd1', status: 'present' });
    });

    it('is so of a device that became a part of another, and is then told of that one', () => {
      insertDevice(db, device(), NO_REASONS);
      save(sighting(), 'd2');
      setMergedInto(db, 'd2', 'd1');
      expect(again()?.device).toBe('d1');
    });

    it('says how the device is, for one that had fallen silent has returned', () => {
      save(sighting());
      updateDevice(db, 'd1', device({ status: 'gone' }), NO_REASONS);
      expect(again()?.status).toBe('gone');
    });

    it.each<[string, Partial<Sighting>]>([
      ['other words', { facts: [{ field: 'sip.user_agent', value: 'other' }] }],
      ['another channel', { channel: 'sip-pnp' }],
      ['an overheard message with the words of an answer', { solicited: false }],
      ['another port', { from: { ...from, port: 5062 } }],
      ['another transport', { from: { ...from, transport: 'tcp' } }],
      ['another address', { from: { ...from, address: '192.0.2.8' } }],
      ['another site', { from: { ...from, site: 'branch' } }],
    ])('is not %s', (_what, change) => {
      save(sighting());
      expect(again(change)).toBeNull();
    });

    it('is not the words before the last ones', () => {
      save(sighting());
      save(sighting({ at: AT + 1, facts: other }));
      expect(again()).toBeNull();
      expect(again({ facts: other })).not.toBeNull();
    });

    it('is not where another device was heard, on whatever port', () => {
      save(sighting());
      insertDevice(db, device(), NO_REASONS);
      save(sighting({ at: AT - 9, from: { ...from, port: 5062 } }), 'd2');
      expect(again()).toBeNull();
    });

    it('is not of a device that was heard elsewhere since, until it has been heard here again', () => {
      save(sighting());
      save(sighting({ at: AT + 1, from: { ...from, address: '192.0.2.8' } }));
      expect(again()).toBeNull();
      touchEndpoint(db, 1, AT + 2, 200);
      expect(again()).not.toBeNull();
    });
  });
});
