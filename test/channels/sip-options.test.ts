import { describe, expect, it } from 'vitest';
import { USER_AGENT } from '../../src/channels/sip-options/probe.ts';
import { HOST_GAP_MS } from '../../src/engine/pace.ts';
import { headerValue } from '../../src/wire/sip/headers.ts';
import { parseSip } from '../../src/wire/sip/parse.ts';
import type { Host, SentDatagram } from '../sim/net.ts';
import { sweep, valueOf } from '../sim/sweep.ts';
import { answerTo } from './answers.ts';

const ok: Host = ({ bytes }) => [
  { bytes: answerTo(bytes, 'SIP/2.0 200 OK', ['User-Agent: Acme P10W/1.10']) },
];
const sentTo = (sent: readonly SentDatagram[], address: string): SentDatagram[] =>
  sent.filter((datagram) => datagram.to.address === address);

describe('sip-options', () => {
  it('sends nothing but a complete, small OPTIONS under its own name', async () => {
    const { net } = await sweep({ include: ['10.0.0.3'] });
    const bytes = net.sent[0]!.bytes;
    const probe = parseSip(bytes);
    if (!probe.ok || probe.value.kind !== 'request') throw new Error('no request');
    expect(probe.value).toMatchObject({ method: 'OPTIONS', requestUri: 'sip:10.0.0.3:5060', quirks: [] });
    expect(headerValue(probe.value, 'Via')).toMatch(
      /^SIP\/2\.0\/UDP 10\.0\.0\.200:40000;branch=z9hG4bK[0-9a-f]{24};rport$/,
    );
    expect(headerValue(probe.value, 'From')).toMatch(/;tag=[0-9a-f]{8}$/);
    expect(headerValue(probe.value, 'To')).toBe('<sip:10.0.0.3:5060>');
    expect(headerValue(probe.value, 'CSeq')).toBe('1 OPTIONS');
    expect(headerValue(probe.value, 'Max-Forwards')).toBe('70');
    expect(headerValue(probe.value, 'Content-Length')).toBe('0');
    expect(headerValue(probe.value, 'User-Agent')).toBe(USER_AGENT);
    expect(bytes.length).toBeLessThan(700);
  });

  it('asks a silent host three times, a second apart, with the same bytes, and one that answered once', async () => {
    const { net, report } = await sweep({ hosts: { '10.0.0.2:5060': ok } });
    const silent = sentTo(net.sent, '10.0.0.3');
    expect(silent).toHaveLength(3);
    expect(new Set(silent.map((datagram) => Buffer.from(datagram.bytes).toString())).size).toBe(1);
    for (const [index, datagram] of silent.slice(1).entries())
      expect(datagram.at - silent[index]!.at).toBeGreaterThanOrEqual(HOST_GAP_MS);
    expect(sentTo(net.sent, '10.0.0.2')).toHaveLength(1);
    expect(report.sent).toBe(net.sent.length);
  });

  it.each([100, 180, 200, 401, 404, 405, 480, 486, 503, 603])(
    'takes status %d for an answer',
    async (status) => {
      const { heard } = await sweep({
        hosts: { '10.0.0.2:5060': ({ bytes }) => [{ bytes: answerTo(bytes, `SIP/2.0 ${status} Words`) }] },
      });
      expect(heard).toHaveLength(1);
      expect(heard[0]).toMatchObject({
        solicited: true,
        channel: 'sip-options',
        from: { address: '10.0.0.2', port: 5060 },
      });
      expect(valueOf(heard[0], 'sip.status')).toBe(String(status));
    },
  );

  it('reports the final answer where a provisional one comes first', async () => {
    const { heard, report } = await sweep({
      hosts: {
        '10.0.0.2:5060': ({ bytes }) => [
          { bytes: answerTo(bytes, 'SIP/2.0 100 Trying') },
          { bytes: answerTo(bytes, 'SIP/2.0 100 Trying') },
          { bytes: answerTo(bytes, 'SIP/2.0 200 OK') },
        ],
      },
    });
    expect(heard.map((sighting) => valueOf(sighting, 'sip.status'))).toEqual(['200']);
    expect(report.refused).toEqual({ duplicate: 1 });
  });

  it('makes one sighting of fifty answers to one probe', async () => {
    const { heard, report } = await sweep({
      hosts: { '10.0.0.2:5060': (datagram) => Array.from({ length: 50 }, () => ok(datagram)[0]!) },
    });
    expect(heard).toHaveLength(1);
    expect(report.refused.duplicate).toBe(49);
  });

  it('accepts an answer from another port of the host', async () => {
    const { heard } = await sweep({
      hosts: {
        '10.0.0.2:5060': ({ bytes }) => [
          { bytes: answerTo(bytes, 'SIP/2.0 200 OK'), from: { address: '10.0.0.2', port: 1053 } },
        ],
      },
    });
    expect(heard.map(({ from }) => `${from.address}:${from.port}`)).toEqual(['10.0.0.2:5060']);
    expect(valueOf(heard[0], 'sip.loose_match')).toBeUndefined();
  });

  it.each([
    ['broken', 'Via: SIP/2.0/UDP broken'],
    ['without its branch', 'Via: SIP/2.0/UDP 10.0.0.200:40000;rport=40000'],
    ['with a branch of another', 'Via: SIP/2.0/UDP 10.0.0.200:40000;branch=z9hG4bK776asdhds'],
    ['gone', 'X-Via: none'],
  ])('matches an answer whose Via is %s by Call-ID, CSeq and source, and says so', async (_, via) => {
    const { heard } = await sweep({
      hosts: {
        '10.0.0.3:5060': ({ bytes }) => [
          {
            bytes: answerTo(bytes, 'SIP/2.0 200 OK', [], (line) => (line.startsWith('Via:') ? via : line)),
          },
        ],
      },
    });
    expect(heard.map(({ from }) => `${from.address}:${from.port}`)).toEqual(['10.0.0.3:5060']);
    expect(valueOf(heard[0], 'sip.loose_match')).toBe('via');
  });

  it('matches an answer without Call-ID by its Via', async () => {
    const { heard } = await sweep({
      hosts: {
        '10.0.0.3:5060': ({ bytes }) => [
          {
            bytes: answerTo(bytes, 'SIP/2.0 200 OK', [], (line) =>
              line.startsWith('Call-ID:') ? 'X-Call-ID: none' : line,
            ),
          },
        ],
      },
    });
    expect(heard).toHaveLength(1);
    expect(valueOf(heard[0], 'sip.loose_match')).toBeUndefined();
  });

  it('refuses, by reason, what is no answer to a probe of ours to that host', async () => {
    const { heard, report } = await sweep({
      hosts: {
        '10.0.0.1:5060': ({ bytes }) => [{ bytes }],
        '10.0.0.2:5060': () => [{ bytes: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }],
        '10.0.0.3:5060': ({ bytes }) => [
          { bytes: answerTo(bytes, 'SIP/2.0 200 OK'), from: { address: '10.0.0.99', port: 5060 } },
        ],
        '10.0.0.4:5060': ({ bytes }) => [
          { bytes: answerTo(bytes, 'SIP/2.0 200 OK', [], (line) => line.replace('1 OPTIONS', '1 INVITE')) },
        ],
        '10.0.0.5:5060': ({ bytes }) => [
          {
            bytes: answerTo(bytes, 'SIP/2.0 200 OK', [], (line) =>
              line.replace(/[0-9a-f]{24}/, '00000000aaaaaaaaaaaaaaaa'),
            ),
          },
        ],
        '10.0.0.6:5060': () => [{ bytes: new Uint8Array(0) }],
        '10.0.0.9:5060': ({ bytes }) => [
          { bytes: answerTo(bytes, 'SIP/2.0 200 OK', [], (line) => line.replace('1 OPTIONS', '2 OPTIONS')) },
        ],
        '10.0.0.10:5060': ({ bytes }) => [
          {
            bytes: answerTo(bytes, 'SIP/2.0 200 OK', [], (line) =>
              line.startsWith('Call-ID:') ? 'Call-ID: 5f3a9c1e@10.0.0.10' : line,
            ),
          },
        ],
      },
      include: ['10.0.0.0/28'],
    });
    expect(heard).toEqual([]);
    expect(report.refused['own-echo']).toBe(3);
    expect(report.refused['not-sip']).toBe(6);
    expect(report.refused.unsolicited).toBe(15);
  });

  it('never sends outside the scope, nor to an exclusion', async () => {
    const { net } = await sweep({ include: ['10.0.0.0/28'], exclude: ['10.0.0.4-7'] });
    const asked = new Set(net.sent.map((datagram) => Number(datagram.to.address.split('.')[3])));
    expect([...asked].sort((a, b) => a - b)).toEqual([1, 2, 3, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('keeps to one packet a second to a host, several ports of it included', async () => {
    const { net } = await sweep({ include: ['10.0.0.2-3'], ports: [5060, 5062], rate: 1000 });
    for (const address of ['10.0.0.2', '10.0.0.3']) {
      const times = sentTo(net.sent, address).map((datagram) => datagram.at);
      expect(times).toHaveLength(6);
      for (const [index, at] of times.slice(1).entries())
        expect(at - times[index]!).toBeGreaterThanOrEqual(HOST_GAP_MS);
    }
  });

  it('keeps to its rate with several ports too: no host waits for the pause that is due to another', async () => {
    const { net } = await sweep({ include: ['10.0.0.0/24'], ports: [5060, 5062], rate: 100 });
    expect(net.sent).toHaveLength(254 * 2 * 3);
    const seconds = (net.sent.at(-1)!.at - net.sent[0]!.at) / 1000;
    expect(seconds).toBeLessThan((254 * 2 * 3) / 100 + 1);
  });

  it('keeps to the total rate', async () => {
    const { net } = await sweep({ include: ['10.0.0.0/24'], rate: 50 });
    const busiest = Math.max(
      ...net.sent.map(({ at }) => net.sent.filter((other) => other.at >= at && other.at < at + 1000).length),
    );
    expect(busiest).toBeLessThanOrEqual(55);
    expect(net.sent).toHaveLength(254 * 3);
  });

  it('ends early when all have answered, and leaves no socket open', async () => {
    const { net, clock } = await sweep({ include: ['10.0.0.2'], hosts: { '10.0.0.2:5060': ok } });
    expect(clock.monotonic()).toBeLessThan(1000);
    expect(net.openSockets).toBe(0);
  });

  it('ends at once when aborted, keeps what was heard, and leaves no socket open', async () => {
    const { net, heard } = await sweep({
      include: ['10.0.0.0/24'],
      hosts: { '10.0.0.2:5060': ok },
      rate: 1000,
      abortAfterMs: 600,
    });
    expect(net.sent.length).toBeLessThan(700);
    expect(net.openSockets).toBe(0);
    expect(heard).toHaveLength(1);
  });
});
