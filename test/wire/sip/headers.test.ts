import { describe, expect, it } from 'vitest';
import { headerList, headerOrder, headerValue, headerValues } from '../../../src/wire/sip/headers.ts';

const message = {
  headers: [
    { name: 'v', value: 'first' },
    { name: 'VIA', value: 'second' },
    { name: 'X', value: '1800' },
    { name: 'Supported', value: 'replaces,timer' },
    { name: 'k', value: '' },
    { name: 'SUPPORTED', value: ' ,100rel ,' },
    { name: 'Contact', value: '"a, \\"b" <sip:x?y=1,2>;q="0,1", <sip:y>' },
    { name: 'constructor', value: 'own' },
  ],
};

describe('header fields', () => {
  it.each(['Via', 'via', 'v', 'V'])('are found as %s by long or compact name in any case', (name) => {
    expect(headerValue(message, name)).toBe('first');
    expect(headerValues(message, name)).toEqual(['first', 'second']);
  });

  it('know the compact forms of extensions', () => {
    expect(headerValue(message, 'Session-Expires')).toBe('1800');
  });

  it('tell an empty value from none', () => {
    expect(headerValues(message, 'k')).toContain('');
    expect(headerValue(message, 'Server')).toBeNull();
    expect(headerValues(message, 'toString')).toEqual([]);
  });

  it('become one list across repeats, split outside of quotes and brackets', () => {
    expect(headerList(message, 'Supported')).toEqual(['replaces', 'timer', '100rel']);
    expect(headerList(message, 'm')).toEqual(['"a, \\"b" <sip:x?y=1,2>;q="0,1"', '<sip:y>']);
  });

  it('show their names in the order and case sent', () => {
    expect(headerOrder(message)).toBe('v,VIA,X,Supported,k,SUPPORTED,Contact,constructor');
  });
});
