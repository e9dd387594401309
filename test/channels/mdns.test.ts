import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Static } from 'typebox';
import Value from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMatcher } from '../../src/app/knowledge.ts';
import type { ChannelReport } from '../../src/channels/channel.ts';
import { MAX_SPEAKERS } from '../../src/channels/mdns/audience.ts';
import { config } from '../../src/channels/mdns/config.ts';
import { mdns } from '../../src/channels/mdns/index.ts';
import { createMemory } from '../../src/channels/mdns/memory.ts';
import { MAX_ENDPOINTS, MAX_INSTANCES, MAX_PAIRS, MAX_QUERIES } from '../../src/channels/mdns/speaker.ts';
import { createGroupNet } from '../../src/engine/group-net.ts';
import type { SystemNet } from '../../src/engine/scoped-net.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { createScope } from '../../src/scope/scope.ts';
import { buildDns } from '../../src/wire/dns/build.ts';
import { RESPONSE_FLAGS, TYPE, type DnsMessage, type DnsRecord } from '../../src/wire/dns/message.ts';
import { parseDns } from '../../src/wire/dns/parse.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet, type Host } from '../sim/net.ts';
import { capturesOf } from '../wire/dns/captures.ts';

const LAN = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: false,
};
const GROUP = '224.0.0.251:5353';

const DEFAULTS = Value.Default(config, {}) as Static<typeof config>;

/** A running channel: `say` is a multicast of a device, `tick` lets what was said be told. */
async function running(
  change: Partial<typeof DEFAULTS> = {},
  answer: Host = () => [],
  system: Partial<SystemNet> = {},
) {
  const clock = createSimulatedClock();
  const net = createSimulatedNet(clock, new Map([[GROUP, answer]]));
  const scope = createScope({ include: ['10.0.0.0/24', '10.1.0.0/19', '10.66.0.0/20', 'fd66:66::/112'] });
  if (!scope.ok) throw new Error('scope');
  const heard: Sighting[] = [];
  const logged: string[] = [];
  const ending = new AbortController();
  const log = (event: string, values?: object): void => void logged.push(event + JSON.stringify(values));
  const report = mdns.run({
    config: { ...DEFAULTS, interfaces: ['eth0'], ...change },
    site: 's',
    clock,
    log: { info: log, warn: log, error: log },
    signal: ending.signal,
    net: createGroupNet({ scope: scope.value, system: { ...net, ...system }, networks: () => [LAN], clock }),
    emit: (sighting) => void heard.push(sighting),
  });
  report.catch(() => undefined);
  await clock.advance(0);
  return {
    clock,
    net,
    heard,
    logged,
    say: (bytes: Uint8Array, address = '10.0.0.7', port = 5353) => net.multicast({ bytes, address, port }),
    tick: () => clock.advance(1000),
    end: (): Promise<ChannelReport> => (ending.abort(), report),
  };
}

const nameOf = (instance: string | null, service: string): string[] => [
  ...(instance === null ? [] : [instance]),
  ...service.split('.'),
  'local',
];
const message = (draft: Partial<DnsMessage>): Uint8Array => {
  const empty = {
    id: 0,
    flags: RESPONSE_FLAGS,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
  };
  const built = buildDns({ ...empty, ...draft });
  if (!built.ok) throw new Error(built.fault);
  return built.value;
};
interface Service {
  service?: string;
  instance?: string;
  port?: number | null;
  host?: string;
  texts?: string[];
  ttl?: number;
  address?: string;
}
function recordsOf(given: Service = {}): DnsRecord[] {
  const { service = '_sip._udp', instance = 'Phone 1', port = 5060, host = 'phone', ttl = 120 } = given;
  const name = nameOf(instance, service);
  const shared = { ttl, cacheFlush: false };
  const target = [host, 'local'];
  return [
    { ...shared, type: 'PTR', name: nameOf(null, service), target: name },
    ...(port === null
      ? []
      : [{ ...shared, type: 'SRV', name, priority: 0, weight: 0, port, target } as const]),
    ...(given.texts === undefined ? [] : [{ ...shared, type: 'TXT', name, texts: given.texts } as const]),
    ...(given.address === undefined
      ? []
      : [{ ...shared, type: 'A', name: target, address: given.address } as const]),
  ];
}
const announcement = (...services: Service[]): Uint8Array =>
  message({ answers: services.flatMap(recordsOf) });
