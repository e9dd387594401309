import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher, REMEMBERED_VALUES } from '../../src/identify/match.ts';
import type { Fact, Field } from '../../src/model/fact.ts';
import { MAX_FIELD_LENGTH } from '../../src/model/text.ts';
import { rulesOf } from './rules-of.ts';

const RULES = `
vendor: Acme
rules:
  - id: acme.phone
    on: [sip.user_agent, sip.server]
    pattern: '(?i)^Acme (?<model>[PQ]\\d+(?:_E\\d)?)(?:/(?<firmware>\\d+(?:\\.\\d+)*))?(?: (?<mac>[0-9a-f:]+))?$'
    asserts: { family: P series, model: 'Phone \${model}', firmware: '\${firmware}', kind: '\${model}', mac: '\${mac}' }
    rewrite:
      model: [['_', ' '], ['(\\d)$', '$1!']]
      kind: [['^P.*$', desk-phone], ['^Q[1-8].*$', ata]]
    certainty: 0.9
    refines: acme.line
    source: test
  - id: acme.line
    on: sip.user_agent
    pattern: '^Acme [A-Z]'
    asserts: { family: phones }
    certainty: 0.6
    refines: acme.any
    source: test
  - { id: acme.any, on: sip.user_agent, pattern: '^Acme', asserts: { kind: other }, certainty: 0.5, source: test }
  - { id: acme.oem, on: sip.user_agent, pattern: '^OEM$', asserts: {}, certainty: 1, source: test }
  - id: acme.pnp
    on: pnp.model
    also: { pnp.vendor: '(?i)^acme(?<serial>\\d*)$' }
    pattern: '^(?<model>P\\d+)$'
    asserts: { model: '\${model}', serial: '\${serial}' }
    certainty: 0.8
    source: test
  - id: brand
    on: sip.realm
    pattern: '^(?<brand>.+)$'
    asserts: { vendor: '\${brand}' }
    rewrite: { vendor: [['^bolt$', Bolt]] }
    certainty: 0.7
    source: test
`;
const matcher = createMatcher(rulesOf(RULES));
const heard = (field: Field, value: string, ...more: Fact[]) =>
  matcher.match([{ field, value }, ...more], true);
const assertedOf = (field: Field, value: string, ...more: Fact[]) =>
  heard(field, value, ...more).map(({ rule, asserts }) => ({ rule, ...asserts }));

