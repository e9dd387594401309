import { describe, expect, it } from 'vitest';
import { parseHostPort, parseNameAddr, parseSipUri } from '../../../src/wire/sip/uri.ts';

describe('parseHostPort', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', null],
    ['phone_1.example.com : 5062', 'phone_1.example.com', 5062],
    ['[2001:DB8::7]:5060', '2001:DB8::7', 5060],
    ['[::ffff:192.0.2.7]', '::ffff:192.0.2.7', null],
  ])('reads %s', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port });
  });

  it.each([
    '',
    ':5060',
    '2001:db8::7',
    '[192.0.2.7',
    '192.0.2.7:',
    '192.0.2.7:65536',
    '192.0.2.7:5060x',
    'a b',
  ])('is null for "%s"', (text) => expect(parseHostPort(text)).toBeNull());
});

describe('parseSipUri', () => {
  const read = (text: string): object | null => {
    const uri = parseSipUri(text);
    return uri && { ...uri, params: Object.fromEntries(uri.params) };
  };

  it.each([
    ['sip:192.0.2.7:5060', { scheme: 'sip', user: null, host: '192.0.2.7', port: 5060, params: {} }],
    [
      'SIPS:a@[2001:db8::7];lr',
      { scheme: 'sips', user: 'a', host: '2001:db8::7', port: null, params: { lr: '' } },
    ],
    [
      'sip:x:secret@h;maddr=192.0.2.1;Transport=tcp?a=b;c',
      {
        scheme: 'sip',
        user: 'x:secret',
        host: 'h',
        port: null,
        params: { maddr: '192.0.2.1', transport: 'tcp' },
      },
    ],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['sip:MAC%3a00135E874B49@intern.snom.de', 'MAC:00135E874B49'],
    ['sip:MAC%3AC074AD112233@224.0.1.75', 'MAC:C074AD112233'],
    ['sip:MAC:C074AD112233@224.0.1.75:5060', 'MAC:C074AD112233'],
    ['sip:MAC001565f4f9e1@224.0.1.75', 'MAC001565f4f9e1'],
    ['sip:MAC=00304fa99948@224.0.1.75', 'MAC=00304fa99948'],
    ['sip:MAC%3a00135E874B49', 'MAC:00135E874B49'],
    ['sip:MAC%3a00135E874B49@', 'MAC:00135E874B49'],
    ['sip:a@b@host', 'a@b'],
    ['sip:%C3%A9%ff%zz%4@h', 'é\ufffd%zz%4'],
    ['sip:%EF%BB%BFa@h', '\ufeffa'],
  ])('reads the user of %s', (text, user) => {
    expect(parseSipUri(text)?.user).toBe(user);
  });

  it.each([
    '',
    'sip:',
    'sip:@',
    'tel:+15550100',
    '<sip:x@h>',
    '*',
    'x@192.0.2.7',
    'sip:[redacted by site]:5060',
  ])('is null for "%s"', (text) => expect(parseSipUri(text)).toBeNull());
});

describe('parseNameAddr', () => {
  const read = (value: string): unknown[] | null => {
    const nameAddr = parseNameAddr(value);
    return nameAddr && [nameAddr.displayName, nameAddr.uri, Object.fromEntries(nameAddr.params)];
  };

  it.each([
    ['sip:x@10.66.0.2', ['', 'sip:x@10.66.0.2', {}]],
    ['sip:sipsak@127.0.0.1:44022;tag=380fec70', ['', 'sip:sipsak@127.0.0.1:44022', { tag: '380fec70' }]],
    ['"sipvicious"<sip:100@1.1.1.1>;tag=1', ['sipvicious', 'sip:100@1.1.1.1', { tag: '1' }]],
    ['Front desk <sip:x@h;line=2>;reg-id=1', ['Front desk', 'sip:x@h;line=2', { 'reg-id': '1' }]],
    [String.raw`"a, \"<b>\"" <sip:x@h>`, ['a, "<b>"', 'sip:x@h', {}]],
    [
      '<sip:x@h>;+sip.instance="<urn:uuid:1>";q=1, <sip:other>',
      ['', 'sip:x@h', { '+sip.instance': '<urn:uuid:1>', q: '1' }],
    ],
    ['sip:a@h, <sip:b@h>;tag=1', ['', 'sip:a@h', {}]],
    ['*', ['', '*', {}]],
    ['<sip:x@h;tag=1', ['', 'sip:x@h;tag=1', {}]],
  ])('reads %s', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each(['', ' ', '<>', ';tag=1', ', <sip:x@h>', '"only a name'])(
    'reads no URI where "%s" has none',
    (value) => {
      expect(parseSipUri(parseNameAddr(value)?.uri ?? '')).toBeNull();
    },
  );
});