const question = (...services: string[]): Uint8Array =>
  message({
    flags: 0,
    questions: services.map((service) => ({
      name: nameOf(null, service),
      type: TYPE.PTR,
      unicastResponse: false,
    })),
  });

const factsOf = (sighting: Sighting | undefined): string[] =>
  (sighting?.facts ?? []).map(({ field, value }) => `${field} ${value}`);
const placesOf = (heard: readonly Sighting[]): string[] =>
  heard.map(({ from }) => `${from.transport} ${from.address} ${from.port}`);

describe('mdns, hearing', () => {
  it('tells of a phone at its own address, with the port of its SIP service and all that it says', async () => {
    const { say, tick, heard, end } = await running();
    const [phone] = capturesOf('responses');
    say(phone!.bytes, phone!.address);
    await tick();
    expect(heard).toEqual([
      {
        channel: 'mdns',
        at: expect.any(Number) as number,
        from: { site: 's', transport: 'udp', address: '10.66.0.50', port: 5060 },
        solicited: false,
        facts: [
          { field: 'mdns.service', value: '_sip._udp' },
          { field: 'mdns.instance', value: 'GRP2614 reception' },
          { field: 'mdns.txt', value: 'model=GRP2614' },
          { field: 'mdns.txt', value: 'vendor=Grandstream' },
          { field: 'mdns.txt', value: 'fw=1.0.9.26' },
          { field: 'mdns.txt', value: 'mac=000B82000050' },
          { field: 'mdns.host', value: 'desk-reception.local' },
          { field: 'mdns.address', value: 'fd66:66::50' },
        ],
        raw: phone!.bytes,
      },
    ]);
    await end();
  });

  it.each([
    [
      'responses',
      [
        'udp 10.66.0.50 5060',
        'tcp 10.66.0.51 5070',
        'udp 10.66.0.51 5070',
        'udp fd66:66::50 5060',
        'tcp fd66:66::51 5070',
        'udp fd66:66::51 5070',
        'udp fd66:66::60 5060',
      ],
    ],
    ['announcement', ['udp 10.66.9.50 5070']],
    ['legacy-answer', ['udp 10.66.9.50 5070']],
    ['probe', []],
    ['goodbye', []],
  ])('hears of %s from life what it is', async (name, places) => {
    const { say, tick, heard, end } = await running();
    for (const { bytes, address } of capturesOf(name)) say(bytes, address);
    await tick();
    expect(placesOf(heard)).toEqual(places);
    await end();
  });

  it('tells of each SIP endpoint once, and of the transport that its service means', async () => {
    const { say, tick, heard, end } = await running();
    say(
      announcement(
        { service: '_sips._tcp', port: 5061 },
        { service: '_sip._tcp', port: 5060 },
        { service: '_SIP._UDP', port: 5070 },
        { service: '_sip._udp', instance: 'Phone 2', port: 5070 },
      ),
    );
    await tick();
    expect(placesOf(heard)).toEqual(['tcp 10.0.0.7 5060', 'udp 10.0.0.7 5070', 'tls 10.0.0.7 5061']);
    expect(factsOf(heard[0])).toEqual(factsOf(heard[1]));
    await end();
  });

  it('takes no port 0 for an endpoint, and no other spelling of a name for another service', async () => {
    const { say, tick, heard, end } = await running();
    say(announcement({ port: 0 }, { instance: 'Phone 2' }, { instance: 'PHONE 2', texts: ['a=1'] }));
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 5060']);
    const names = factsOf(heard[0]).filter((fact) => fact.startsWith('mdns.instance'));
    expect(names).toEqual(['mdns.instance Phone 1', 'mdns.instance PHONE 2']);
    await end();
  });

  it('puts together what comes in pieces and in any order', async () => {
    const { clock, say, tick, heard, end } = await running();
    const [pointer, ...rest] = recordsOf({ texts: ['Model=X1', 'secure', '=nothing'] });
    for (const record of [...rest.reverse(), pointer!]) {
      say(message({ additionals: [record] }));
      await clock.advance(300);
    }
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 5060']);
    expect(factsOf(heard[0])).toEqual([
      'mdns.service _sip._udp',
      'mdns.instance Phone 1',
      'mdns.txt model=X1',
      'mdns.txt secure',
      'mdns.host phone.local',
    ]);
    await end();
  });

  it('tells of a door station without SIP, at no port of SIP', async () => {
    const { say, tick, heard, end } = await running();
    const texts = ['macaddress=1CCAE3700000'];
    say(
      announcement({ service: '_axis-video._tcp', instance: 'Doorstation - 1CCAE3700000', port: 80, texts }),
    );
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 0']);
    await end();
  });

  it('tells of who asks for what only phones ask for, but not of who browses all services', async () => {
    const { say, tick, heard, end } = await running();
    say(question('_digiumproxy._udp'), '10.0.0.7');
    say(question('_services._dns-sd._udp'), '10.0.0.8');
    say(question('_digiumproxy._udp'), '10.0.0.8');
    say(question('_googlecast._tcp'), '10.0.0.9');
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 0']);
    expect(factsOf(heard[0])).toEqual(['mdns.query _digiumproxy._udp']);
    expect((await end()).refused).toEqual({ irrelevant: 3 });
  });

  it('believes no record that stands in a question: those are of others', async () => {
    const { say, tick, heard, end } = await running();
    const records = recordsOf();
    say(message({ flags: 0, answers: records, authorities: records, additionals: records }));
    await tick();
    expect(heard).toEqual([]);
    await end();
  });

  it('hears what the site adds to its settings', async () => {
    const { say, tick, heard, end } = await running({
      services: ['_acme-phone._tcp'],
      queries: ['_acme._udp'],
    });
    say(announcement({ service: '_Acme-Phone._tcp', port: 80 }), '10.0.0.1');
    say(question('_ACME._udp'), '10.0.0.2');
    say(announcement({ service: '_axis-video._tcp' }), '10.0.0.3');
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.1 0', 'udp 10.0.0.2 0']);
    await end();
  });
});

