import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runListener, whyNotListen, type ListenRequest } from '../../src/engine/listen.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet } from '../sim/net.ts';

const CAPTURES = 'test/captures/sip';
const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
const LAN = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: false,
};

function listener(change: Partial<ListenRequest> = {}) {
  const clock = createSimulatedClock();
  const net = createSimulatedNet(clock);
  const scope = createScope({ include: ['10.0.0.0/24'] });
  if (!scope.ok) throw new Error('scope');
  const heard: Sighting[] = [];
  const ending = new AbortController();
  const request: ListenRequest = {
    site: 's',
    scope: scope.value,
    channels: { 'sip-pnp': { interfaces: [], besidePbx: false } },
    system: net,
    networks: () => [LAN],
    isUdpPortHeldHere: () => Promise.resolve(false),
    isKnown: () => true,
    clock,
    log: silentLog,
    signal: ending.signal,
    emit: (sighting) => void heard.push(sighting),
    ...change,
  };
  return { clock, net, heard, ending, request };
}

async function listening(change: Partial<ListenRequest> = {}) {
  const parts = listener(change);
  const report = runListener('sip-pnp', parts.request);
  await parts.clock.advance(1);
  return {
    ...parts,
    say: (text: string | Uint8Array, address = '10.0.0.7', port = 5060) =>
      parts.net.multicast({ bytes: Buffer.from(text), address, port }),
    end: () => (parts.ending.abort(), report),
  };
}

