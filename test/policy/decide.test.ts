import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { exception, identified, platformFirst, policyOf, row } from './policy-of.ts';

const t46s = { vendor: 'Yealink', model: 'T46S', kind: 'desk-phone' } as const;

describe('which clause decides', () => {
  const byVendor = row('by-vendor', 'basic', { vendor: 'Yealink' });
  const byKind = row('by-kind', 'partial', { vendor: 'Yealink', kind: 'desk-phone' });
  const byPattern = row('by-pattern', 'full', { vendor: 'Yealink', modelPattern: 'T4.S' });
  const byModel = row('by-model', 'partial', { vendor: 'Yealink', model: 'T46S' });
  const byFirmware = row('by-firmware', 'full', { vendor: 'Yealink', model: 'T46S', firmwareFrom: '66.84' });
  const heard = identified({ ...t46s, firmware: '66.86.0.15' });

  it.each([
    ['kind beats vendor', [byVendor, byKind], 'by-kind'],
    ['a pattern beats a kind', [byKind, byPattern], 'by-pattern'],
    ['an exact model beats a pattern', [byPattern, byModel], 'by-model'],
    ['a further condition beats none', [byModel, byFirmware], 'by-firmware'],
    ['the most specific of all', [byKind, byFirmware, byVendor, byModel, byPattern], 'by-firmware'],
  ])('%s, in whatever order they stand', (_title, catalogue, clause) => {
    expect(decide(policyOf({ catalogue }), heard).clause).toBe(clause);
    expect(decide(policyOf({ catalogue: catalogue.toReversed() }), heard).clause).toBe(clause);
  });

  it('an exception for a whole vendor beats a row for the exact model', () => {
    const exceptions = [exception('no-yealink', { vendor: 'Yealink', kind: 'desk-phone' })];
    const other = { ...byModel, examples: [{ vendor: 'Yealink', model: 'T46S' }] };

    expect(decide(policyOf({ catalogue: [other], exceptions }), heard)).toEqual({
      level: 'unsupported',
      clause: 'no-yealink',
      because: { en: 'no-yealink.', nl: 'no-yealink.' },
      caveats: [],
      slaEligible: false,
    });
  });

  it('a pattern is about the whole model name', () => {
    const policy = policyOf({ catalogue: [byPattern] });

    expect(decide(policy, identified({ vendor: 'Yealink', model: 'T46S' })).clause).toBe('by-pattern');
    expect(decide(policy, identified({ vendor: 'Yealink', model: 'T46SW' })).clause).toBeNull();
    expect(decide(policy, identified({ vendor: 'Yealink', model: 'VP-T46S' })).clause).toBeNull();
  });

  it('a model of the same name from another vendor is another model', () => {
    expect(
      decide(policyOf({ catalogue: [byModel] }), identified({ ...t46s, vendor: 'Snom' })).clause,
    ).toBeNull();
  });

  it('a family is known by its exact name', () => {
    const policy = policyOf({ catalogue: [row('family', 'full', { vendor: 'Yealink', family: 'T4S' })] });

    expect(decide(policy, identified({ ...t46s, family: 'T4S' })).level).toBe('full');
    expect(decide(policy, identified({ ...t46s, family: 'T4U' })).level).toBe('basic');
  });

  it('a kind alone decides for every vendor, and for none', () => {
    const policy = policyOf({ catalogue: [byModel, row('doors', 'partial', { kind: 'door-intercom' })] });

    for (const vendor of [{ vendor: 'Yealink' }, { vendor: 'Axis' }, {}])
      expect(decide(policy, identified({ ...vendor, kind: 'door-intercom' })).clause).toBe('doors');
  });

  it('a tie that no example shows goes to the lower level', () => {
    const catalogue = [
      {
        ...row('t4', 'full', { vendor: 'Yealink', modelPattern: 'T4.*' }),
        examples: [{ vendor: 'Yealink', model: 'T42G' }],
      },
      {
        ...row('s', 'partial', { vendor: 'Yealink', modelPattern: '.*S' }),
        examples: [{ vendor: 'Yealink', model: 'T33S' }],
      },
    ];

    expect(decide(policyOf({ catalogue }), heard).clause).toBe('s');
    expect(decide(policyOf({ catalogue: catalogue.toReversed() }), heard).clause).toBe('s');
  });
});

