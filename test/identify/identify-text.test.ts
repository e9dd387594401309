import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyText } from '../../src/identify/identify-text.ts';
import { createMatcher } from '../../src/identify/match.ts';
import { rulesOf } from './rules-of.ts';

const matcher = createMatcher(
  rulesOf(`
vendor: Acme
rules:
  - id: acme.phone
    on: sip.user_agent
    pattern: '^Acme (?<model>P\\d+)'
    asserts: { model: '\${model}', kind: desk-phone }
    certainty: 0.9
    source: test
`),
);

describe('identifying a User-Agent', () => {
  it('tells who sends it, how sure that is, and which rule says so', () => {
    expect(identifyText(matcher, 'Acme P10/1.10')).toMatchObject({
      identity: { vendor: 'Acme', model: 'P10', kind: 'desk-phone' },
      confidence: 0.9,
      evidence: [{ rule: 'acme.phone' }],
      conflicts: [],
    });
  });

  it('tells nothing of a text that no rule knows, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(identifyText(matcher, `?${text}`)).toEqual({
          identity: {},
          confidence: 0,
          evidence: [],
          conflicts: [],
        });
      }),
    );
  });
});
