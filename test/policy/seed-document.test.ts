import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { exception, identified, policyOf, row } from './policy-of.ts';

/** The supplier's own words on its support levels, one by one, held against a small policy. */
const deflect = { en: 'No call deflect.', nl: 'Geen call deflect.' };
const policy = policyOf({
  catalogue: [
    { ...row('tested', 'partial', { vendor: 'Snom', model: 'D785' }), caveats: [deflect] },
    row('provisioned', 'full', { vendor: 'Yealink', model: 'T46S' }),
  ],
  exceptions: [exception('no-support', { vendor: 'Polycom', model: 'SoundPoint IP 500' })],
});
const tested = identified({ vendor: 'Snom', model: 'D785' });
const provisioned = identified({ vendor: 'Yealink', model: 'T46S' });
const excepted = identified({ vendor: 'Polycom', model: 'SoundPoint IP 500' });
const others = [
  identified({ vendor: 'Yealink', model: 'T38G' }),
  identified({ vendor: 'Yealink' }),
  identified({ kind: 'other' }),
  identified({}, 0),
];

describe('het document van de leverancier', () => {
  it('"Basic support geldt voor alle SIP toestellen die niet in de andere support-levels vallen"', () => {
    expect(others.map((other) => decide(policy, other))).toMatchObject(
      others.map(() => ({ level: 'basic', clause: null })),
    );
  });

  it('"Voor deze toestellen kan dan ook geen Service Level Agreement (SLA) worden afgesloten"', () => {
    expect(others.map((other) => decide(policy, other).slaEligible)).toEqual(others.map(() => false));
  });

  it('"In speciale gevallen kan het voorkomen dat zelfs Basic-Support niet kan worden afgegeven"', () => {
    expect(decide(policy, excepted)).toMatchObject({
      level: 'unsupported',
      because: { nl: 'no-support.' },
      slaEligible: false,
    });
  });

  it('"Doorverbinden middels de zogenaamde Call-Deflect functie wordt niet ondersteund": waar het beleid het zegt', () => {
    expect(decide(policy, tested).caveats).toEqual([deflect]);
    expect(decide(policy, provisioned).caveats).toEqual([]);
  });

  it('"Partial support betekent dat wij dit type SIP toestel hebben getest"', () => {
    expect(decide(policy, tested)).toMatchObject({ level: 'partial', clause: 'tested', slaEligible: true });
  });

  it('"Full support betekent dat we het toestel volledig ondersteunen inclusief provisioning"', () => {
    expect(decide(policy, provisioned)).toMatchObject({
      level: 'full',
      clause: 'provisioned',
      slaEligible: true,
    });
  });
});