describe('firmware', () => {
  const catalogue = [
    row('t46s', 'full', {
      vendor: 'Yealink',
      model: 'T46S',
      firmwareFrom: '66.84.0.15',
      firmwareBelow: '66.87',
    }),
  ];
  const policy = policyOf({ catalogue, firmware: platformFirst('Yealink') });
  const decided = (firmware?: string) =>
    decide(policy, identified(firmware === undefined ? t46s : { ...t46s, firmware }));

  it('holds from the first bound on and before the second', () => {
    expect(decided('66.84.0.15').level).toBe('full');
    expect(decided('66.86.0.180').level).toBe('full');
    expect(decided('66.84.0.14').level).toBe('basic');
    expect(decided('66.87.0.0').level).toBe('basic');
  });

  it.each([
    ['unknown', undefined, 'Firmware unknown', 'Firmware onbekend'],
    ['text without an order', 'latest', 'Firmware cannot be compared', 'Firmware niet te vergelijken'],
    ['of another platform', '28.85.0.1', 'Firmware cannot be compared', 'Firmware niet te vergelijken'],
    ['too old', '66.70.0.1', 'Firmware does not qualify', 'Firmware voldoet niet'],
  ])('%s: the row does not hold, and the verdict says what it is for', (_title, firmware, en, nl) => {
    expect(decided(firmware)).toMatchObject({
      level: 'basic',
      clause: null,
      because: {
        en: `By default. ${en}; the row "t46s" (full) is for firmware from 66.84.0.15, before 66.87.`,
        nl: `Standaard. ${nl}; de regel "t46s" (full) geldt voor firmware vanaf 66.84.0.15, vóór 66.87.`,
      },
    });
  });

  it('compares the first number like the others where it names no platform', () => {
    const plain = policyOf({
      catalogue: [row('d785', 'full', { vendor: 'Snom', model: 'D785', firmwareFrom: '8.9' })],
    });

    expect(decide(plain, identified({ vendor: 'Snom', model: 'D785', firmware: '10.1.33.33' })).level).toBe(
      'full',
    );
  });

  it('names an exception that could not be judged beside the row that decides', () => {
    const old = exception('old', { vendor: 'Yealink', kind: 'desk-phone', firmwareBelow: '66.80' });
    const exceptions = [
      { ...old, examples: [{ vendor: 'Yealink', kind: 'desk-phone' as const, firmware: '66.1' }] },
    ];
    const any = policyOf({ catalogue: [row('any', 'partial', { vendor: 'Yealink' })], exceptions });

    expect(decide(any, identified(t46s)).because.en).toBe(
      'any. Firmware unknown; the row "old" (unsupported) is for firmware before 66.80.',
    );
    expect(decide(any, identified({ ...t46s, firmware: '66.86' })).because.en).toBe('any.');
  });
});

describe('what is not known', () => {
  const policy = policyOf({
    catalogue: [row('sure', 'full', { vendor: 'Yealink', model: 'T46S', minConfidence: 0.8 })],
  });

  it('a phone that is not identified is basic, and said not to be identified', () => {
    expect(decide(policy, identified({}, 0))).toEqual({
      level: 'basic',
      clause: null,
      because: {
        en: 'By default. Not identified: it answers SIP, but who made it is not known.',
        nl: 'Standaard. Niet herkend: het spreekt SIP, maar het merk is niet bekend.',
      },
      caveats: [],
      slaEligible: false,
    });
  });

  it('a phone whose model is not known is basic, and said to have no known model', () => {
    expect(decide(policy, identified({ vendor: 'Yealink' })).because.en).toBe(
      'By default. Its model is not known.',
    );
  });

  it('an identification that is less certain than the row asks for gives no better level', () => {
    expect(decide(policy, identified(t46s, 0.8)).level).toBe('full');
    expect(decide(policy, identified(t46s, 0.79))).toMatchObject({
      level: 'basic',
      because: {
        en: 'By default. Identification not certain enough; the row "sure" (full) is for a confidence of 0.8 or more.',
      },
    });
  });
});

describe('what is no phone', () => {
  const policy = policyOf({
    catalogue: [
      row('all-of-cisco', 'partial', { vendor: 'Cisco' }),
      row('fritzbox', 'partial', { vendor: 'AVM', model: 'FRITZ!Box 7430' }),
      row('isdn', 'basic', { vendor: 'LANCOM', kind: 'gateway' }),
    ],
  });

  it.each(['pbx', 'proxy', 'scanner', 'gateway'] as const)('a %s has no level', (kind) => {
    expect(decide(policy, identified({ vendor: 'Cisco', kind }))).toMatchObject({
      level: 'not-applicable',
      clause: null,
      slaEligible: false,
    });
    expect(decide(policy, identified({ kind })).level).toBe('not-applicable');
  });

  it('a gateway that a row names by model or kind has the level of that row', () => {
    const fritzbox = { vendor: 'AVM', model: 'FRITZ!Box 7430', kind: 'gateway' } as const;

    expect(decide(policy, identified(fritzbox)).clause).toBe('fritzbox');
    expect(decide(policy, identified({ vendor: 'LANCOM', kind: 'gateway' })).clause).toBe('isdn');
  });
});