describe('mdns, trusting', () => {
  it('lists what names another host under the source of the datagram only, and says so once', async () => {
    const { say, tick, heard, logged, end } = await running();
    say(announcement({ host: 'victim', address: '10.0.0.99' }));
    say(announcement({ host: 'victim', address: '10.0.0.99', instance: 'Phone 2' }));
    say(announcement({ host: 'honest', address: '10.0.0.8' }), '10.0.0.8');
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 5060', 'udp 10.0.0.8 5060']);
    expect(logged).toEqual(['mdns.for-others{"address":"10.0.0.7"}']);
    await end();
  });

  it('removes nothing on a farewell', async () => {
    const { clock, say, tick, heard, end } = await running();
    say(announcement({}));
    await tick();
    say(announcement({ ttl: 0 }));
    await clock.advance(15 * 60_000);
    say(announcement({}));
    await tick();
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 5060', 'udp 10.0.0.7 5060']);
    expect(heard[1]?.facts).toEqual(heard[0]?.facts);
    expect((await end()).refused).toEqual({ irrelevant: 1 });
  });

  it('refuses, by reason, what is no news', async () => {
    const { say, tick, heard, end } = await running({ ask: false });
    say(announcement({}));
    say(announcement({}));
    await tick();
    say(announcement({}));
    say(announcement({}), '192.0.2.7');
    say(Buffer.from('OPTIONS sip:10.0.0.1 SIP/2.0\r\n\r\n'));
    say(announcement({}).subarray(0, 60));
    say(announcement({ service: '_ipp._tcp', instance: 'SIP-2000' }));
    say(announcement({ service: '_http._tcp' }, { service: '_googlecast._tcp' }));
    say(message({ flags: RESPONSE_FLAGS | 3, answers: recordsOf({ instance: 'an error' }) }));
    await tick();
    expect(heard).toHaveLength(1);
    expect(await end()).toEqual({
      sent: 0,
      heard: 9,
      refused: { duplicate: 2, 'out-of-scope': 1, malformed: 2, irrelevant: 3 },
    });
  });

  it('tells again that a phone is there, every ten minutes, and at once what is new', async () => {
    const { clock, say, tick, heard, end } = await running();
    const sayAt = async (minutes: number, ...services: Service[]): Promise<number> => {
      await clock.advance(minutes * 60_000);
      say(announcement(...services));
      await tick();
      return heard.length;
    };
    expect(await sayAt(0, { texts: ['fw=1'] })).toBe(1);
    expect(await sayAt(9, { texts: ['fw=1'] })).toBe(1);
    expect(await sayAt(0, { texts: ['fw=2'] })).toBe(2);
    expect(factsOf(heard[1])).not.toContain('mdns.txt fw=1');
    expect(await sayAt(9, { texts: ['fw=2'] })).toBe(2);
    expect(await sayAt(1, { texts: ['fw=2'] })).toBe(3);
    await end();
  });

  it('forgets a service that was not renewed for 75 minutes', async () => {
    const { clock, say, tick, heard, end } = await running();
    say(announcement({ instance: 'Old' }));
    await clock.advance(74 * 60_000);
    say(announcement({ instance: 'New', port: 5070 }));
    await tick();
    expect(placesOf(heard.slice(1))).toEqual(['udp 10.0.0.7 5070', 'udp 10.0.0.7 5060']);
    await clock.advance(60_000);
    say(announcement({ instance: 'New', port: 5070 }));
    await tick();
    expect(placesOf(heard.slice(3))).toEqual(['udp 10.0.0.7 5070']);
    await end();
  });

  it('keeps only so much of one source', async () => {
    const { say, tick, heard, end } = await running();
    for (let at = 0; at < 40; at += 1)
      say(
        announcement({
          instance: `Phone ${at}`,
          port: 6000 + at,
          host: `host${at}`,
          texts: Array.from({ length: 60 }, (_, pair) => `key${pair}=${at}`),
        }),
      );
    await tick();
    expect(heard).toHaveLength(MAX_ENDPOINTS);
    const count = (field: string): number =>
      factsOf(heard[0]).filter((fact) => fact.startsWith(field)).length;
    expect(count('mdns.instance')).toBe(MAX_INSTANCES);
    expect(count('mdns.txt')).toBe(MAX_INSTANCES * MAX_PAIRS);
    expect(factsOf(heard[0])).toContain('mdns.instance Phone 39');
    await end();
  });

  it('keeps only so many questions of one source', async () => {
    const queries = Array.from({ length: 16 }, (_, at) => `_q${at}._udp`);
    const { say, tick, heard, end } = await running({ queries });
    say(question(...queries));
    await tick();
    expect(heard[0]?.facts).toHaveLength(MAX_QUERIES);
    await end();
  });

  it('takes sixty messages a minute from one source and six thousand from all, and goes on afterwards', async () => {
    const { clock, say, tick, heard, end } = await running({ ask: false });
    for (let at = 0; at < 100; at += 1) say(announcement({ texts: [`n=${at}`] }));
    say(announcement({}), '10.0.0.8');
    await tick();
    expect(factsOf(heard[0])).toContain('mdns.txt n=59');
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 5060', 'udp 10.0.0.8 5060']);
    await clock.advance(60_000);
    for (let at = 1; at <= 7000; at += 1) say(announcement({}), `10.1.${at >> 8}.${at & 255}`);
    await tick();
    expect(heard).toHaveLength(2 + 6000);
    await clock.advance(60_000);
    say(announcement({}), '10.0.0.9');
    await tick();
    expect(heard).toHaveLength(2 + 6000 + 1);
    expect((await end()).refused['rate-limited']).toBe(40 + 1000);
  });

  it('remembers only so many sources, the latest', async () => {
    const { clock, say, tick, heard, end } = await running({ ask: false });
    for (let at = 1; at <= MAX_SPEAKERS; at += 1) say(announcement({}), `10.1.${at >> 8}.${at & 255}`);
    say(announcement({}), '10.1.0.1');
    say(announcement({}), '10.0.0.7');
    await tick();
    await clock.advance(60_000);
    say(announcement({}), '10.1.0.1');
    say(announcement({}), '10.1.0.2');
    await tick();
    expect(placesOf(heard.slice(MAX_SPEAKERS + 1))).toEqual(['udp 10.1.0.2 5060']);
    await end();
  });

  it('remembers only so many browsers', () => {
    const memory = createMemory(2);
    for (const key of ['a', 'b', 'a', 'c']) memory.add(key);
    expect(['a', 'b', 'c'].map((key) => memory.has(key))).toEqual([true, false, true]);
  });

  it('lets the chatter of a LAN crowd out no phone', async () => {
    const { say, tick, heard, end } = await running({ ask: false });
    for (let at = 0; at < 1000; at += 1) say(announcement({ service: '_googlecast._tcp' }));
    say(announcement({}));
    await tick();
    expect(heard).toHaveLength(1);
    expect((await end()).refused).toEqual({ irrelevant: 1000 });
  });

  it('survives any bytes', async () => {
    const { say, tick, heard, end } = await running({ ask: false });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => say(bytes)),
      { numRuns: 300 },
    );
    await tick();
    await end();
    expect(heard).toEqual([]);
  });
});

