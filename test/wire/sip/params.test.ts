import { describe, expect, it } from 'vitest';
import { MAX_PARAMETERS, parseChallenge, parseParameters } from '../../../src/wire/sip/params.ts';

describe('parseParameters', () => {
  const expected = { 'profile-type': 'device', vendor: 'Acme', model: 'P10', version: '1.10' };

  it.each([
    'profile-type="device";vendor="Acme";model="P10";version="1.10"',
    ';version=1.10;model=P10;vendor=Acme;profile-type=device',
    " ; profile-type = 'device' ; vendor='Acme';; model =P10\t; version= \"1.10\" ;",
    'PROFILE-TYPE="device";Vendor="Acme";MODEL="P10";version="1.10";vendor="Other"',
  ])('reads %s', (text) => {
    expect(Object.fromEntries(parseParameters(text))).toEqual(expected);
  });

  it('keeps separators inside of quotes, and takes escapes out', () => {
    expect(parseParameters(String.raw`a="x;y=\"z\\\"";b`)).toEqual(
      new Map([
        ['a', 'x;y="z\\"'],
        ['b', ''],
      ]),
    );
  });

  it('keeps what it cannot unquote', () => {
    expect(parseParameters(`a="open;b='`)).toEqual(new Map([['a', "open;b='"]]));
    expect(parseParameters(`a=it's;b=';c==`)).toEqual(
      new Map([
        ['a', "it's"],
        ['b', "'"],
        ['c', '='],
      ]),
    );
  });

  it('keeps names of the language as ordinary names', () => {
    expect(parseParameters('__proto__=1;constructor=2').get('__proto__')).toBe('1');
  });

  it('keeps a bounded number', () => {
    const text = Array.from({ length: 200 }, (_, index) => `p${index}`).join(';');
    expect(parseParameters(text).size).toBe(MAX_PARAMETERS);
  });
});

describe('parseChallenge', () => {
  it.each([
    ['Digest realm="asterisk",nonce="1/2",qop="auth"', 'Digest', 'asterisk'],
    ['Digest nonce="realm=no, yes", REALM = pbx.example.com', 'Digest', 'pbx.example.com'],
    [' NTLM', 'NTLM', null],
  ])('reads %s', (value, scheme, realm) => {
    expect(parseChallenge(value)).toEqual({ scheme, realm });
  });

  it('is null without a scheme', () => {
    expect(parseChallenge('')).toBeNull();
    expect(parseChallenge('realm="asterisk"')).toBeNull();
  });
});
