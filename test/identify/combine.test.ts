import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine } from '../../src/identify/combine.ts';
import { DEVICE_KINDS, type Evidence, type Identity } from '../../src/model/identity.ts';

const says = (asserts: Partial<Identity>, more: Partial<Evidence> = {}): Evidence => ({
  rule: 'r',
  fact: { field: 'sip.user_agent', value: 'text' },
  asserts,
  certainty: 0.9,
  solicited: true,
  ...more,
});

const CRANE_SELLS_BOLTS = new Map([['Crane', new Set(['Bolt'])]]);

const anyEvidence = fc.array(
  fc.record({
    rule: fc.constantFrom('a', 'b', 'c', 'd'),
    fact: fc.record({
      field: fc.constantFrom('sip.user_agent' as const, 'pnp.model' as const),
      value: fc.constantFrom('x', 'y'),
    }),
    asserts: fc.record(
      {
        vendor: fc.constantFrom('Acme', 'Bolt'),
        family: fc.constantFrom('P', 'Q'),
        model: fc.constantFrom('P10', 'p10', 'P20'),
        firmware: fc.constantFrom('1.1', '1.10'),
        kind: fc.constantFrom(...DEVICE_KINDS.slice(0, 2)),
        mac: fc.constantFrom('001565aabbcc', '001565aabbcd'),
        serial: fc.constantFrom('1', '2'),
      },
      { requiredKeys: [] },
    ),
    certainty: fc.constantFrom(0, 0.3, 0.6, 0.9, 1),
    solicited: fc.boolean(),
  }),
  { maxLength: 6 },
);

