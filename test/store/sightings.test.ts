import { beforeEach, describe, expect, it } from 'vitest';
import type { Sighting } from '../../src/model/sighting.ts';
import type { Database } from '../../src/store/database.ts';
import { insertDevice } from '../../src/store/devices.ts';
import { saveEndpoint } from '../../src/store/endpoints.ts';
import { latestSightings, rawOf, saveSighting } from '../../src/store/sightings.ts';
import { AT, device, heardAt, NO_REASONS, sighting } from './samples.ts';
import { openStore, rows } from './support.ts';

describe('sightings', () => {
  let db: Database;
  beforeEach(() => {
    db = openStore();
    insertDevice(db, device(), NO_REASONS);
  });

  const save = (heard: Sighting, id = 'd1') => {
    const endpoint = saveEndpoint(db, id, heard.from.site, {
      ...heardAt(heard.from.address),
      port: heard.from.port,
      channel: heard.channel,
      at: heard.at,
    });
    return saveSighting(db, id, endpoint, heard);
  };
  const stored = () => rows(db, 'select first_at, last_at, times from sightings order by id');
  const busy: Sighting['facts'] = [{ field: 'sip.status', value: '486' }];

  it('keep the first as it was heard', () => {
    expect(save(sighting())).toBe('new');
    const { raw, ...rest } = sighting();
    const [latest] = latestSightings(db, 'd1');
    expect(latest).toEqual({ id: 1, ...rest, lastAt: AT, times: 1 });
    expect(new Uint8Array(rawOf(db, 1) ?? [])).toEqual(raw);
  });

  it('count an unchanged answer and add no row', () => {
    save(sighting());
    expect(save(sighting({ at: AT + 1000, raw: new Uint8Array([1]) }))).toBe('repeated');
    expect(save(sighting({ at: AT + 500 }))).toBe('repeated');
    expect(stored()).toEqual([{ first_at: AT, last_at: AT + 1000, times: 3 }]);
  });

  it('keep every change as a row, a return to what was said before included', () => {
    save(sighting());
    expect(save(sighting({ at: AT + 1, facts: busy }))).toBe('changed');
    expect(save(sighting({ at: AT + 2 }))).toBe('changed');
    expect(save(sighting({ at: AT + 3 }))).toBe('repeated');
    expect(stored()).toEqual([
      { first_at: AT, last_at: AT, times: 1 },
      { first_at: AT + 1, last_at: AT + 1, times: 1 },
      { first_at: AT + 2, last_at: AT + 3, times: 2 },
    ]);
    expect(latestSightings(db, 'd1')).toHaveLength(1);
  });

  it('keep an answer apart from the same words overheard', () => {
    save(sighting());
    expect(save(sighting({ solicited: false }))).toBe('changed');
  });

  it('do not take every answer for news after the clock was set back', () => {
    save(sighting());
    const yesterday = AT - 86_400_000;
    expect(save(sighting({ at: yesterday, facts: busy }))).toBe('changed');
    expect(save(sighting({ at: yesterday + 1, facts: busy }))).toBe('repeated');
    expect(latestSightings(db, 'd1').map(({ facts }) => facts)).toEqual([busy]);
  });

  it('give the latest of each endpoint and channel, freshest first', () => {
    const from = { ...sighting().from, port: 5062 };
    save(sighting({ at: AT + 1 }));
    save(sighting({ at: AT + 3, channel: 'sip-pnp', solicited: false }));
    save(sighting({ at: AT + 2, from }));
    save(sighting({ at: AT + 4, from, facts: busy }));
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
    expect(save(sighting({ facts: busy }), 'd2')).toBe('new');
    expect(latestSightings(db, 'd2').map(({ facts }) => facts)).toEqual([busy]);
    expect(latestSightings(db, 'd3')).toEqual([]);
  });

  it('leave out facts that are not as we wrote them', () => {
    save(sighting());
    rows(
      db,
      `update sightings set facts = '[{"field": "sip.status", "value": "200"}, {"field": "__proto__", "value": "x"}, {"field": "sip.server"}, 3]' returning id`,
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
    expect(save(sighting({ facts, raw }))).toBe('repeated');
  });
});
