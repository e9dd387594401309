import { describe, expect, it } from 'vitest';
import type { Registration } from '../../src/registrations/registration.ts';
import { toSightings } from '../../src/registrations/sightings.ts';
import { readAddress } from '../../src/app/import.ts';

const PLACE = {
  site: 's',
  at: 1000,
  readAddress,
  isInScope: (address: string) => address.startsWith('192.0.2.') || address === 'fd00::5',
};
const registration = (change: Partial<Registration> = {}): Registration => ({
  address: '192.0.2.5',
  port: 5060,
  transport: 'udp',
  userAgent: 'Acme P10W/1.10',
  mac: null,
  instance: null,
  aor: 'jan.jansen',
  ...change,
});

describe('a registration as a sighting', () => {
  it('is an answer from the phone’s own address, with what it called itself', () => {
    const { sightings, refused } = toSightings(
      [registration({ mac: '001565aabbcc', instance: '<urn:uuid:1>' })],
      PLACE,
    );
    expect(sightings).toEqual([
      {
        channel: 'registrations',
        at: 1000,
        from: { site: 's', transport: 'udp', address: '192.0.2.5', port: 5060 },
        solicited: true,
        facts: [
          { field: 'sip.user_agent', value: 'Acme P10W/1.10' },
          { field: 'sip.instance', value: '<urn:uuid:1>' },
          { field: 'registration.mac', value: '001565aabbcc' },
        ],
        raw: new Uint8Array(0),
      },
    ]);
    expect(refused).toEqual({});
  });

  it('holds nothing of the account', () => {
    expect(JSON.stringify(toSightings([registration()], PLACE))).not.toContain('jansen');
  });

  it('is refused outside the scope, and counted', () => {
    const { sightings, refused } = toSightings([registration({ address: '198.51.100.7' })], PLACE);
    expect([sightings, refused]).toEqual([[], { 'out-of-scope': 1 }]);
  });

  it('is refused where the address is a name, which is never looked up', () => {
    const { sightings, refused } = toSightings(
      [registration({ address: 'phone.example' }), registration({ address: '192.0.2.05' })],
      PLACE,
    );
    expect([sightings, refused]).toEqual([[], { unreadable: 2 }]);
  });

  it('is one for all lines of a phone, and another for another port', () => {
    const { sightings, refused } = toSightings(
      [registration(), registration({ aor: '1002' }), registration({ port: 5062 })],
      PLACE,
    );
    expect(sightings.map(({ from }) => from.port)).toEqual([5060, 5062]);
    expect(refused).toEqual({ duplicate: 1 });
  });

  it('writes an address in one way only', () => {
    const { sightings } = toSightings([registration({ address: 'FD00:0:0::5' })], PLACE);
    expect(sightings[0]?.from.address).toBe('fd00::5');
  });
});
