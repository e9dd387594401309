import { describe, expect, it } from 'vitest';
import { parseVia } from '../../../src/wire/sip/via.ts';

const read = (value: string): object | null => {
  const via = parseVia(value);
  return via && { ...via, params: Object.fromEntries(via.params) };
};

describe('parseVia', () => {
  it.each([
    [
      'SIP/2.0/UDP 10.66.0.2:33586;branch=z9hG4bK844ccf01;rport=33586;received=10.66.0.2',
      'UDP',
      { host: '10.66.0.2', port: 33586 },
      { branch: 'z9hG4bK844ccf01', rport: '33586', received: '10.66.0.2' },
    ],
    [
      'SIP/2.0/UDP 10.66.0.2:46670;rport;branch=z9hG4bK4a77caee',
      'UDP',
      { host: '10.66.0.2', port: 46670 },
      { rport: '', branch: 'z9hG4bK4a77caee' },
    ],
    ['SIP/2.0/UDP nm;branch=foo;rport', 'UDP', { host: 'nm', port: null }, { branch: 'foo', rport: '' }],
    [
      'SIP / 2.0 / tls [2001:db8::1] : 5061 ; branch = 1 , SIP/2.0/UDP second;branch=2',
      'TLS',
      { host: '2001:db8::1', port: 5061 },
      { branch: '1' },
    ],
    ['SIP/2.0/UDP 10.66.0.40:5060', 'UDP', { host: '10.66.0.40', port: 5060 }, {}],
  ])('reads %s', (value, transport, sentBy, params) => {
    expect(read(value)).toEqual({ protocol: 'SIP/2.0', transport, sentBy, params });
  });

  it.each([
    'SIP/2.0/UDP ;branch=b',
    'SIP/2.0/UDP 2001:db8::1;branch=b',
    'SIP/2.0/UDP 10.66.0.2:0x13;branch=b',
  ])('keeps the branch of %s, whose sent-by is damaged', (value) =>
    expect(read(value)).toMatchObject({ sentBy: null, params: { branch: 'b' } }),
  );

  it.each(['', 'SIP/2.0', 'SIP/2.0/', 'UDP 10.66.0.2;branch=b', ', SIP/2.0/UDP h'])(
    'is null for "%s"',
    (value) => {
      expect(parseVia(value)).toBeNull();
    },
  );
});
