import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import type { Identity } from '../../src/model/identity.ts';
import { identifiersIn } from '../../src/resolve/identifiers.ts';

const UUID = '8026eeb2-3f25-00c2-ae1a-53308daaaf65';
const instance = (value: string): Fact => ({ field: 'sip.instance', value });
const usn = (value: string): Fact => ({ field: 'ssdp.usn', value });

const names = (facts: Fact[], identity: Partial<Identity> = {}): string[] =>
  identifiersIn(facts, identity).map(({ kind, value }) => `${kind} ${value}`);

describe('by what a speaker is known again', () => {
  it.each<[string, Fact[], Partial<Identity>, string[]]>([
    ['a MAC address', [], { mac: '001565aabbcc' }, ['mac 001565aabbcc']],
    ['a serial number beside its vendor', [], { vendor: 'Acme', serial: 'A-1' }, ['serial Acme A-1']],
    ['no serial number of nobody knows whom', [], { serial: 'A-1' }, []],
    [
      'a SIP instance, in small letters',
      [instance(`"<urn:uuid:${UUID.toUpperCase()}>"`)],
      {},
      [`instance "<urn:uuid:${UUID}>"`],
    ],
    ['a UPnP name', [usn(`uuid:${UUID}`)], {}, [`usn uuid:${UUID}`]],
    ['neither vendor nor model', [], { vendor: 'Acme', model: 'P10', firmware: '1', kind: 'desk-phone' }, []],
    [
      'no other fact',
      [
        { field: 'sip.to_tag', value: UUID },
        { field: 'sip.user_agent', value: 'Acme' },
      ],
      {},
      [],
    ],
    ['nothing where nothing is said', [], {}, []],
  ])('%s', (_what, facts, identity, expected) => expect(names(facts, identity)).toEqual(expected));

  it('has the surest first', () => {
    const all = { mac: '001565aabbcc', vendor: 'Acme', serial: '1' };
    expect(identifiersIn([usn(`uuid:${UUID}`), instance(UUID)], all).map(({ kind }) => kind)).toEqual([
      'mac',
      'serial',
      'instance',
      'usn',
    ]);
  });

  it.each([
    '"<urn:uuid:00000000-0000-0000-0000-000000000000>"',
    'uuid:00000000-0000-0000-0000-000000000000',
    '11111111-1111-1111-1111-111111111111',
    'uuid:FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  ])('is not the placeholder %s', (value) => {
    expect(names([instance(value), usn(value)])).toEqual([]);
  });

  it.each([
    'uuid:00000000-0000-0000-0000-000000000001',
    `urn:uuid:${UUID}`,
    '<urn:uuid:10000000-0000-1000-8000-001565AABBCC>',
  ])('is the name %s', (value) =>
    expect(names([instance(value)])).toEqual([`instance ${value.toLowerCase()}`]),
  );

  it('is not held up by a hostile name', () => {
    for (const value of [
      '0'.repeat(8000),
      `${'urn'.repeat(2700)}!`,
      `${'uuid'.repeat(2000)}0${'-'.repeat(100)}x`,
    ]) {
      const began = performance.now();
      names([instance(value)]);
      expect(performance.now() - began).toBeLessThan(200);
    }
  });
});