describe('all evidence together', () => {
  it('tells nothing when there is none', () => {
    expect(combine([])).toEqual({ identity: {}, confidence: 0, evidence: [], conflicts: [] });
  });

  it('is as sure as its only evidence', () => {
    const only = says({ vendor: 'Acme', model: 'P10' }, { certainty: 0.98 });
    expect(combine([only])).toEqual({
      identity: { vendor: 'Acme', model: 'P10' },
      confidence: 0.98,
      evidence: [only],
      conflicts: [],
    });
  });

  it('is surer where two rules agree, and fills in what only one of them knows', () => {
    const { identity, confidence, conflicts } = combine([
      says({ vendor: 'Acme', model: 'P10' }, { rule: 'ua', certainty: 0.9 }),
      says({ vendor: 'Acme', mac: '001565aabbcc' }, { rule: 'pnp', certainty: 0.8 }),
    ]);
    expect(identity).toEqual({ vendor: 'Acme', model: 'P10', mac: '001565aabbcc' });
    expect(confidence).toBe(0.98);
    expect(conflicts).toEqual([]);
  });

  it('is not surer for being told the same again, on another channel or in another text', () => {
    const once = says({ vendor: 'Acme' });
    const { confidence, evidence } = combine([
      once,
      once,
      { ...once, solicited: false },
      { ...once, fact: { field: 'sip.server', value: 'other text' } },
    ]);
    expect(confidence).toBe(0.9);
    expect(evidence).toHaveLength(2);
  });

  it('decides the vendor first, and hears nothing of another vendor', () => {
    const acme = says({ vendor: 'Acme' }, { rule: 'a', certainty: 0.9 });
    const bolt = says({ vendor: 'Bolt', model: 'B1', firmware: '2' }, { rule: 'b', certainty: 0.6 });
    const free = says({ mac: '001565aabbcc' }, { rule: 'c' });
    const { identity, conflicts, evidence } = combine([bolt, acme, free]);
    expect(identity).toEqual({ vendor: 'Acme', mac: '001565aabbcc' });
    expect(evidence).toEqual([acme, free]);
    expect(conflicts).toEqual([bolt]);
  });

  it('keeps what a loser says of other attributes', () => {
    const userAgent = says({ vendor: 'Acme', model: 'T21P' }, { rule: 'ua', certainty: 0.98 });
    const event = says({ vendor: 'Acme', model: 'T21D', family: 'T' }, { rule: 'pnp', certainty: 0.7 });
    const { identity, conflicts } = combine([event, userAgent]);
    expect(identity).toEqual({ vendor: 'Acme', model: 'T21P', family: 'T' });
    expect(conflicts).toEqual([event]);
  });

  it('leaves the winner its share of the two weights in a conflict about vendor or model, and about nothing else', () => {
    const about = (attribute: keyof Identity): number =>
      combine([
        says({ vendor: 'Acme', [attribute]: 'Acme' }, { rule: 'a', certainty: 0.6 }),
        says({ [attribute]: 'Bolt' }, { rule: 'b', certainty: 0.4 }),
      ]).confidence;
    expect(about('vendor')).toBe(0.36);
    expect(about('model')).toBe(0.36);
    expect(about('firmware')).toBe(0.6);
  });

  it('measures a conflict by its strongest side: many weak voices do not add up', () => {
    const crowd = ['B', 'C', 'D', 'E'].map((vendor) => says({ vendor }, { rule: vendor, certainty: 0.4 }));
    expect(combine([says({ vendor: 'Acme' }, { certainty: 0.6 }), ...crowd]).confidence).toBe(0.36);
  });

  it('believes what answered our probe, however sure what was only overheard sounds', () => {
    const answered = says({ vendor: 'Acme' }, { rule: 'weak', certainty: 0.5 });
    const overheard = says(
      { vendor: 'Bolt', model: 'B1' },
      { rule: 'strong', certainty: 1, solicited: false },
    );
    expect(combine([overheard, answered])).toMatchObject({
      identity: { vendor: 'Acme' },
      conflicts: [overheard],
    });
  });

  it('lets what was overheard decide where the answer to our probe gives no more than a hint', () => {
    const hint = says({ vendor: 'Acme' }, { rule: 'weak', certainty: 0.4 });
    const overheard = says({ vendor: 'Bolt', model: 'B1' }, { rule: 'strong', solicited: false });

    expect(combine([overheard, hint])).toMatchObject({
      identity: { vendor: 'Bolt', model: 'B1' },
      conflicts: [hint],
    });
  });

  it('lets what was overheard fill gaps and agree', () => {
    const { identity, confidence } = combine([
      says({ vendor: 'Acme' }, { rule: 'ua', certainty: 0.9 }),
      says({ vendor: 'Acme', mac: '001565aabbcc' }, { rule: 'pnp', certainty: 0.5, solicited: false }),
    ]);
    expect(identity).toEqual({ vendor: 'Acme', mac: '001565aabbcc' });
    expect(confidence).toBe(0.95);
  });

  it('takes models for one when only capitals differ, and writes it as the surest rule does', () => {
    const { identity, conflicts } = combine([
      says({ vendor: 'Acme', model: 't46s' }, { rule: 'pnp', certainty: 0.7 }),
      says({ vendor: 'Acme', model: 'T46S' }, { rule: 'ua', certainty: 0.9 }),
    ]);
    expect(identity.model).toBe('T46S');
    expect(conflicts).toEqual([]);
  });

  it('breaks a tie by the order of the texts', () => {
    const tie = [says({ vendor: 'Bolt' }, { rule: 'a' }), says({ vendor: 'Acme' }, { rule: 'b' })];
    expect(combine(tie).identity.vendor).toBe('Acme');
  });

  it('is as sure as of the kind where no vendor is known, and not sure at all where neither is', () => {
    expect(combine([says({ kind: 'pbx' }, { certainty: 0.7 })]).confidence).toBe(0.7);
    expect(combine([says({ mac: '001565aabbcc' })]).confidence).toBe(0);
    expect(
      combine([says({ kind: 'pbx' }, { rule: 'a', certainty: 0.7 }), says({}, { rule: 'b' })]).confidence,
    ).toBe(0.7);
  });

  it('means the same in any order', () => {
    fc.assert(
      fc.property(
        anyEvidence.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(combine(shuffled)).toEqual(combine(all));
        },
      ),
    );
  });

  it('does not change when everything is heard twice', () => {
    fc.assert(
      fc.property(anyEvidence, (all) => {
        expect(combine([...all, ...all])).toEqual(combine(all));
      }),
    );
  });

  it('says only what some evidence says, loses none of it, and is between impossible and certain', () => {
    fc.assert(
      fc.property(anyEvidence, (all) => {
        const { identity, confidence, evidence, conflicts } = combine(all);
        for (const [attribute, value] of Object.entries(identity))
          expect(all.some((item) => item.asserts[attribute as keyof Identity] === value)).toBe(true);
        for (const item of all)
          expect([...evidence, ...conflicts]).toContainEqual({
            ...item,
            solicited: expect.any(Boolean) as boolean,
          });
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps a hint as evidence and gives no answer by it, until several together make one', () => {
    const hint = (rule: string) => says({ vendor: 'Acme' }, { rule, certainty: 0.4 });

    expect(combine([hint('one')])).toMatchObject({
      identity: {},
      confidence: 0,
      evidence: [{ rule: 'one' }],
    });
    expect(combine([hint('one'), says({ model: 'P10' }, { rule: 'x' })])).toMatchObject({
      identity: { model: 'P10' },
      conflicts: [],
    });
    expect(combine([hint('one'), hint('two')])).toMatchObject({
      identity: { vendor: 'Acme' },
      confidence: 0.64,
    });
  });

  it('takes `other` for a kind only where nobody knows better, and never for a conflict', () => {
    const unsure = says({ kind: 'other' }, { rule: 'unsure', certainty: 0.95 });
    const sure = says({ kind: 'ata' }, { rule: 'sure', certainty: 0.5 });

    expect(combine([unsure, says({ vendor: 'Acme' })]).identity.kind).toBe('other');
    expect(combine([unsure, sure])).toMatchObject({ identity: { kind: 'ata' }, conflicts: [] });
  });
});

describe('a white label', () => {
  const brand = says({ vendor: 'Crane', model: 'C1' }, { rule: 'ua', certainty: 0.9 });
  const maker = says({ vendor: 'Bolt', model: 'B7', mac: '001565aabbcc' }, { rule: 'pnp', certainty: 0.9 });

  it('is no conflict: the brand is heard, and the maker adds what is not a name', () => {
    expect(combine([maker, brand], CRANE_SELLS_BOLTS)).toMatchObject({
      identity: { vendor: 'Crane', model: 'C1', mac: '001565aabbcc' },
      confidence: 0.9,
      evidence: [maker, brand],
      conflicts: [],
    });
    const more = says({ vendor: 'Bolt' }, { rule: 'prefix', certainty: 0.6 });
    expect(combine([maker, brand, more], CRANE_SELLS_BOLTS).identity.vendor).toBe('Crane');
  });

  it('needs one word for the brand that is as sure as the surest for the maker', () => {
    const prefix = says({ vendor: 'Crane' }, { rule: 'prefix', certainty: 0.5 });

    expect(combine([maker, prefix], CRANE_SELLS_BOLTS)).toMatchObject({
      identity: { vendor: 'Bolt' },
      conflicts: [prefix],
    });
  });

  it('is a conflict where it is not known', () => {
    expect(combine([maker, brand]).conflicts).toHaveLength(1);
  });

  it('needs the brand to be heard, and a third vendor is a rival of both', () => {
    expect(combine([maker], CRANE_SELLS_BOLTS).identity.vendor).toBe('Bolt');
    const third = says({ vendor: 'Acme' }, { rule: 'third', certainty: 0.99 });
    expect(combine([maker, brand, third], CRANE_SELLS_BOLTS)).toMatchObject({
      identity: { vendor: 'Acme' },
      conflicts: [maker, brand],
    });
  });

  it('of which only the maker answered our own probe stays the maker’s', () => {
    const overheard = { ...brand, solicited: false };
    expect(combine([maker, overheard], CRANE_SELLS_BOLTS)).toMatchObject({
      identity: { vendor: 'Bolt' },
      conflicts: [overheard],
    });
  });

  it('does not depend on the order of evidence', () => {
    fc.assert(
      fc.property(
        anyEvidence.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const makers = new Map([['Acme', new Set(['Bolt'])]]);
          expect(combine(shuffled, makers)).toEqual(combine(all, makers));
        },
      ),
    );
  });
});
