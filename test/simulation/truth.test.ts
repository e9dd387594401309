import { describe, expect, it } from 'vitest';
import { factsOf, isPnpSubscribe } from '../../src/channels/sip-pnp/facts.ts';
import { answersTo } from '../../src/simulation/answer.ts';
import type { SimulatedPhone } from '../../src/simulation/phone.ts';
import { subscribeOf } from '../../src/simulation/pnp.ts';
import { truthOf, type TruePhone } from '../../src/simulation/truth.ts';
import type { SipRequest } from '../../src/wire/sip/message.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';
import { decode, optionsRequest, phoneOf, site } from './shipped.ts';

const truth = (phone: SimulatedPhone): TruePhone | undefined => truthOf([phone]).phones[0];

function subscribe(phone: SimulatedPhone, bootedAt = 1): SipRequest {
  const message = parseSip(subscribeOf(phone, bootedAt) ?? new Uint8Array(0));
  if (!message.ok || message.value.kind !== 'request') throw new Error('no request');
  return message.value;
}

const told = (phone: SimulatedPhone): string =>
  [
    ...answersTo(phone, { bytes: optionsRequest(), address: '127.0.0.1', port: 40000 }),
    subscribeOf(phone, 1) ?? new Uint8Array(0),
  ]
    .map(decode)
    .join('\n');

describe('the truth', () => {
  it.each(site().map((phone) => [phone.model.id, phone] as const))(
    'about %s holds nothing that its own messages do not tell',
    (_, phone) => {
      const words = told(phone);
      const it = truth(phone);
      for (const value of [it?.userAgent, it?.firmware])
        if (typeof value === 'string') expect(words).toContain(value);
      const says = (mac: string): boolean =>
        words
          .toLowerCase()
          .replaceAll(/(?<=[0-9a-f]{2}):(?=[0-9a-f]{2})/g, '')
          .includes(mac);
      expect(says(phone.mac)).toBe(it?.mac !== null);
      expect(it?.mac === null || it?.mac === phone.mac).toBe(true);
      expect(it?.answers).toBe(words.startsWith('SIP/2.0'));
      expect(it?.channels.includes('sip-pnp')).toBe(words.includes('SUBSCRIBE sip:'));
    },
  );

  it('is of the documented shape', () => {
    expect(
      truth({
        ...phoneOf('yealink-w52p'),
        address: '127.78.0.4',
        mac: '001565f4f9e1',
        firmware: '25.81.0.10',
      }),
    ).toEqual({
      address: '127.78.0.4',
      port: 5060,
      transport: 'udp',
      answers: true,
      channels: ['sip-options', 'sip-pnp'],
      userAgent: 'Yealink W52P 25.81.0.10',
      vendor: 'Yealink',
      model: 'W52P',
      firmware: '25.81.0.10',
      mac: '001565f4f9e1',
      kind: 'dect-base',
    });
  });

  it('is null in all for a phone without a name', () => {
    expect(truth(phoneOf('nameless-linphone'))).toMatchObject({
      answers: true,
      userAgent: null,
      vendor: null,
      model: null,
      firmware: null,
      mac: null,
      kind: null,
    });
  });

  it('is that a silent phone is found by its SUBSCRIBE alone', () => {
    expect(truth(phoneOf('audiocodes-440hd'))).toMatchObject({
      answers: false,
      channels: ['sip-pnp'],
      port: 5060,
      mac: null,
      model: '440HD',
    });
  });
});

describe('a PnP SUBSCRIBE', () => {
  const asking = site().filter(({ model }) => model.pnp !== null);

  it.each(asking.map((phone) => [phone.model.id, phone] as const))(
    'of %s is read by the listener as the truth has it',
    (_, phone) => {
      const message = subscribe(phone);
      expect(isPnpSubscribe(message)).toBe(true);
      const facts = new Map(factsOf(message).map(({ field, value }) => [field, value]));
      expect(facts.get('pnp.version')).toBe(phone.firmware);
      expect(facts.get('pnp.mac') ?? null).toBe(truth(phone)?.mac);
    },
  );

  it('comes in seven documented forms at least', () => {
    expect(new Set(asking.map(({ model }) => model.pnp?.form)).size).toBeGreaterThanOrEqual(7);
  });

  it('names another model in the Event than in the User-Agent where the phone does', () => {
    const facts = factsOf(subscribe(phoneOf('yealink-t21p')));
    expect(facts).toContainEqual({ field: 'pnp.model', value: 'T21D' });
    expect(facts.find(({ field }) => field === 'sip.user_agent')?.value).toContain('SIP-T21P');
  });

  it('has its address in letters in the Call-ID where the phone writes it so', () => {
    const bytes = subscribeOf({ ...phoneOf('grandstream-grp2612w'), address: '192.168.86.30' }, 1);
    expect(decode(bytes ?? undefined)).toMatch(/\r\nCall-ID: \d{9}-5080-1@BJC\.BGI\.IG\.DA\r\n/);
  });

  it('is a new one at every boot and the same again within one', () => {
    const phone = phoneOf('snom-370');
    expect(subscribeOf(phone, 1)).toEqual(subscribeOf(phone, 1));
    expect(subscribeOf(phone, 1)).not.toEqual(subscribeOf(phone, 2));
  });

  it('is not sent by a phone that looks for no server', () => {
    expect(subscribeOf(phoneOf('yealink-t46s'), 1)).toBeNull();
  });
});
