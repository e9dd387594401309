import { isoTime } from '../../src/model/iso-time.ts';
import { describe, expect, it } from 'vitest';
import {
  advance,
  changesOf,
  event,
  movedFrom,
  nameOf,
  type After,
  type Before,
  type FindingDraft,
} from '../../src/inventory/advance.ts';
import type { DeviceState } from '../../src/model/device.ts';
import type { Evidence, Identity } from '../../src/model/identity.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import type { SupportLevel } from '../../src/model/verdict.ts';

const sighting = (change: Partial<Sighting> = {}, address = '10.0.0.1'): Sighting => ({
  channel: 'sip-options',
  at: 2000,
  from: { site: 's', transport: 'udp', address, port: 5060 },
  solicited: true,
  facts: [],
  raw: new Uint8Array(),
  ...change,
});

const after = (
  identity: Partial<Identity>,
  level: SupportLevel = 'full',
  conflicts: Evidence[] = [],
): After => ({
  identification: { identity, confidence: 0.9, evidence: [], conflicts },
  verdict: { level, clause: null, because: { en: '', nl: '' }, caveats: [], slaEligible: level === 'full' },
});

const known = (result: ReturnType<typeof advance>, address = '10.0.0.1'): Before => ({
  device: {
    ...result.state,
    id: 'd1',
    endpoints: [
      {
        address,
        port: 5060,
        transport: 'udp',
        userAgent: null,
        server: null,
        sipStatus: 200,
        solicited: true,
        channels: [],
        firstSeen: 1,
        lastSeen: result.state.lastSeen,
      },
    ],
  },
  conflicts: [],
  address,
});

const gist = ({ kind, before, after: now, cause }: FindingDraft): string =>
  [kind, before ?? '', now ?? '', ...(cause === null ? [] : [`by ${cause}`])].join(' ');
const kinds = (result: ReturnType<typeof advance>): string[] => result.findings.map(gist);

const phone = { vendor: 'Yealink', model: 'T46S', firmware: '66.84.0.15' };
const first = advance(null, after(phone), sighting({ at: 1000 }));

describe('advance', () => {
  it('tells of a new device by name', () => {
    expect(kinds(first)).toEqual(['appeared  Yealink T46S']);
    expect(kinds(advance(null, after({}), sighting()))).toEqual(['appeared  ']);
  });

  it('takes its state from what is concluded, and its times from the sighting', () => {
    const conclusion = after(phone, 'partial');
    expect(advance(null, conclusion, sighting({ at: 7, solicited: false })).state).toEqual({
      site: 's',
      identity: phone,
      confidence: 0.9,
      verdict: conclusion.verdict,
      status: 'present',
      solicited: false,
      firstSeen: 7,
      lastSeen: 7,
    });
  });

  it('never forgets that a device has answered', () => {
    const overheard = sighting({ solicited: false });
    expect(advance(known(first), after(phone), overheard).state.solicited).toBe(true);
    const shy = advance(null, after(phone), overheard);
    expect(advance(known(shy), after(phone), sighting()).state.solicited).toBe(true);
    expect(advance(known(shy), after(phone), overheard).state.solicited).toBe(false);
  });

  it.each(['present', 'stale', 'gone'] as const)('makes a device that was %s present', (status) => {
    const before = known(first);
    const next = advance({ ...before, device: { ...before.device, status } }, after(phone), sighting());
    expect(next.state.status).toBe('present');
    expect(kinds(next)).toEqual(status === 'gone' ? ['returned 1970-01-01T00:00:01.000Z '] : []);
  });

  it('is silent about an unchanged device, and moves its last-seen', () => {
    const next = advance(known(first), after(phone), sighting());
    expect(next.findings).toEqual([]);
    expect(next.state).toMatchObject({ firstSeen: 1000, lastSeen: 2000, status: 'present' });
  });

  it('tells of new firmware, and of the level that it brings', () => {
    expect(
      kinds(advance(known(first), after({ ...phone, firmware: '66.86.0.15' }, 'partial'), sighting())),
    ).toEqual(['firmware-changed 66.84.0.15 66.86.0.15', 'level-changed full partial by firmware']);
  });

  it('takes a first value for something learnt, not for a change', () => {
    const nameless = advance(null, after({}), sighting());
    expect(advance(known(nameless), after(phone), sighting()).findings).toEqual([]);
  });

  it('tells of a level that came with knowing more, and by what', () => {
    const nameless = advance(null, after({}, 'basic'), sighting());
    expect(kinds(advance(known(nameless), after(phone), sighting()))).toEqual([
      'level-changed basic full by identity',
    ]);
  });

  it('tells of a move once, and not of one that is only overheard', () => {
    const moved = sighting({}, '10.0.0.9');
    expect(kinds(advance(known(first), after(phone), moved))).toEqual(['endpoint-moved 10.0.0.1 10.0.0.9']);
    expect(advance(known(first), after(phone), { ...moved, solicited: false }).findings).toEqual([]);
    const there = { ...known(first), address: '10.0.0.9' };
    expect(advance(there, after(phone), moved).findings).toEqual([]);
  });

  it('tells of a contradiction once', () => {
    const conflict: Evidence = {
      rule: 'snom.oui',
      fact: { field: 'pnp.vendor', value: 'snom' },
      asserts: { vendor: 'Snom' },
      certainty: 0.9,
      solicited: false,
    };
    const next = advance(known(first), after(phone, 'full', [conflict]), sighting());
    expect(kinds(next)).toEqual(['conflict  pnp.vendor: snom']);
    expect(
      advance({ ...known(next), conflicts: [conflict] }, after(phone, 'full', [conflict]), sighting())
        .findings,
    ).toEqual([]);
  });

  it('takes old firmware on another channel for no contradiction', () => {
    const stale: Evidence = {
      rule: 'yealink.pnp.firmware',
      fact: { field: 'pnp.version', value: '66.81.0.1' },
      asserts: { vendor: 'Yealink', firmware: '66.81.0.1' },
      certainty: 0.9,
      solicited: false,
    };
    expect(advance(known(first), after(phone, 'full', [stale]), sighting()).findings).toEqual([]);
  });

  it('does not turn a clock that went back into an earlier last-seen', () => {
    expect(advance(known(first), after(phone), sighting({ at: 500 })).state).toMatchObject({
      firstSeen: 500,
      lastSeen: 1000,
    });
  });
});

