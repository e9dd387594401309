import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadMatcher } from '../../src/app/knowledge.ts';
import { runListener, whyNotListen, type ListenRequest } from '../../src/engine/listen.ts';
import { AppError } from '../../src/model/app-error.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet } from '../sim/net.ts';
import { asksFor, capture, message, type Said } from '../wire/dhcp/samples.ts';

function listener(change: Partial<ListenRequest> = {}) {
  const clock = createSimulatedClock();
  const net = createSimulatedNet(clock);
  const scope = createScope({
    include: ['10.0.0.0/24', '10.66.7.0/24'],
    exclude: [{ network: '10.0.0.66', because: 'the lift' }],
  });
  if (!scope.ok) throw new Error('scope');
  const heard: Sighting[] = [];
  const ending = new AbortController();
  const request: ListenRequest = {
    site: 's',
    scope: scope.value,
    channels: { dhcp: {} },
    system: net,
    networks: () => [],
    isUdpPortHeldHere: () => Promise.resolve(false),
    isKnown: () => true,
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: ending.signal,
    emit: (sighting) => void heard.push(sighting),
    ...change,
  };
  return { clock, net, heard, ending, request };
}

async function listening(change: Partial<ListenRequest> = {}) {
  const parts = listener(change);
  const report = runListener('dhcp', parts.request);
  await parts.clock.advance(1);
  const hear = (bytes: Uint8Array): void => parts.net.multicast({ bytes, address: '0.0.0.0', port: 68 });
  return {
    ...parts,
    hear,
    say: (said: Said): void => hear(message(said)),
    end: () => (parts.ending.abort(), report),
  };
}

/** A client that asks for its address, as most do when they boot. */
const booting = (said: Said = {}, address = '10.0.0.7'): Said => ({
  type: 'request',
  ...said,
  options: [asksFor(address), ...(said.options ?? [])],
});
const wordsOf = (sighting: Sighting | undefined): string[] =>
  (sighting?.facts ?? []).map(({ field, value }) => `${field} ${value}`);

