import { describe, expect, it } from 'vitest';
import { changeOfStanding, cleared, standingOf, STANDING_KINDS } from '../../src/inventory/standing.ts';
import type { DeviceState } from '../../src/model/device.ts';
import { FINDINGS, type FindingKind } from '../../src/model/finding.ts';
import type { Identity } from '../../src/model/identity.ts';
import type { Verdict } from '../../src/model/verdict.ts';

const state = (verdict: Partial<Verdict> = {}, identity: Partial<Identity> = {}): DeviceState => ({
  site: 's',
  identity: { vendor: 'Acme', model: 'P10', firmware: '1.9', kind: 'desk-phone', ...identity },
  confidence: 0.9,
  verdict: {
    level: 'full',
    clause: null,
    because: { en: '', nl: '' },
    caveats: [],
    slaEligible: true,
    ...verdict,
  },
  status: 'present',
  solicited: true,
  firstSeen: 1,
  lastSeen: 2,
});

const SAYS_NOTHING = { methods: null, codecs: null };
const says = (allow: string, codecs = 'PCMA,G729') => ({
  methods: allow.split(','),
  codecs: codecs.split(','),
});
const one = (kind: FindingKind, words: object = {}) => ({
  kind,
  about: null,
  before: null,
  after: null,
  ...words,
});

describe('what a device gives reason for', () => {
  it.each<[string, DeviceState, object[]]>([
    ['nothing, where all is well', state(), []],
    ['its level', state({ level: 'unsupported' }), [one('unsupported', { after: 'Acme P10' })]],
    [
      'a firmware that is too old',
      state({ firmwareFrom: '2.0' }),
      [one('firmware-below-minimum', { before: '1.9', after: '2.0' })],
    ],
    [
      'a transfer that is a deflect',
      state({ callDeflect: 'always' }),
      [one('call-deflect', { after: 'Acme P10' })],
    ],
    ['one that may be', state({ callDeflect: 'by-setting' }), [one('call-deflect', { after: 'Acme P10' })]],
    ['not one that never is', state({ callDeflect: 'never' }), []],
    [
      'what scans the network, and from where',
      state({ level: 'not-applicable' }, { kind: 'scanner' }),
      [one('scanner', { about: '10.0.0.1', after: 'Acme P10' })],
    ],
  ])('%s', (_what, device, expected) => {
    expect(standingOf(device, SAYS_NOTHING, '10.0.0.1')).toEqual(expected);
  });

  it('has no name where the device has none', () => {
    const nameless: DeviceState = { ...state({ level: 'unsupported' }), identity: {} };
    expect(standingOf(nameless, SAYS_NOTHING, null)).toEqual([one('unsupported')]);
  });

  const lacksRefer = one('capability-mismatch', { about: 'REFER', after: 'INVITE, ACK, BYE' });
  const lacksG729 = one('capability-mismatch', { about: 'G729', after: 'PCMA, PCMU' });
  const poor = says('INVITE,ACK,BYE', 'PCMA,PCMU');
  it.each<[Verdict['level'], object[]]>([
    ['full', [lacksRefer]],
    ['partial', [lacksRefer, lacksG729]],
    ['basic', [lacksRefer]],
    ['unsupported', [one('unsupported', { after: 'Acme P10' })]],
    ['not-applicable', []],
  ])('is what level %s guarantees and it says that it lacks', (level, expected) => {
    expect(standingOf(state({ level }), poor, null)).toEqual(expected);
  });

  it.each([
    ['it has it', says('INVITE,REFER')],
    ['it writes it in small letters', says('invite,refer', 'pcma,g729')],
    ['it does not say', SAYS_NOTHING],
  ])('is nothing of the sort where %s', (_what, capabilities) => {
    expect(standingOf(state({ level: 'partial' }), capabilities, null)).toEqual([]);
  });

  it('lacks everything where it says that it can do nothing', () => {
    expect(standingOf(state({ level: 'partial' }), { methods: [], codecs: [] }, null)).toMatchObject([
      { about: 'REFER', after: '' },
      { about: 'G729', after: '' },
    ]);
  });
});

describe('what begins and what ends', () => {
  const unsupported = one('unsupported', { after: 'Acme P10' });
  const refer = one('capability-mismatch', { about: 'REFER', after: 'INVITE' });
  const gist = (held: object[], standing: object[]): string[] =>
    changeOfStanding(
      held as Parameters<typeof changeOfStanding>[0],
      standing as Parameters<typeof changeOfStanding>[1],
      7,
    ).map(({ at, kind, about, state: become }) => `${at} ${kind} ${about ?? '-'} ${become}`);

  it.each<[string, object[], object[], string[]]>([
    ['nothing', [], [], []],
    ['what did not hold before', [], [unsupported], ['7 unsupported - raised']],
    [
      'not what holds already, whatever its words now',
      [unsupported],
      [{ ...unsupported, after: 'other' }],
      [],
    ],
    ['what holds no more', [unsupported], [], ['7 unsupported - cleared']],
    [
      'each function by itself',
      [refer],
      [{ ...refer, about: 'G729' }],
      ['7 capability-mismatch G729 raised', '7 capability-mismatch REFER cleared'],
    ],
    ['never what follows from something else than the state', [one('gone'), one('duplicate-mac')], [], []],
  ])('%s', (_what, held, standing, expected) => {
    expect(gist(held, standing)).toEqual(expected);
  });

  it('keeps the words of what begins', () => {
    expect(changeOfStanding([], [refer], 7)).toEqual([{ ...refer, at: 7, state: 'raised', cause: null }]);
    expect(cleared(7, 'gone', null)).toEqual({ ...one('gone'), at: 7, state: 'cleared', cause: null });
  });

  it('is of kinds that last', () => {
    for (const kind of STANDING_KINDS) expect([kind, FINDINGS[kind].lasts]).toEqual([kind, true]);
  });
});
