import { describe, expect, it } from 'vitest';
import { createCookie } from '../../src/channels/sip-options/cookie.ts';

describe('the cookie of a probe', () => {
  const cookie = createCookie(Buffer.from('key'));
  const host = { transport: 'udp' as const, address: '10.0.0.2' };
  const sent = cookie.of({ ...host, port: 5060 });

  it('comes back with the port that was probed, from wherever in the text it stands', () => {
    expect(cookie.portFrom(`z9hG4bK${sent}`, host)).toBe(5060);
    expect(cookie.portFrom(`${sent}@10.0.0.200`, host)).toBe(5060);
  });

  it('is refused from another host, over another transport, for another port, under another key, and with any digit changed', () => {
    expect(cookie.portFrom(sent, { ...host, address: '10.0.0.3' })).toBeNull();
    expect(cookie.portFrom(sent, { ...host, transport: 'tcp' })).toBeNull();
    expect(cookie.portFrom(`13c5${sent.slice(4)}`, host)).toBeNull();
    expect(createCookie(Buffer.from('other')).portFrom(sent, host)).toBeNull();
    for (let at = 4; at < sent.length; at++) {
      const forged = sent.slice(0, at) + (sent[at] === '0' ? '1' : '0') + sent.slice(at + 1);
      expect(cookie.portFrom(forged, host)).toBeNull();
    }
  });
});