const subscribeWith = (contact: string): string =>
  [
    'SUBSCRIBE sip:MAC%3a001565aabbcc@224.0.1.75 SIP/2.0',
    'Via: SIP/2.0/UDP 10.0.0.7:5059;branch=z9hG4bK1',
    'From: <sip:MAC%3a001565aabbcc@224.0.1.75>;tag=1',
    'To: <sip:MAC%3a001565aabbcc@224.0.1.75>',
    'Call-ID: 1',
    'CSeq: 1 SUBSCRIBE',
    ...(contact === '' ? [] : [`Contact: ${contact}`]),
    'Event: ua-profile;vendor="Acme"',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

const factsOf = (sighting: Sighting | undefined): Record<string, string> =>
  Object.fromEntries((sighting?.facts ?? []).map(({ field, value }) => [field, value]));
const pnpOf = (sighting: Sighting | undefined): unknown[] =>
  ['pnp.vendor', 'pnp.model', 'pnp.version', 'pnp.mac', 'sip.user_agent'].map(
    (field) => factsOf(sighting)[field] ?? null,
  );

describe('sip-pnp', () => {
  it.each([
    ['the port of its Contact, where that names the very address it came from', '<sip:10.0.0.7:5062>', 5062],
    ['5060, where its Contact names no port', '<sip:10.0.0.7>', 5060],
    ['the port it was sent from, where its Contact names another host', '<sip:10.0.0.66:5070>', 5059],
    ['the port it was sent from, where it has no Contact', '', 5059],
    ['the port it was sent from, where its Contact is none', '<sip:10.0.0.7:99999>', 5059],
  ])('says that a phone listens at %s', async (_, contact, port) => {
    const { say, heard, end } = await listening();
    say(subscribeWith(contact), '10.0.0.7', 5059);
    await end();
    expect(heard.map(({ from }) => from)).toEqual([
      { site: 's', transport: 'udp', address: '10.0.0.7', port },
    ]);
  });

  it.each([
    ['snom-7.1.19', ['OEM', 'OEM', '7.1.19', '00135e874b49', null]],
    ['snom370-8.7.5.48', ['snom', 'snom370', '8.7.5.48', '0004132e08b4', 'snom370/8.7.5.48']],
    ['snom720-7.1.19', ['snom', 'snom720', '7.1.19', '00135e874b49', null]],
    ['yealink-w52p-25.81.0.10', ['yealink', 'W52P', '25.81.0.10', '001565f4f9e1', 'Yealink W52P 25.81.0.10']],
    [
      'grandstream-grp2612w-1.0.5.67',
      ['Grandstream', 'GRP2612W', '1.0.5.67', 'c074ad112233', 'Grandstream GRP2612W 1.0.5.67'],
    ],
    ['audiocodes-440hd-2.2.2', [null, '440HD', '2.2.2', null, 'AUDC-IPPhone/2.2.2']],
    [
      'planet-vip2140pt-2.0.3.2991',
      ['PLANET', 'VIP-2140PT', '2.0.3.2991', '00304fa99948', 'PLANET VIP-2140PT'],
    ],
  ])('reads vendor, model, version, MAC and User-Agent of %s', async (name, expected) => {
    const { heard, say, end } = await listening();
    say(readFileSync(`${CAPTURES}/${name}_subscribe_udp.txt`));
    await end();
    expect(pnpOf(heard[0])).toEqual(expected);
    expect(heard[0]).toMatchObject({
      channel: 'sip-pnp',
      solicited: false,
      from: { address: '10.0.0.7', port: 5060 },
    });
  });

  it('reads every SUBSCRIBE capture there is', async () => {
    const captures = readdirSync(CAPTURES).filter((file) => file.includes('_subscribe_'));
    const { heard, say, end } = await listening();
    for (const [index, file] of captures.entries())
      say(readFileSync(`${CAPTURES}/${file}`), `10.0.0.${index + 1}`);
    await end();
    expect(captures.length).toBeGreaterThanOrEqual(13);
    expect(heard).toHaveLength(captures.length);
  });

  const subscribe = (event: string, user = 'MAC%3a001565aabbcc', callId = '1'): string =>
    `SUBSCRIBE sip:${user}@224.0.1.75 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7:5060\r\nFrom: <sip:${user}@224.0.1.75>\r\nTo: <sip:${user}@224.0.1.75>\r\nCall-ID: ${callId}\r\nCSeq: 1 SUBSCRIBE\r\nEvent: ${event}\r\n\r\n`;

  it.each([
    'MAC%3a001565aabbcc',
    'MAC%3A001565AABBCC',
    'MAC:001565aabbcc',
    'MAC001565aabbcc',
    'MAC=001565aabbcc',
    'mac%3a00-15-65-aa-bb-cc',
  ])('reads the MAC of %s', async (user) => {
    const { heard, say, end } = await listening();
    say(subscribe('ua-profile', user));
    await end();
    expect(factsOf(heard[0])['pnp.mac']).toBe('001565aabbcc');
  });

  it.each([
    'ua-profile;profile-type="device";vendor="V";model="M";version="1.10"',
    'UA-Profile ; profile-type=device ; vendor = V; model=M ;version=1.10',
    "ua-profile;vender='V';model='M';version='1.10'",
    'ua-profile;version="1.10";model="M";Vendor="V"',
  ])('reads the Event parameters of %s', async (event) => {
    const { heard, say, end } = await listening();
    say(subscribe(event));
    await end();
    expect(pnpOf(heard[0]).slice(0, 3)).toEqual(['V', 'M', '1.10']);
  });

  it('refuses, by reason, what is no news', async () => {
    const { heard, say, end } = await listening();
    say(subscribe('ua-profile'));
    say(subscribe('ua-profile'));
    say(subscribe('presence', undefined, '2'));
    say('REGISTER sip:a SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n');
    say('SIP/2.0 200 OK\r\nCSeq: 1 SUBSCRIBE\r\n\r\n');
    say('M-SEARCH * HTTP/1.1\r\n\r\n');
    say(subscribe('ua-profile', undefined, '3'), '10.0.9.9');
    const report = await end();
    expect(heard).toHaveLength(1);
    expect(report.refused).toEqual({ duplicate: 1, irrelevant: 3, 'not-sip': 1, 'out-of-scope': 1 });
  });

  it('takes at most thirty messages a minute from one source, and goes on afterwards', async () => {
    const { clock, heard, say, end } = await listening();
    for (let boot = 0; boot < 100; boot++) say(subscribe('ua-profile', undefined, `a${boot}`));
    say(subscribe('ua-profile', undefined, 'other'), '10.0.0.8');
    expect(heard).toHaveLength(31);
    await clock.advance(60_000);
    say(subscribe('ua-profile', undefined, 'later'));
    expect(heard).toHaveLength(32);
    expect((await end()).refused['rate-limited']).toBe(70);
  });

  it('survives any bytes', async () => {
    const { heard, say, end } = await listening();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) =>
        say(bytes, `10.0.0.${(bytes[0] ?? 0) % 250 || 1}`),
      ),
      { numRuns: 300 },
    );
    await end();
    expect(heard).toEqual([]);
  });

  it('sends nothing, ever, and closes its socket when it ends', async () => {
    const { net, say, end } = await listening();
    say(subscribe('ua-profile'));
    expect(net.openSockets).toBe(1);
    await end();
    expect(net.sent).toEqual([]);
    expect(net.openSockets).toBe(0);
  });

  it('stays off without a scope, beside a PBX, and where no interface is in the scope; and says the way out', async () => {
    const empty = createScope({ include: [] });
    const elsewhere = createScope({ include: ['192.168.1.0/24'] });
    if (!empty.ok || !elsewhere.ok) throw new Error('scope');
    const why = (change: Partial<ListenRequest>): Promise<string | undefined> =>
      whyNotListen('sip-pnp', listener(change).request).then((reason) => reason?.en);
    expect(await why({ scope: empty.value })).toContain('scope.include');
    expect(await why({ scope: elsewhere.value })).toContain('channels.sip-pnp.interfaces');
    expect(await why({ isUdpPortHeldHere: () => Promise.resolve(true) })).toContain('besidePbx');
    expect(
      await why({
        isUdpPortHeldHere: () => Promise.resolve(true),
        channels: { 'sip-pnp': { interfaces: [], besidePbx: true } },
      }),
    ).toBeUndefined();
    expect(await why({})).toBeUndefined();
  });

  it('refuses an interface that is not there, naming those that are', async () => {
    const { request } = listener({ channels: { 'sip-pnp': { interfaces: ['wlan7'], besidePbx: false } } });
    await expect(async () => runListener('sip-pnp', request)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('eth0') as string,
    });
  });
});
