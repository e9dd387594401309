import { describe, expect, it } from 'vitest';
import { advance, type After, type Before } from '../../src/inventory/advance.ts';
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
});

const kinds = (result: ReturnType<typeof advance>): string[] =>
  result.findings.map((finding) => [finding.kind, finding.before, finding.after].join(' '));

const phone = { vendor: 'Yealink', model: 'T46S', firmware: '66.84.0.15' };
const first = advance(null, after(phone), sighting({ at: 1000 }));

describe('advance', () => {
  it('tells of a new device, and of an unsupported one by name', () => {
    expect(kinds(first)).toEqual(['appeared  Yealink T46S']);
    expect(kinds(advance(null, after(phone, 'unsupported'), sighting()))).toEqual([
      'appeared  Yealink T46S',
      'unsupported  Yealink T46S',
    ]);
  });

  it('is silent about an unchanged device, and moves its last-seen', () => {
    const next = advance(known(first), after(phone), sighting());
    expect(next.findings).toEqual([]);
    expect(next.state).toMatchObject({ firstSeen: 1000, lastSeen: 2000, status: 'present' });
  });

  it('tells of new firmware, and of the level that it brings', () => {
    expect(
      kinds(advance(known(first), after({ ...phone, firmware: '66.86.0.15' }, 'partial'), sighting())),
    ).toEqual(['firmware-changed 66.84.0.15 66.86.0.15', 'level-changed full partial']);
  });

  it('takes a first value for something learnt, not for a change', () => {
    const nameless = advance(null, after({}), sighting());
    expect(advance(known(nameless), after(phone), sighting()).findings).toEqual([]);
  });

  it('tells of a move once, and not of one that is only overheard', () => {
    const moved = sighting({}, '10.0.0.9');
    expect(kinds(advance(known(first), after(phone), moved))).toEqual(['endpoint-moved 10.0.0.1 10.0.0.9']);
    expect(advance(known(first), after(phone), { ...moved, solicited: false }).findings).toEqual([]);
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