describe('dhcp', () => {
  it('tells what a client says of itself, at the address that it asks for', async () => {
    const { heard, hear, end } = await listening();
    for (const datagram of capture('udhcpc-1.35.0')) hear(datagram);
    expect(await end()).toEqual({ sent: 0, heard: 3, refused: { irrelevant: 2 } });
    expect(heard).toMatchObject([
      {
        channel: 'dhcp',
        solicited: false,
        from: { site: 's', transport: 'udp', address: '10.66.7.58', port: 0 },
        raw: capture('udhcpc-1.35.0')[2],
      },
    ]);
    expect(wordsOf(heard[0])).toEqual([
      'dhcp.mac 001565aabbcc',
      'dhcp.host_name SIP-T46S',
      'dhcp.vendor_class yealink',
      'dhcp.parameters 1,3,6,12,15,28,42',
    ]);
  });

  it('takes the address that a client has before the one that it asks for', async () => {
    const { heard, say, end } = await listening();
    say(booting({ ciaddr: '10.0.0.9' }));
    say({ type: 'inform', ciaddr: '10.0.0.10' });
    say({ type: 'discover', options: [asksFor('10.0.0.11')] });
    await end();
    expect(heard.map(({ from }) => from.address)).toEqual(['10.0.0.9', '10.0.0.10', '10.0.0.11']);
  });

  it.each([
    ['the NUL that ends it', 'Cisco Systems, Inc. IP Phone CP-7941G\0'],
    ['blanks', ' Cisco Systems, Inc. IP Phone CP-7941G \0\0'],
  ])('leaves %s out of a vendor class', async (_, text) => {
    const { heard, say, end } = await listening();
    say(booting({ options: [[60, text]] }));
    await end();
    expect(wordsOf(heard[0])).toContain('dhcp.vendor_class Cisco Systems, Inc. IP Phone CP-7941G');
  });

  it('says nothing of what is empty', async () => {
    const { heard, say, end } = await listening();
    say(
      booting({
        hlen: 0,
        options: [
          [12, '\0'],
          [60, ' '],
        ],
      }),
    );
    await end();
    expect(wordsOf(heard[0])).toEqual([]);
  });

  it.each<[string, Said, string | undefined]>([
    ['the hardware address', { options: [[61, [1, 2, 2, 2, 2, 2, 2]]] }, '001565aabbcc'],
    [
      'the client identifier, where that is none',
      { htype: 32, hlen: 16, options: [[61, [1, 0, 0x15, 0x65, 1, 2, 3]]] },
      '001565010203',
    ],
    [
      'the client identifier, where that is zeros',
      { chaddr: '000000000000', options: [[61, [1, 0, 0x15, 0x65, 1, 2, 3]]] },
      '001565010203',
    ],
    [
      'nothing of another kind of identifier',
      { hlen: 0, options: [[61, [255, 0, 0x15, 0x65, 1, 2, 3]]] },
      undefined,
    ],
    ['nothing that is no Ethernet address', { htype: 24 }, undefined],
    ['nothing that is a group address', { chaddr: '01005e000001' }, undefined],
  ])('takes for MAC address %s', async (_, said, mac) => {
    const { heard, say, end } = await listening();
    say(booting(said));
    await end();
    expect(heard[0]?.facts.find(({ field }) => field === 'dhcp.mac')?.value).toBe(mac);
  });

  it('refuses, by reason, what is no news', async () => {
    const { heard, say, hear, end } = await listening();
    say(booting());
    say({ type: 'discover' });
    for (const type of ['offer', 'decline', 'ack', 'nak', 'release'] as const) say(booting({ type }));
    say(booting({ op: 2 }));
    say({ options: [asksFor('10.0.0.7')] });
    say(booting({}, '192.168.1.7'));
    say(booting({}, '10.0.0.66'));
    hear(Buffer.from('OPTIONS sip:10.0.0.7 SIP/2.0\r\n\r\n'));
    const report = await end();
    expect(heard).toHaveLength(1);
    expect(report).toEqual({
      sent: 0,
      heard: 12,
      refused: { irrelevant: 8, 'out-of-scope': 2, malformed: 1 },
    });
  });

  it('makes no device of what no rule knows, and counts it', async () => {
    const matcher = loadMatcher(null);
    const { heard, say, end } = await listening({
      isKnown: ({ facts }) => matcher.combine(matcher.match(facts, false)).identity.vendor !== undefined,
    });
    say(booting({ chaddr: 'f4390926aabb', options: [[60, 'MSFT 5.0']] }));
    say(booting({ chaddr: 'f4390926aabb', options: [[60, 'yealink\0']] }));
    expect((await end()).refused).toEqual({ irrelevant: 1 });
    expect(heard).toHaveLength(1);
  });

  it('takes at most thirty messages a minute from one client, and goes on afterwards', async () => {
    const { clock, heard, say, end } = await listening();
    for (let boot = 0; boot < 100; boot++) say(booting());
    say(booting({ chaddr: '001565aabbcd' }));
    expect(heard).toHaveLength(31);
    await clock.advance(60_000);
    say(booting());
    expect(heard).toHaveLength(32);
    expect((await end()).refused).toEqual({ 'rate-limited': 70 });
  });

  it('takes no more than it may from clients that are all made up', async () => {
    const { heard, say, end } = await listening();
    for (let client = 0; client < 6500; client++)
      say(booting({ chaddr: `0015650${client.toString(16).padStart(5, '0')}` }));
    expect((await end()).refused).toEqual({ 'rate-limited': 500 });
    expect(heard).toHaveLength(6000);
  });

  it('survives any bytes', async () => {
    const { heard, hear, end } = await listening();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), hear), { numRuns: 300 });
    await end();
    expect(heard).toEqual([]);
  });

  it('sends nothing, ever, and closes its socket when it ends', async () => {
    const { net, say, end } = await listening();
    say(booting());
    expect(net.openSockets).toBe(1);
    await end();
    expect(net.sent).toEqual([]);
    expect(net.openSockets).toBe(0);
  });

  it('stays off when not named, without a scope, and beside a DHCP server; and says the way out', async () => {
    const empty = createScope({ include: [] });
    if (!empty.ok) throw new Error('scope');
    const why = (change: Partial<ListenRequest>) => whyNotListen('dhcp', listener(change).request);
    expect((await why({ channels: {} }))?.en).toContain('switched off');
    expect((await why({ scope: empty.value }))?.en).toContain('scope.include');
    const isUdpPortHeldHere = (port: number): Promise<boolean> => Promise.resolve(port === 67);
    expect(await why({ isUdpPortHeldHere })).toEqual({
      en: expect.stringMatching(
        /UDP 67 .* DHCP server .* another machine .* leave out channels\.dhcp$/,
      ) as string,
      nl: expect.stringMatching(
        /UDP 67 .* DHCP-server.* andere machine .* laat channels\.dhcp weg$/,
      ) as string,
    });
    expect(await why({ isUdpPortHeldHere: (port) => Promise.resolve(port === 5060) })).toBeNull();
  });

  it('listens on a machine that is on no network of the scope: a router may forward what its clients ask', async () => {
    expect(await whyNotListen('dhcp', listener({ networks: () => [] }).request)).toBeNull();
  });

  it('ends with what the system says when it may not open the port', async () => {
    const { net, request } = listener();
    const refused = new AppError('NO_PERMISSION', 'No permission to open UDP 0.0.0.0:67.');
    const system = { ...net, openBroadcast: () => Promise.reject(refused) };
    await expect(runListener('dhcp', { ...request, system })).rejects.toBe(refused);
  });
});
