import { describe, expect, it } from 'vitest';
import { selfTest } from '../../src/identify/self-test.ts';
import { formatFault } from '../../src/model/fault.ts';
import { rulesOf } from './rules-of.ts';

const faultsOf = (...texts: string[]): string[] => selfTest(rulesOf(...texts)).map(formatFault);

const file = (more: string): string => `vendor: Acme
rules:
  - id: acme.phone
    on: [sip.user_agent, sip.server]
    pattern: '^Acme (?<model>P\\d+)(?:/(?<firmware>\\d+))?$'
    asserts: { model: '\${model}', firmware: '\${firmware}', kind: desk-phone }
    certainty: 0.9
    source: made up for this test
${more}`;
const right =
  file(`    examples: [{ input: Acme P10, expect: { vendor: Acme, model: P10, firmware: '', kind: desk-phone } }]
    counterExamples: [Acme, Acme Gateway]
`);

describe('the self-test of rules', () => {
  it('has nothing to say of rules that do what their examples say', () => {
    expect(faultsOf(right)).toEqual([]);
  });

  it('wants an example and a counter-example', () => {
    expect(faultsOf(file(''))).toEqual([
      'rules-1.yaml:3:9: "acme.phone" has no example. Add one: { input: …, expect: { … } }.',
      'rules-1.yaml:3:9: "acme.phone" has no counter-example. Add a value that looks alike and must not match.',
    ]);
  });

  it('wants every example to match', () => {
    const wrong = right.replace('input: Acme P10', 'input: Acme 10');
    expect(faultsOf(wrong)).toEqual([
      'rules-1.yaml:9:16: "acme.phone" does not match its example. Compare it with the pattern.',
    ]);
  });

  it('wants every example to give what it expects, and nothing where it expects nothing', () => {
    const wrong = right
      .replace('input: Acme P10', 'input: Acme P20/7')
      .replace('vendor: Acme, model', 'serial: S1, model');
    expect(faultsOf(wrong)).toEqual([
      'rules-1.yaml:9:16: "acme.phone" makes the serial of its example nothing. Expected is "S1".',
      'rules-1.yaml:9:16: "acme.phone" makes the model of its example "P20". Expected is "P10".',
      'rules-1.yaml:9:16: "acme.phone" makes the firmware of its example "7". Expected is nothing.',
    ]);
  });

  it('wants no counter-example to match', () => {
    expect(faultsOf(right.replace('Acme Gateway', 'Acme P1'))).toEqual([
      'rules-1.yaml:10:29: "acme.phone" matches its counter-example. Make the pattern narrower.',
    ]);
  });

  it('wants no rule to match the example of another, in whatever file, unless one refines the other', () => {
    const other = (refines: string): string => `
rules:
  - id: other
    on: sip.user_agent
    pattern: '(?i)^ac'
    asserts: { vendor: Bolt }
    certainty: 0.5
    source: made up for this test
    examples: [{ input: actor, expect: { vendor: Bolt } }]
    counterExamples: [Bolt]
${refines}`;
    expect(faultsOf(right, other(''))).toEqual([
      'rules-1.yaml:9:16: "other" (rules-2.yaml:3) matches this example of "acme.phone" too. Make one of them narrower, or let the more special one refine the other.',
    ]);
    expect(faultsOf(right, other('    refines: acme.phone'))).toEqual([]);
  });

  const beside = `
rules:
  - id: acme.pnp
    on: pnp.model
    also: { pnp.vendor: '^acme$' }
    pattern: '^(?<model>P\\d+)$'
    asserts: { model: '\${model}' }
    certainty: 0.8
    source: made up for this test
    examples: [{ input: P10, also: { pnp.vendor: acme }, expect: { model: P10 } }]
    counterExamples: [OEM]
`;

  it('reads an example together with the other fields that it names', () => {
    expect(faultsOf(beside)).toEqual([]);
    expect(faultsOf(beside.replace('also: { pnp.vendor: acme }, ', ''))).toEqual([
      'rules-1.yaml:10:16: the example of "acme.pnp" does not say what pnp.vendor is. Add also: { pnp.vendor: … }.',
    ]);
    expect(faultsOf(beside.replace('pnp.vendor: acme', 'pnp.vendor: bolt'))).toEqual([
      'rules-1.yaml:10:16: "acme.pnp" does not match its example. Compare it with the pattern.',
    ]);
  });

  it('tries a counter-example in the company of the first example', () => {
    expect(faultsOf(beside.replace('[OEM]', '[P20]'))).toEqual([
      'rules-1.yaml:11:23: "acme.pnp" matches its counter-example. Make the pattern narrower.',
    ]);
  });
});