describe('mdns, asking', () => {
  it('asks for SIP and the configured types in one datagram, to be answered by unicast, and never for all services', async () => {
    const { clock, net, end } = await running();
    await clock.advance(200);
    expect(net.sent.map(({ to }) => `${to.address}:${to.port}`)).toEqual([GROUP]);
    const parsed = parseDns(net.sent[0]!.bytes);
    if (!parsed.ok) throw new Error(parsed.fault);
    const { questions, answers, authorities, additionals } = parsed.value;
    expect(questions.map(({ name }) => name.join('.'))).toEqual([
      '_sip._udp.local',
      '_sip._tcp.local',
      '_sips._tcp.local',
      '_axis-video._tcp.local',
      '_csco-sb._tcp.local',
    ]);
    expect(questions.every(({ type, unicastResponse }) => type === TYPE.PTR && unicastResponse)).toBe(true);
    expect([answers, authorities, additionals]).toEqual([[], [], []]);
    await end();
  });

  it('asks half as often each time, hourly at last, and nothing twice in a second', async () => {
    const { clock, net, end } = await running();
    await clock.advance(8 * 3_600_000);
    const [first = 0, ...later] = net.sent.map(({ at }) => at);
    expect(first).toBeGreaterThanOrEqual(20);
    expect(first).toBeLessThanOrEqual(120);
    const gaps = later.map((at, index) => at - (net.sent[index]?.at ?? 0));
    expect(gaps.slice(0, 13)).toEqual([
      ...Array.from({ length: 12 }, (_, doubling) => 1000 * 2 ** doubling),
      3_600_000,
    ]);
    expect(gaps.slice(12).every((gap) => gap === 3_600_000)).toBe(true);
    await end();
  });

  it('hears answers that come to its own port, and knows its own question again', async () => {
    const answers: Host = ({ bytes, address, port }) => [
      { bytes: announcement({}), from: { address: '10.0.0.7', port: 5353 } },
      { bytes, from: { address, port: port === 0 ? 40_000 : port } },
    ];
    const { clock, heard, end } = await running({}, answers);
    await clock.advance(1200);
    expect(placesOf(heard)).toEqual(['udp 10.0.0.7 5060']);
    const { refused, sent } = await end();
    expect(sent).toBe(2);
    expect(refused).toEqual({ 'own-echo': 2, duplicate: 1 });
  });

  it('sends nothing where asking is switched off, and closes what it opened', async () => {
    const { clock, net, say, end } = await running({ ask: false });
    say(question('_sip._udp', '_digiumproxy._udp'));
    await clock.advance(3_600_000);
    expect(net.openSockets).toBe(1);
    await end();
    expect(net.sent).toEqual([]);
    expect(net.openSockets).toBe(0);
  });

  it('tells what it has heard when it is stopped at once', async () => {
    const { net, say, heard, end } = await running();
    say(announcement({}));
    expect(net.openSockets).toBe(2);
    await end();
    expect(heard).toHaveLength(1);
    expect(net.openSockets).toBe(0);
  });

  it('closes the group when its own sockets cannot be opened', async () => {
    const openUdp = (): Promise<never> => Promise.reject(new Error('no sockets left'));
    const { net, end } = await running({}, () => [], { openUdp });
    await expect(end()).rejects.toThrow('no sockets left');
    expect(net.openSockets).toBe(0);
  });
});