describe('where a device has moved from', () => {
  const device = known(first).device;
  const shy = { ...device, solicited: false };

  it.each([
    ['an answer from elsewhere', device, '10.0.0.1', true, '10.0.0.1'],
    ['an answer from there', device, '10.0.0.9', true, null],
    ['a message that anybody may have sent, of a device that has answered', device, '10.0.0.1', false, null],
    ['such a message of one that never has', shy, '10.0.0.1', false, '10.0.0.1'],
    ['its first address of this family', device, null, true, null],
  ])('%s', (_what, who, address, solicited, from) => {
    expect(movedFrom({ device: who, address }, sighting({ solicited }, '10.0.0.9'))).toBe(from);
  });
});

describe('what of a device has changed', () => {
  const state = (identity: Partial<Identity>, level: SupportLevel = 'full'): DeviceState =>
    advance(null, after(identity, level), sighting()).state;
  const { vendor, model, firmware } = phone;

  it.each<[string, DeviceState, DeviceState, string[]]>([
    ['nothing', state(phone), state(phone), []],
    ['a model that was not known', state({ vendor }), state({ vendor, model }), []],
    ['a firmware that was not known', state({ vendor, model }), state(phone), []],
    ['a MAC address', state({ ...phone, mac: '001565aabbcc' }), state({ ...phone, mac: '001565aabbdd' }), []],
    [
      'another model, whose firmware is another matter',
      state(phone),
      state({ vendor, model: 'T48S', firmware: '66.86.0.1' }),
      ['identity-changed Yealink T46S Yealink T48S'],
    ],
    [
      'another vendor',
      state(phone),
      state({ vendor: 'Snom', model, firmware }),
      ['identity-changed Yealink T46S Snom T46S'],
    ],
    [
      'a model that is known no more',
      state(phone),
      state({ vendor }),
      ['identity-changed Yealink T46S Yealink'],
    ],
    [
      'a firmware that is known no more',
      state(phone),
      state({ vendor, model }),
      ['firmware-changed 66.84.0.15 '],
    ],
    [
      'another model and its level',
      state(phone),
      state({ vendor, model: 'T48S', firmware: '1' }, 'unsupported'),
      ['identity-changed Yealink T46S Yealink T48S', 'level-changed full unsupported by identity'],
    ],
  ])('%s', (_what, before, now, told) => {
    expect(changesOf(before, now).map((change) => gist(event(1, change)))).toEqual(told);
  });

  it.each(['policy', 'rules', 'person'] as const)('is by the %s where that has changed', (judgedBy) => {
    const changes = changesOf(state(phone), state({ ...phone, model: 'T48S' }, 'basic'), judgedBy);
    expect(changes.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['identity-changed', judgedBy],
      ['level-changed', judgedBy],
    ]);
    const [update] = changesOf(state(phone), state({ ...phone, firmware: '1' }), judgedBy);
    expect(update).toMatchObject({ kind: 'firmware-changed', cause: judgedBy });
  });
});

it('a device is called by vendor and model, as far as they are known', () => {
  expect([nameOf(phone), nameOf({ vendor: 'Yealink' }), nameOf({ model: 'T46S' }), nameOf({})]).toEqual([
    'Yealink T46S',
    'Yealink',
    'T46S',
    null,
  ]);
  expect(isoTime(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe('2026-01-02T03:04:05.006Z');
});
