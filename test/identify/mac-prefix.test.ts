import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../src/identify/match.ts';
import { faultsOf, rulesOf } from './rules-of.ts';

const RULES = [
  `
rules:
  - id: any.mac
    on: pnp.mac
    pattern: '^(?<mac>[0-9a-f]{12})$'
    asserts: { mac: '\${mac}' }
    certainty: 0.95
    source: test
  - id: acme.name
    on: sip.user_agent
    pattern: '^Acme$'
    asserts: { vendor: Acme }
    certainty: 0.9
    source: test
`,
  `
vendor: Acme
macPrefixes:
  - { prefixes: ['001565', 0015661], certainty: 0.6, source: IEEE }
`,
  `
vendor: Bolt
macPrefixes:
  - { prefixes: ['001566', '0015651', 001565AAB], certainty: 0.5, source: IEEE }
`,
];
const matcher = createMatcher(rulesOf(...RULES));
const heard = (mac: string) => matcher.match([{ field: 'pnp.mac', value: mac }], true);

describe('the prefix of a MAC address', () => {
  it('names the vendor, beside the rule that read the address', () => {
    expect(heard('001565ffffff')).toMatchObject([
      { rule: 'any.mac', asserts: { mac: '001565ffffff' }, certainty: 0.95 },
      { rule: 'mac-prefix.001565', asserts: { vendor: 'Acme' }, certainty: 0.6, solicited: true },
    ]);
  });

  it.each([
    ['001565aab123', 'Bolt'], // 36 bits before 24
    ['001565100000', 'Bolt'], // 28 bits before 24
    ['001566100000', 'Acme'], // 28 bits before 24
    ['001566200000', 'Bolt'], // the parent for the rest
    ['00156a000000', undefined], // nobody’s
  ])('of %s is that of %s', (mac, vendor) => {
    expect(matcher.combine(heard(mac)).identity.vendor).toBe(vendor);
  });

  it('makes surer where it agrees, and is a conflict where it does not', () => {
    const withName = (mac: string) =>
      matcher.combine([...heard(mac), ...matcher.match([{ field: 'sip.user_agent', value: 'Acme' }], true)]);

    expect(withName('001565ffffff')).toMatchObject({ confidence: 0.96, conflicts: [] });
    expect(withName('001566ffffff')).toMatchObject({
      identity: { vendor: 'Acme', mac: '001566ffffff' },
      conflicts: [{ rule: 'mac-prefix.001566' }],
    });
    expect(withName('001566ffffff').confidence).toBeLessThan(0.9);
  });

  it('is refused where it is none, stands twice, or belongs to nobody', () => {
    expect(
      faultsOf(
        'vendor: Acme\nmacPrefixes: [{ prefixes: [00:15:65, 00156], certainty: 1, source: s }]\n',
        'macPrefixes: [{ prefixes: [001565], certainty: 1, source: s }]\n',
      ),
    ).toEqual([
      'rules-1.yaml:2:28: "00:15:65" is no MAC prefix. Write 6 to 11 hex digits without separators: 24 bits, or 28 and 36 for the small blocks.',
      'rules-1.yaml:2:38: "00156" is no MAC prefix. Write 6 to 11 hex digits without separators: 24 bits, or 28 and 36 for the small blocks.',
      'rules-2.yaml:1:1: "macPrefixes" says nothing without a vendor. Name the vendor at the top of the file.',
    ]);
    expect(
      faultsOf(
        'vendor: Acme\nmacPrefixes: [{ prefixes: [00156A], certainty: 1, source: s }]\n',
        'vendor: Bolt\nmacPrefixes: [{ prefixes: [00156a], certainty: 1, source: s }]\n',
      ),
    ).toEqual([
      'rules-2.yaml:2:28: the prefix 00156a stands in rules-1.yaml:2 too (Acme). Keep one; what only some addresses of a prefix have is written with more digits.',
    ]);
  });
});