describe('the rules for mdns', () => {
  const matcher = loadMatcher(null);
  const identityOf = async (bytes: Uint8Array) => {
    const { say, tick, heard, end } = await running();
    say(bytes);
    await tick();
    await end();
    const { identity } = matcher.combine(matcher.match(heard[0]?.facts ?? [], false));
    // What `needsRule` asks for.
    return identity.vendor === undefined && identity.kind === undefined ? null : identity;
  };

  it.each([
    [
      0,
      {
        vendor: 'Grandstream',
        model: 'GRP2614',
        kind: 'desk-phone',
        firmware: '1.0.9.26',
        mac: '000b82000050',
      },
    ],
    [1, { vendor: '2N', model: 'IP Verso', firmware: '2.43.1', kind: 'door-intercom' }],
    [4, { vendor: 'Snom', model: 'D865', kind: 'desk-phone' }],
  ])('read answer %d from life', async (at, identity) => {
    expect(await identityOf(capturesOf('responses')[at]!.bytes)).toMatchObject(identity);
  });

  it('know door stations, speakers and phones by what they announce and ask', async () => {
    const camera = (instance: string, texts: string[] = []) =>
      identityOf(announcement({ service: '_axis-video._tcp', instance, texts, port: 80 }));
    expect(await camera('Doorstation - 1CCAE3700000')).toMatchObject({
      vendor: 'DoorBird',
      kind: 'door-intercom',
    });
    expect(await camera('Front', ['macaddress=1CCAE3700000'])).toMatchObject({ vendor: 'DoorBird' });
    expect(await camera('AXIS A8105-E - ACCC8E270AD8')).toMatchObject({
      vendor: 'Axis',
      model: 'A8105-E',
      kind: 'door-intercom',
      mac: 'accc8e270ad8',
    });
    expect(await identityOf(question('_digiumproxy._udp'))).toMatchObject({
      vendor: 'Digium',
      kind: 'desk-phone',
    });
    const adapter = { service: '_csco-sb._tcp', texts: ['model=SPA112'] };
    expect(await identityOf(announcement(adapter))).toMatchObject({
      vendor: 'Cisco',
      model: 'SPA112',
      kind: 'ata',
    });
  });

  it('list whoever offers SIP, unknown or not, and no camera, switch or printer', async () => {
    expect(await identityOf(announcement({}))).toEqual({ kind: 'other' });
    const texts = ['macaddress=ACCC8E270AD8', 'vendor=Axis', 'model=M1065'];
    const others: Service[] = [
      { service: '_axis-video._tcp', instance: 'AXIS M1065-LW - ACCC8E270AD8', texts },
      { service: '_csco-sb._tcp', instance: 'switch', texts: ['model=SG300-10', 'vendor=Cisco'] },
      { service: '_ipp._tcp', instance: 'SIP-2000', texts: ['vendor=Snom'] },
    ];
    for (const other of others) expect(await identityOf(announcement(other)), other.service).toBeNull();
  });
});

