import { describe, expect, it } from 'vitest';
import { readTold, type Told } from '../../src/registrations/registration.ts';

const read = (told: Partial<Told>) => readTold({ aor: '1001', contact: null, ...told });
const place = (told: Partial<Told>): unknown[] | string => {
  const registration = read(told);
  if (!registration.ok) return registration.fault;
  const { address, port, transport } = registration.value;
  return [address, port, transport];
};
const SOURCE = { address: '192.0.2.9', port: 40_123 };

describe('what a PBX tells of a contact', () => {
  it.each([
    ['sip:1001@192.0.2.5', ['192.0.2.5', 5060, 'udp']],
    ['sip:1001@192.0.2.5:5062;transport=TCP', ['192.0.2.5', 5062, 'tcp']],
    ['sip:1001@192.0.2.5;transport=tls', ['192.0.2.5', 5061, 'tls']],
    ['sips:1001@192.0.2.5:5071', ['192.0.2.5', 5071, 'tls']],
    ['"A; B" <sip:1001@[fd00::5]:5062;line=x;transport=udp>;q=0.5', ['fd00::5', 5062, 'udp']],
    ['sip:1001@phone.example', ['phone.example', 5060, 'udp']],
  ])('reads address, port and transport of %s', (contact, expected) => {
    expect(place({ contact })).toEqual(expected);
  });

  it('takes where a REGISTER came from for the address, whatever the contact believes', () => {
    expect(place({ contact: 'sip:1@10.9.9.9:5060', source: SOURCE })).toEqual(['192.0.2.9', 40_123, 'udp']);
  });

  it('keeps the port of the contact by TCP and TLS, where the source port is gone with the connection', () => {
    expect(place({ contact: 'sip:1@10.9.9.9:5070;transport=tcp', source: SOURCE })).toEqual([
      '192.0.2.9',
      5070,
      'tcp',
    ]);
  });

  it.each([
    ['sip:abc@df7jal23ls0d.invalid;transport=ws', undefined],
    ['sip:abc@192.0.2.5;transport=WSS', 'tls'],
    ['sip:abc@192.0.2.5;transport=sctp', undefined],
  ])('leaves %s out, which is no phone of the LAN', (contact, transport) => {
    expect(place({ contact, ...(transport === undefined ? {} : { transport }) })).toBe('transport');
  });

  it.each(['', '*', 'tel:+31201234567', '<>', 'sip:1001@', 'nonsense'])(
    'leaves out "%s", which has no address',
    (contact) => {
      expect(place({ contact })).toBe('unreadable');
    },
  );

  it('takes an account that is a MAC address for one, and no telephone number', () => {
    const macOf = (aor: string): unknown => {
      const registration = read({ aor, contact: 'sip:x@192.0.2.5' });
      return registration.ok && registration.value.mac;
    };
    expect(macOf('sip:001565AABBCC@pbx.example')).toBe('001565aabbcc');
    expect(macOf('310201234567')).toBeNull();
    expect(macOf('1001')).toBeNull();
  });

  it('bounds every text', () => {
    const long = 'x'.repeat(5000);
    const registration = read({ aor: long, contact: 'sip:1@192.0.2.5', userAgent: long, instance: long });
    expect(registration).toMatchObject({
      ok: true,
      value: { aor: long.slice(0, 1024), userAgent: long.slice(0, 1024), instance: long.slice(0, 1024) },
    });
  });
});
