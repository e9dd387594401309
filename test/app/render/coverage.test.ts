import { describe, expect, it } from 'vitest';
import type { SummaryJson } from '../../../src/api/contract/device.ts';
import { coverageLines } from '../../../src/app/render/coverage.ts';
import { silentLines } from '../../../src/app/render/silent.ts';
import { MOST_UNKNOWN, phonesUnknownToPbx } from '../../../src/app/render/unknown-to-pbx.ts';
import type { Device } from '../../../src/model/device.ts';
import { PHONE } from '../../api/site.ts';

const COVERAGE: SummaryJson['coverage'] = {
  known: 57,
  answered: 54,
  share: 54 / 57,
  silent: 3,
  bySource: { 'sip-options': 54 },
  unknownToPbx: null,
  inScope: null,
  possiblyBlocked: null,
};
const at = (n: number) => ({ id: `d${n}`, address: `192.168.10.${n}`, vendor: null, model: null });

describe('coverageLines', () => {
  it('say the one figure, and nothing of what is not known or would be nought', () => {
    expect(coverageLines({ coverage: COVERAGE }, 'en')).toEqual([
      '54 of 57 known phones answered our probe.',
    ]);
    expect(coverageLines({ coverage: { ...COVERAGE, possiblyBlocked: 0 } }, 'nl')).toEqual([
      '54 van 57 bekende toestellen antwoordden op onze vraag.',
    ]);
    expect(coverageLines({ coverage: { ...COVERAGE, known: 0, answered: 0, bySource: {} } }, 'en')).toEqual(
      [],
    );
  });

  it('say all that is known in three lines', () => {
    const coverage = {
      ...COVERAGE,
      inScope: 254,
      possiblyBlocked: 2,
      bySource: { 'sip-options': 54, registrations: 40 },
      unknownToPbx: { unknown: 8, onTheWire: 55 },
    };
    const unknownToPbx = Array.from({ length: 8 }, (_, n) => at(n + 1));
    expect(coverageLines({ coverage, unknownToPbx }, 'en')).toEqual([
      '54 of 57 known phones answered our probe. Addresses in scope: 254. Fell silent after a probe, possibly blocked: 2.',
      'Phones by channel: sip-options 54, registrations 40.',
      'Unknown to the PBX: 8 of 55 phones on the network (192.168.10.1, 192.168.10.2, 192.168.10.3, 192.168.10.4, 192.168.10.5, 192.168.10.6, +2).',
    ]);
    expect(coverageLines({ coverage, unknownToPbx: [] }, 'nl')[2]).toBe(
      'Onbekend bij de telefooncentrale: 8 van 55 toestellen op het netwerk.',
    );
  });

  it('say nothing of the PBX where only it has seen phones', () => {
    const coverage = { ...COVERAGE, unknownToPbx: { unknown: 0, onTheWire: 0 } };
    expect(coverageLines({ coverage }, 'en')).toHaveLength(1);
  });
});

describe('silentLines', () => {
  const silent = (n: number, vendor: string | null, allow: string | null = null) => ({
    device: `d${n}`,
    address: `192.168.10.${n}`,
    vendor,
    allow,
  });

  it('say how to be heard once for each vendor, the most silent phones first', () => {
    const phones = [
      silent(1, null),
      silent(2, 'Acme', 'Switch it off.'),
      silent(3, 'Acme', 'Switch it off.'),
    ];
    expect(silentLines(phones, 'en')).toEqual([
      'Known to be there, silent to us: 2 Acme (192.168.10.2, 192.168.10.3). Switch it off.',
      'Known to be there, silent to us: 1 not identified (192.168.10.1).',
    ]);
  });

  it('count the phones of the vendors beyond the first twenty', () => {
    const phones = Array.from({ length: 25 }, (_, n) => silent(n, `Acme ${n}`));
    const lines = silentLines([...phones, silent(99, 'Acme 24')], 'en');
    expect(lines).toHaveLength(21);
    expect(lines[20]).toBe('Known to be there, silent to us: +5');
  });

  it('show no control character of a vendor’s name', () => {
    expect(silentLines([silent(1, 'Ac\u001bme')], 'en')[0]).toContain('1 Ac\\x1bme (');
  });
});

describe('phonesUnknownToPbx', () => {
  const device = (n: number, channel: string, level = PHONE.verdict.level): Device => ({
    ...PHONE,
    id: `d${n}`,
    verdict: { ...PHONE.verdict, level },
    endpoints: [
      {
        address: `192.168.10.${n}`,
        port: 5060,
        transport: 'udp',
        userAgent: null,
        server: null,
        sipStatus: null,
        solicited: false,
        channels: [channel],
        firstSeen: 0,
        lastSeen: 0,
      },
    ],
  });

  it('are the phones that others than the PBX have seen, and no devices that are no phones', () => {
    const devices = [
      device(1, 'registrations'),
      device(2, 'neighbours'),
      device(3, 'neighbours', 'not-applicable'),
    ];
    expect(phonesUnknownToPbx(devices)).toEqual([
      { id: 'd2', address: '192.168.10.2', vendor: 'Acme', model: 'P10W' },
    ]);
  });

  it('are a hundred at most', () => {
    const devices = Array.from({ length: 150 }, (_, n) => device(n, 'neighbours'));
    expect(phonesUnknownToPbx(devices)).toHaveLength(MOST_UNKNOWN);
  });
});