describe('matching', () => {
  it('makes evidence of a fact: rule, fact, what it asserts, how sure it is, and whether we asked', () => {
    const fact: Fact = { field: 'sip.server', value: 'ACME P10_E2/1.10 00:15:65:AA:BB:CC' };
    expect(matcher.match([fact], false)).toEqual([
      {
        rule: 'acme.phone',
        fact,
        asserts: {
          vendor: 'Acme',
          family: 'P series',
          model: 'Phone P10 E2!',
          firmware: '1.10',
          kind: 'desk-phone',
          mac: '001565aabbcc',
        },
        certainty: 0.9,
        solicited: false,
      },
    ]);
  });

  it('asserts nothing of a template whose group took no part, and no MAC that is none', () => {
    expect(assertedOf('sip.server', 'Acme P10 00:15')).toEqual([
      { rule: 'acme.phone', vendor: 'Acme', family: 'P series', model: 'Phone P10!', kind: 'desk-phone' },
    ]);
  });

  it('asserts no kind and no vendor that the vocabulary does not spell', () => {
    expect(heard('sip.server', 'Acme Q9')[0]?.asserts).not.toHaveProperty('kind');
    expect(assertedOf('sip.realm', 'bolt')).toEqual([{ rule: 'brand', vendor: 'Bolt' }]);
    expect(assertedOf('sip.realm', 'asterisk')).toEqual([{ rule: 'brand' }]);
  });

  it('lets a rule silence all that it refines, directly or by way of others', () => {
    expect(assertedOf('sip.user_agent', 'Acme P10').map(({ rule }) => rule)).toEqual(['acme.phone']);
    expect(assertedOf('sip.user_agent', 'Acme X').map(({ rule }) => rule)).toEqual(['acme.line']);
    expect(assertedOf('sip.user_agent', 'Acme').map(({ rule }) => rule)).toEqual(['acme.any']);
  });

  it('keeps as evidence that a text is too general, and asserts not even the vendor', () => {
    expect(assertedOf('sip.user_agent', 'OEM')).toEqual([{ rule: 'acme.oem' }]);
  });

  it('shows every rule that was tried, what came of it, and which one silenced which', () => {
    const [trials] = matcher.trials([{ field: 'sip.user_agent', value: 'Acme P10' }]);
    expect(trials?.trials.map(({ rule, outcome, by }) => [rule.id, outcome, by?.id])).toEqual([
      ['acme.phone', 'matched', undefined],
      ['acme.line', 'silenced', 'acme.phone'],
      ['acme.any', 'silenced', 'acme.phone'],
    ]);
    const [other] = matcher.trials([{ field: 'sip.user_agent', value: 'Acme x' }]);
    expect(other?.trials.map(({ rule, outcome, asserts }) => [rule.id, outcome, asserts])).toEqual([
      ['acme.line', 'not-matched', {}],
      ['acme.any', 'matched', { vendor: 'Acme', kind: 'other' }],
    ]);
    expect(matcher.trials([{ field: 'sip.user_agent', value: 'Nobody' }])[0]?.trials).toEqual([]);
  });

  it('reads only the fields that a rule is on', () => {
    expect(heard('sip.server', 'Acme X')).toEqual([]);
    expect(heard('sip.contact', 'Acme P10')).toEqual([]);
  });

  it('wants the other fields of a rule too, and takes groups from them', () => {
    const model: Fact = { field: 'pnp.model', value: 'P10' };
    const vendor: Fact = { field: 'pnp.vendor', value: 'ACME77' };
    const expected = [{ rule: 'acme.pnp', vendor: 'Acme', model: 'P10', serial: '77' }];
    expect(assertedOf('pnp.model', 'P10')).toEqual([]);
    expect(assertedOf('pnp.model', 'P10', { field: 'pnp.vendor', value: 'Bolt' })).toEqual([]);
    expect(assertedOf('pnp.model', 'P10', vendor)).toEqual(expected);
    expect(matcher.match([vendor, model], true)).toEqual(matcher.match([model, vendor], true));
  });

  it('takes the same of several values of another field, in whatever order they came', () => {
    const vendors = ['acme9', 'Bolt', 'acme5'].map((value): Fact => ({ field: 'pnp.vendor', value }));
    for (const facts of [vendors, vendors.toReversed()])
      expect(assertedOf('pnp.model', 'P10', ...facts)).toMatchObject([{ serial: '5' }]);
  });

  it('reads no more of a value than is kept of it', () => {
    const [evidence] = heard('sip.user_agent', `Acme ${'x'.repeat(5000)}`);
    expect(evidence?.fact.value).toHaveLength(MAX_FIELD_LENGTH);
  });

  it('takes no text as long as a sentence for a model', () => {
    expect(heard('sip.server', `Acme P${'1'.repeat(128)}`)[0]?.asserts).not.toHaveProperty('model');
    expect(heard('sip.server', `Acme P1/${'1'.repeat(129)}`)[0]?.asserts).not.toHaveProperty('firmware');
    expect(heard('sip.server', `Acme P1/${'1'.repeat(128)}`)[0]?.asserts.firmware).toHaveLength(128);
  });

  it('says the same of a value that it has seen before, has forgotten, or hears from others', () => {
    const first = heard('sip.user_agent', 'Acme P10/1.0');
    expect(heard('sip.user_agent', 'Acme P10/1.0')).toEqual(first);
    for (let i = 0; i < 2 * REMEMBERED_VALUES; i++) heard('sip.user_agent', `Acme P${i}`);
    expect(heard('sip.user_agent', 'Acme P10/1.0')).toEqual(first);
    expect(
      matcher.match(
        first.map(({ fact }) => fact),
        false,
      ),
    ).toEqual(first.map((item) => ({ ...item, solicited: false })));
  });

  it('never throws, whatever was sent', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.string({
        unit: fc.constantFrom(
          'Acme ',
          'P1',
          '/',
          '1.',
          '\u0000',
          '\ud800',
          '\udfff',
          '<b>',
          '\u001b[31m',
          ':',
          'a',
          '_E2',
          ' ',
        ),
      }),
    );
    const field = fc.constantFrom<Field>(
      'sip.user_agent',
      'sip.server',
      'sip.realm',
      'pnp.model',
      'pnp.vendor',
    );
    fc.assert(
      fc.property(fc.array(fc.record({ field, value: text }), { maxLength: 4 }), (facts) => {
        for (const { asserts, fact } of matcher.match(facts, false)) {
          expect(fact.value.length).toBeLessThanOrEqual(MAX_FIELD_LENGTH);
          for (const value of Object.values(asserts)) expect(value.length).toBeLessThanOrEqual(128);
        }
      }),
    );
  });

  it('hears the same in whatever order the facts come', () => {
    const fact = fc.constantFrom<Fact>(
      { field: 'sip.user_agent', value: 'Acme P10' },
      { field: 'sip.user_agent', value: 'OEM' },
      { field: 'sip.server', value: 'Acme Q1' },
      { field: 'pnp.vendor', value: 'acme1' },
      { field: 'pnp.vendor', value: 'acme2' },
      { field: 'pnp.model', value: 'P10' },
    );
    const shuffled = fc
      .array(fact)
      .chain((facts) =>
        fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
      );
    fc.assert(
      fc.property(shuffled, ([facts, others]) => {
        const sorted = (heardFacts: readonly Fact[]): string[] =>
          matcher
            .match(heardFacts, true)
            .map((item) => JSON.stringify(item))
            .sort();
        expect(sorted(others)).toEqual(sorted(facts));
      }),
    );
  });
});
