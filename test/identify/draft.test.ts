import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRules } from '../../src/app/knowledge.ts';
import { readYaml } from '../../src/document/read-yaml.ts';
import { scalar } from '../../src/document/write-yaml.ts';
import { draftRule, type Draft } from '../../src/identify/draft/draft-rule.ts';
import { draftText } from '../../src/identify/draft/draft-text.ts';
import { redacted } from '../../src/identify/draft/redact.ts';
import { loadRules } from '../../src/identify/load.ts';
import { createMatcher } from '../../src/identify/match.ts';
import { selfTest } from '../../src/identify/self-test.ts';
import { formatFault } from '../../src/model/fault.ts';
import type { Fact } from '../../src/model/fact.ts';

const shipped = readRules(null);
const NOTHING_KNOWN = { vendors: new Set(['Acme']), vendor: null, matching: () => [] };
const named = (value: string): Fact[] => [{ field: 'sip.user_agent', value }];

/** The draft of these facts, as a rule set of its own. */
function load(draft: Draft) {
  const text = draftText(draft, ['a remark']);
  const loaded = loadRules([{ file: 'draft.yaml', text }], {
    vendors: new Set([draft.vendor]),
    kinds: shipped.vocabulary.kinds,
  });
  if (!loaded.ok) throw new Error(`${loaded.fault.map(formatFault).join('\n')}\n${text}`);
  return loaded.value;
}

describe('what a draft leaves out', () => {
  it.each([
    ['Acme 00:15:65:AA:BB:CC x', 'Acme 00:15:65:00:00:00 x', 'the tail of a MAC address'],
    ['Acme 001565aabbcc', 'Acme 001565000000', 'written without separators too'],
    ['Acme sip:john@home.example;x', 'Acme user@example.invalid;x', 'an address of record'],
    ['Acme john.doe@home.example', 'Acme user@example.invalid', 'one without a scheme'],
    ['Acme tel:+31201234567', 'Acme user@example.invalid', 'a telephone number'],
    ['Acme +31612345678', 'Acme +00000000000', 'one without a scheme'],
    ['Acme 316123456789', 'Acme 000000000000', 'one as long as a MAC address'],
    ['Acme "John Doe"', 'Acme "name"', 'a name in quotes'],
    ['Acme S/N: CBT141100HR', 'Acme S/N: 00000000000', 'a serial number'],
    ['Acme P10/8.7.3.201309022318', 'Acme P10/8.7.3.201309022318', 'but no part of a version'],
    ['Acme P10W/1.10 (build 4711)', 'Acme P10W/1.10 (build 4711)', 'and nothing else'],
  ])('%s becomes %s: %s', (text, without) => {
    expect(redacted(text)).toBe(without);
  });

  it('keeps the length that a pattern goes by, and leaves nothing more to take out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(redacted(redacted(text))).toBe(redacted(text));
      }),
    );
  });
});

describe('a drafted rule', () => {
  it.each([
    ['Acme P10W/1.10 00a0b0c0d0e0', { model: 'P10W', firmware: '1.10', mac: '00a0b0c0d0e0' }],
    ['Acme V2.3.4-rc1', { firmware: '2.3.4-rc1' }],
    ['ACME-Box 12_7 (a.b)', {}],
    ['Brekeke "John Doe" X1', { model: 'X1' }],
    ['Acme\u0014 P10 1.1', { model: 'P10', firmware: '1.1' }],
    ['Acme (((', {}],
    ["Acme's 'P10'", { model: 'P10' }],
  ])('of %j knows the text that it was made from', (value, told) => {
    const draft = draftRule(named(value), NOTHING_KNOWN)!;
    const ruleSet = load(draft);

    expect(selfTest(ruleSet).map(formatFault)).toEqual([]);
    const matcher = createMatcher(ruleSet);
    expect(matcher.combine(matcher.match(named(value), true)).identity).toMatchObject(told);
  });

  it('takes the vendor from the vocabulary, else from what is known, else from the text', () => {
    const vendorOf = (value: string, vendor: string | null) =>
      draftRule(named(value), { ...NOTHING_KNOWN, vendor })?.vendor;

    expect(vendorOf('acme P10', null)).toBe('Acme');
    expect(vendorOf('P10/1.1', 'Bolt')).toBe('Bolt');
    expect(vendorOf('Crane P10', null)).toBe('Crane');
    expect(vendorOf('12/1.1', null)).toBe('Unknown');
  });

  it('goes by PnP where no name is sent, and by habits where there is nothing else', () => {
    const pnp = draftRule(
      [
        { field: 'pnp.vendor', value: 'acme' },
        { field: 'pnp.model', value: 'P10' },
      ],
      NOTHING_KNOWN,
    )!;
    expect(pnp).toMatchObject({ vendor: 'Acme', on: ['pnp.model'], also: [{ field: 'pnp.vendor' }] });
    expect(selfTest(load(pnp))).toEqual([]);

    const habits = draftRule(
      [
        { field: 'sip.allow', value: 'INVITE, ACK, BYE' },
        { field: 'sip.supported', value: 'x-acme, replaces' },
      ],
      NOTHING_KNOWN,
    )!;
    expect(habits).toMatchObject({ on: ['sip.allow'], certainty: 0.4 });
    expect(selfTest(load(habits))).toEqual([]);
    expect(draftRule([{ field: 'sip.status', value: '200' }], NOTHING_KNOWN)).toBeNull();
  });

  it('of any text loads, passes its own test, and knows that text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 300 })),
        (value) => {
          const draft = draftRule(named(value), NOTHING_KNOWN);
          if (draft === null) return;
          const ruleSet = load(draft);
          expect(selfTest(ruleSet).map(formatFault)).toEqual([]);
          expect(createMatcher(ruleSet).match(named(value), true)).not.toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of every text that our own rules have for an example passes too', () => {
    const texts = [...shipped.rules.values()]
      .filter(({ on }) => on.includes('sip.user_agent'))
      .flatMap(({ examples }) => examples.map(({ input }) => input));
    expect(texts.length).toBeGreaterThan(300);
    for (const text of texts) {
      const ruleSet = load(
        draftRule(named(text), { ...NOTHING_KNOWN, vendors: shipped.vocabulary.vendors })!,
      );
      expect(selfTest(ruleSet).map(formatFault)).toEqual([]);
      expect(createMatcher(ruleSet).match(named(text), true)).not.toEqual([]);
    }
  });
});

describe('a scalar of YAML', () => {
  it('reads back as exactly the text that was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        const read = readYaml(`a: ${scalar(text)}\n`, 'x.yaml');
        expect(read.ok && read.value.value).toEqual({ a: text });
      }),
      { numRuns: 2000 },
    );
  });
});