const whyNotReal = ((): string | null => {
  if (process.getuid?.() !== 0) return 'needs root for network namespaces';
  try {
    execFileSync('ip', ['netns', 'list'], { stdio: 'ignore' });
    execFileSync('avahi-daemon', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'needs iproute2 and avahi-daemon';
  }
})();

/** A phone's firmware in a namespace of its own: avahi-daemon with these services, on a wire to the namespace of the auditor. */
function createPhone(): { auditor: string; remove: () => Promise<void> } {
  const name = `sipcensus-mdns-${process.pid}`;
  const [auditor, phone] = [`${name}-a`, `${name}-b`];
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-mdns-'));
  const ip = (...words: string[]): void => void execFileSync('ip', words);
  mkdirSync(join(folder, 'services'));
  writeFileSync(join(folder, 'avahi-daemon.conf'), AVAHI_CONFIG);
  for (const [file, group] of Object.entries(SERVICES))
    writeFileSync(join(folder, 'services', `${file}.service`), serviceFile(group));
  ip('netns', 'add', auditor);
  ip('netns', 'add', phone);
  ip('link', 'add', 'lan', 'netns', auditor, 'type', 'veth', 'peer', 'name', 'lan', 'netns', phone);
  for (const [namespace, address] of [
    [auditor, '10.66.9.1/24'],
    [phone, '10.66.9.50/24'],
  ] as const) {
    ip('-n', namespace, 'addr', 'add', address, 'dev', 'lan');
    for (const device of ['lo', 'lan']) ip('-n', namespace, 'link', 'set', device, 'up');
    ip('-n', namespace, 'route', 'add', '224.0.0.0/4', 'dev', 'lan');
  }
  // It reads /etc/avahi and writes to /run: in a mount namespace those are ours.
  const run = `mount --bind ${folder} /etc/avahi && mount -t tmpfs none /run && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits`;
  const daemon: ChildProcess = spawn('ip', ['netns', 'exec', phone, 'unshare', '-m', 'sh', '-c', run], {
    stdio: 'ignore',
  });
  return {
    auditor,
    async remove() {
      const ended = once(daemon, 'exit');
      daemon.kill();
      await ended;
      ip('netns', 'del', auditor);
      ip('netns', 'del', phone);
      rmSync(folder, { recursive: true });
    },
  };
}

const AVAHI_CONFIG = `[server]
host-name=desk-reception
use-ipv6=no
enable-dbus=no
[publish]
publish-workstation=no
publish-hinfo=no
`;
const SERVICES = {
  phone: {
    name: 'GRP2614 reception',
    services: [
      { type: '_sip._udp', port: 5070, texts: ['model=GRP2614', 'mac=000B82000050'] },
      { type: '_sip._tcp', port: 5060, texts: [] },
      { type: '_http._tcp', port: 80, texts: [] },
    ],
  },
  door: {
    name: 'Doorstation - 1CCAE3700000',
    services: [{ type: '_axis-video._tcp', port: 80, texts: ['macaddress=1CCAE3700000'] }],
  },
};
const serviceFile = ({ name, services }: (typeof SERVICES)[keyof typeof SERVICES]): string =>
  `<!DOCTYPE service-group SYSTEM "avahi-service.dtd"><service-group><name>${name}</name>${services
    .map(
      ({ type, port, texts }) =>
        `<service><type>${type}</type><port>${port}</port>${texts.map((text) => `<txt-record>${text}</txt-record>`).join('')}</service>`,
    )
    .join('')}</service-group>`;

describe.skipIf(whyNotReal !== null)(
  `mdns and avahi-daemon${whyNotReal === null ? '' : `: ${whyNotReal}`}`,
  () => {
    let phone: ReturnType<typeof createPhone>;
    beforeAll(() => {
      phone = createPhone();
    });
    afterAll(() => phone.remove());

    const audit = (ask: 'ask' | 'listen', seconds: number) => {
      const node = join(process.cwd(), 'node_modules/.bin/node');
      const program = [
        'test/channels/mdns-in-namespace.ts',
        '10.66.9.1',
        '10.66.9.0/24',
        ask,
        String(seconds),
      ];
      const output = execFileSync('ip', ['netns', 'exec', phone.auditor, node, ...program], {
        encoding: 'utf8',
      });
      return JSON.parse(output) as {
        report: ChannelReport;
        sightings: { from: { transport: string; address: string; port: number }; facts: string[] }[];
      };
    };

    it('hears its answers at both SIP ports, by unicast while nothing is announced', () => {
      // Once it has announced all that it has, it speaks only when it is asked.
      for (let tries = 0; audit('listen', 3).sightings.length > 0; tries += 1) expect(tries).toBeLessThan(10);
      const { report, sightings } = audit('ask', 5);
      expect(report.sent).toBeGreaterThanOrEqual(2);
      expect(sightings.map(({ from }) => `${from.transport} ${from.address} ${from.port}`)).toEqual([
        'tcp 10.66.9.50 5060',
        'udp 10.66.9.50 5070',
      ]);
      expect(sightings[0]?.facts).toEqual([
        'mdns.service _axis-video._tcp',
        'mdns.instance Doorstation - 1CCAE3700000',
        'mdns.txt macaddress=1CCAE3700000',
        'mdns.host desk-reception.local',
        'mdns.service _sip._tcp',
        'mdns.instance GRP2614 reception',
        'mdns.service _sip._udp',
        'mdns.txt model=GRP2614',
        'mdns.txt mac=000B82000050',
      ]);
    });
  },
);
