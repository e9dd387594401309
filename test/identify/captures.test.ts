import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadMatcher } from '../../src/app/knowledge.ts';
import { factsOf as factsOfAnswer } from '../../src/channels/sip-options/facts.ts';
import { factsOf as factsOfRequest, isPnpSubscribe } from '../../src/channels/sip-pnp/facts.ts';
import type { Fact } from '../../src/model/fact.ts';
import type { Identification } from '../../src/model/identity.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';

const FOLDER = 'test/captures/sip';
const matcher = loadMatcher(null);
const NAMES = new Set(['sip.user_agent', 'sip.server', 'pnp.vendor', 'pnp.model']);

const identify = (facts: readonly Fact[]): Identification => matcher.combine(matcher.match(facts, true));
const shown = ({ identity, conflicts }: Identification): string =>
  [
    ...Object.entries(identity).map(([attribute, value]) => `${attribute} ${value}`),
    ...conflicts.map(({ rule }) => `CONFLICT ${rule}`),
  ].join(', ') || 'nothing';

/** Answers and PnP requests from life: what they say with all that they sent, and with their names taken out. */
const lines = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .flatMap((name) => {
    const message = parseSip(readFileSync(`${FOLDER}/${name}`));
    if (!message.ok) return [];
    const heard = message.value;
    if ('method' in heard && !isPnpSubscribe(heard)) return [];
    const facts = 'method' in heard ? factsOfRequest(heard) : factsOfAnswer(heard);
    const nameless = facts.filter(({ field }) => !NAMES.has(field));
    return [name, `  ${shown(identify(facts))}`, `  nameless: ${shown(identify(nameless))}`];
  });

describe('messages from life', () => {
  it('are identified by all that they say, and by the rest where they send no name', async () => {
    expect(lines.length).toBeGreaterThan(150);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/capture-identities.txt');
  });
});

describe('what contradicts itself', () => {
  const said = (facts: Partial<Record<Fact['field'], string>>): Identification =>
    identify(Object.entries(facts).map(([field, value]) => ({ field, value }) as Fact));

  it('a name of one maker with the address of another is a conflict, and less sure', () => {
    const alone = said({ 'sip.user_agent': 'snom370/8.7.5.48' });
    const strange = said({ 'sip.user_agent': 'snom370/8.7.5.48', 'pnp.mac': '7c2f8030d21e' });

    expect(strange).toMatchObject({
      identity: { vendor: 'Snom', model: '370' },
      conflicts: [{ rule: 'mac-prefix.7c2f80' }],
    });
    expect(strange.confidence).toBeLessThan(alone.confidence);
    expect(
      said({ 'sip.user_agent': 'snom370/8.7.5.48', 'pnp.mac': '0004132e08b4' }).confidence,
    ).toBeGreaterThan(alone.confidence);
  });

  it('an inner model name in the Event and a marketing name in the User-Agent are both kept', () => {
    const t21 = said({
      'sip.user_agent': 'Yealink SIP-T21P 34.72.14.6',
      'pnp.vendor': 'Yealink',
      'pnp.model': 'T21D',
    });
    expect(t21.identity).toMatchObject({ vendor: 'Yealink', model: 'T21P' });
    expect(t21.conflicts.map(({ asserts }) => asserts.model)).toEqual(['T21D']);
  });

  it('a white label is none: Gigaset on the firmware and the addresses of Snom', () => {
    const gigaset = said({
      'sip.user_agent': 'Gigaset N870 IP PRO/83.V2.11.0+build.a546b91',
      'pnp.vendor': 'snom',
      'pnp.mac': '000413e5aabb',
    });
    expect(gigaset).toMatchObject({ identity: { vendor: 'Gigaset', mac: '000413e5aabb' }, conflicts: [] });
  });

  it.each([
    { 'pnp.vendor': 'OEM', 'pnp.model': 'OEM' },
    { 'pnp.vendor': 'Fanvil', 'pnp.model': 'VOIP PHONE' },
    { 'pnp.vendor': 'ATCOM', 'pnp.model': 'ATCOM' },
  ])('a word that is no name says nothing of the model: %j', (facts) => {
    expect(said(facts).identity.model).toBeUndefined();
  });
});
