import { describe, expect, it } from 'vitest';
import { COOKIE_DIGITS, createCookies } from '../../src/channels/sip-options/cookies.ts';

describe('the cookies of a sweep', () => {
  const cookies = createCookies(1000);
  const sent = cookies.of(517);

  it('come back with the number of their target, from wherever in the text they stand', () => {
    expect(sent).toMatch(new RegExp(`^[0-9a-f]{${COOKIE_DIGITS}}$`));
    expect(cookies.indexIn(`z9hG4bK${sent}`)).toBe(517);
    expect(cookies.indexIn(`${sent}@10.0.0.200`)).toBe(517);
    expect(cookies.indexInBytes(Buffer.from(`SIP/2.0 200 OK\r\nVia: x;branch=z9hG4bK${sent}\r\n`))).toBe(517);
  });

  it('are refused for another target, of another sweep, and with any digit changed', () => {
    expect(cookies.indexIn(`00000206${sent.slice(8)}`)).toBeNull();
    expect(cookies.indexIn(`ffffffff${sent.slice(8)}`)).toBeNull();
    expect(createCookies(1000).indexIn(sent)).toBeNull();
    for (let at = 0; at < sent.length; at++) {
      const forged = sent.slice(0, at) + (sent[at] === '0' ? '1' : '0') + sent.slice(at + 1);
      expect(cookies.indexIn(forged)).toBeNull();
    }
    expect(cookies.indexIn('')).toBeNull();
    expect(cookies.indexInBytes(new Uint8Array(0))).toBeNull();
  });

  it('are all different', () => {
    expect(new Set(Array.from({ length: 1000 }, (_, index) => cookies.of(index).slice(8))).size).toBe(1000);
  });
});
