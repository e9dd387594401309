import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostNameOf } from '../../src/api/hosts.ts';

describe('hostNameOf', () => {
  it.each([
    ['localhost', 'localhost'],
    ['LocalHost:8560', 'localhost'],
    ['127.0.0.1:80', '127.0.0.1'],
    ['[::1]:8560', '[::1]'],
    ['[FD00::7]', '[fd00::7]'],
  ])('reads %s as %s', (authority, name) => {
    expect(hostNameOf(authority)).toBe(name);
  });

  it.each([
    '',
    ':80',
    '::1',
    'a b',
    'localhost:',
    'localhost:x',
    'user@localhost',
    'localhost/x',
    '[::1',
    'localhost#@evil.example',
  ])('takes %j for no host', (authority) => {
    expect(hostNameOf(authority)).toBeNull();
  });

  it('never yields a name that a URL would read otherwise', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webAuthority(), fc.string()), (authority) => {
        const name = hostNameOf(authority);
        if (name === null || !URL.canParse(`http://${authority}/`)) return;
        const url = new URL(`http://${authority}/`);
        expect(new URL(`http://${name}/`).hostname).toBe(url.hostname);
      }),
    );
  });
});
