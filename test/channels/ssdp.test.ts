import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadMatcher } from '../../src/app/knowledge.ts';
import { MAX_VALUE_LENGTH, MAX_VALUES } from '../../src/channels/ssdp/facts.ts';
import { ssdp } from '../../src/channels/ssdp/index.ts';
import { createGroupNet } from '../../src/engine/group-net.ts';
import type { Fact } from '../../src/model/fact.ts';
import { failure, success } from '../../src/model/outcome.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { httpGet } from '../../src/platform/http-get.ts';
import { createScope } from '../../src/scope/scope.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet, type Host } from '../sim/net.ts';
import { capture, datagramsOf, message, ROUTER_SERVER } from '../wire/ssdp/samples.ts';

const GROUP = '239.255.255.250:1900';
const LAN = {
  interface: 'eth0',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: false,
};
const UUID = 'uuid:75802409-bccb-40e7-8e6c-3810d5000053';
const matcher = loadMatcher(null);

type Context = Parameters<typeof ssdp.run>[0];
interface Setting {
  config?: Partial<Context['config']>;
  /** Who answers the group. */
  host?: Host;
  get?: (url: string) => ReturnType<typeof httpGet>;
}

async function running({ config = {}, host, get }: Setting = {}) {
  const clock = createSimulatedClock();
  const system = createSimulatedNet(clock, new Map(host === undefined ? [] : [[GROUP, host]]));
  const scope = createScope({ include: ['10.0.0.0/24', '127.0.0.1'] });
  if (!scope.ok) throw new Error('scope');
  const ending = new AbortController();
  const heard: Sighting[] = [];
  const logged: unknown[] = [];
  const asked: string[] = [];
  const report = ssdp.run({
    config: {
      interfaces: ['eth0'],
      ask: false,
      everyMinutes: 60,
      searchTargets: ['upnp:rootdevice', 'urn:a:device:b:1', 'urn:c:service:d:1'],
      describe: true,
      ...config,
    },
    site: 's',
    clock,
    log: { info: (_, values) => void logged.push(values), warn: () => undefined, error: () => undefined },
    signal: ending.signal,
    net: createGroupNet({
      scope: scope.value,
      system: {
        ...system,
        httpGet: (url, signal) => {
          asked.push(url);
          return get === undefined ? httpGet(url, signal) : get(url);
        },
      },
      clock,
      networks: () => [LAN],
    }),
    emit: (sighting) => void heard.push(sighting),
  });
  await clock.advance(0);
  return {
    clock,
    system,
    heard,
    logged,
    asked,
    say: (bytes: Uint8Array, address = '10.0.0.7', port = 1900) => system.multicast({ bytes, address, port }),
    end: () => (ending.abort(), report),
  };
}

const alive = (headers: Record<string, string> = {}): Buffer =>
  message('NOTIFY * HTTP/1.1', {
    NTS: 'ssdp:alive',
    NT: 'upnp:rootdevice',
    USN: `${UUID}::upnp:rootdevice`,
    SERVER: ROUTER_SERVER,
    ...headers,
  });
const byebye = message('NOTIFY * HTTP/1.1', { NTS: 'ssdp:byebye', NT: 'upnp:rootdevice', USN: UUID });
const said = (sighting: Sighting | undefined): string[] =>
  (sighting?.facts ?? []).map(({ field, value }) => `${field} ${value}`);
const identityOf = (facts: readonly Fact[] = []) => matcher.combine(matcher.match(facts, false)).identity;
const xmlOf = (names: Record<string, string>): string =>
  `<root><device>${Object.entries(names)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</device></root>`;
/** What a responder answered, as if it were the host that these tests hear. */
const answersOf = (name: string): Buffer[] =>
  datagramsOf(`${name}_msearch-all-answers.txt`).map((bytes) =>
    Buffer.from(bytes.toString('latin1').replace(/http:\/\/10\.66\.0\.\d+/, 'http://10.0.0.7'), 'latin1'),
  );
const describes = (xml: string | Buffer) => () => Promise.resolve(success(Buffer.from(xml)));

describe('ssdp', () => {
  it('asks the group, and nobody else, two copies of each target at least 200 ms apart, once an hour', async () => {
    const { clock, system, end } = await running({ config: { ask: true } });
    await clock.advance(59 * 60_000);
    const targetOf = (bytes: Uint8Array) => /\nST: (.*)\r/.exec(Buffer.from(bytes).toString())?.[1];
    expect(system.sent.map(({ to }) => `${to.address}:${to.port}`)).toEqual(Array(6).fill(GROUP));
    expect(system.sent.map(({ bytes }) => targetOf(bytes))).toEqual([
      ...['upnp:rootdevice', 'urn:a:device:b:1', 'urn:c:service:d:1'],
      ...['upnp:rootdevice', 'urn:a:device:b:1', 'urn:c:service:d:1'],
    ]);
    const times = system.sent.map(({ at }) => at);
    expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(
      200,
    );
    await clock.advance(2 * 60_000);
    expect(system.sent).toHaveLength(12);
    expect(await end()).toMatchObject({ sent: 12, heard: 0, refused: {} });
  });

  it('asks nothing where it is to listen only', async () => {
    const { clock, system, say, end } = await running();
    say(alive());
    await clock.advance(3 * 3600_000);
    await end();
    expect(system.sent).toEqual([]);
  });

  it('tells of who answered, from where it was heard, and as news that nobody can prove', async () => {
    const answer = message('HTTP/1.1 200 OK', {
      ST: 'urn:a:device:b:1',
      USN: `${UUID}::x`,
      SERVER: ROUTER_SERVER,
    });
    const { clock, heard, end } = await running({
      config: { ask: true },
      host: () => [{ bytes: answer, from: { address: '10.0.0.7', port: 40_001 } }],
    });
    await clock.advance(10_000);
    const report = await end();
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      channel: 'ssdp',
      from: { site: 's', transport: 'udp', address: '10.0.0.7', port: 0 },
      solicited: false,
    });
    expect(Buffer.from(heard[0]?.raw ?? []).equals(answer)).toBe(true);
    expect(said(heard[0])).toEqual([
      `ssdp.server ${ROUTER_SERVER}`,
      'ssdp.st urn:a:device:b:1',
      `ssdp.usn ${UUID}`,
    ]);
    expect(report).toEqual({ sent: 6, heard: 6, refused: { duplicate: 5 } });
  });

  it('makes one sighting of all that a device says, the same in whatever order it says it', async () => {
    const datagrams = answersOf('miniupnpd-2.3.1');
    const xml = capture('miniupnpd-2.3.1_description.xml');
    const tell = async (order: Buffer[]): Promise<string[][]> => {
      const { clock, heard, say, end } = await running({ get: describes(xml) });
      for (const datagram of order) say(datagram);
      await clock.advance(20_000);
      await end();
      return heard.map(said);
    };
    const [facts = [], ...more] = await tell(datagrams);
    expect(more).toEqual([]);
    expect(facts.filter((fact) => fact.startsWith('ssdp.server'))).toEqual([
      'ssdp.server Debian/6.1.0-masked UPnP/1.1 MiniUPnPd/2.3.1',
    ]);
    expect(facts.filter((fact) => fact.startsWith('ssdp.st'))).toHaveLength(9);
    expect(facts).toContain('ssdp.model_name FRITZ!Box 7590');
    expect(await tell([...datagrams, ...datagrams].reverse())).toEqual([facts]);
  });

  it('tells again after ten minutes, though nothing is new, and counts what lies between', async () => {
    const { clock, heard, say, end } = await running();
    for (let minute = 0; minute < 21; minute++) {
      say(alive());
      await clock.advance(60_000);
    }
    const report = await end();
    expect(heard).toHaveLength(2);
    expect(said(heard[1])).toEqual(said(heard[0]));
    expect((heard[1]?.at ?? 0) - (heard[0]?.at ?? 0)).toBe(11 * 60_000);
    expect(report).toMatchObject({ heard: 21, refused: { duplicate: 19 } });
  });

  it('removes nothing on a farewell, which anybody can forge', async () => {
    const { clock, heard, say, end } = await running();
    say(byebye, '10.0.0.8');
    say(alive());
    say(byebye);
    await clock.advance(5000);
    say(byebye);
    await clock.advance(11 * 60_000);
    say(alive());
    expect((await end()).refused).toEqual({ irrelevant: 3 });
    expect(heard.map(({ from }) => from.address)).toEqual(['10.0.0.7', '10.0.0.7']);
    expect(said(heard[1])).toEqual(said(heard[0]));
  });

  it('refuses, by reason, what is no news', async () => {
    const { say, heard, system, clock, end } = await running({ config: { ask: true } });
    const ownPort = 40_000;
    const search = message('M-SEARCH * HTTP/1.1', { ST: 'ssdp:all' });
    say(alive(), '10.9.9.9');
    say(search, '10.0.0.200', ownPort);
    say(search, '10.0.0.8', 50_000);
    say(search, '10.0.0.8', 1900);
    say(Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n'));
    say(message('HTTP/1.1 200 OK', { EXT: 'x' }));
    await clock.advance(10);
    expect(system.openSockets).toBe(2);
    expect((await end()).refused).toEqual({ 'out-of-scope': 1, 'own-echo': 1, irrelevant: 3, malformed: 1 });
    expect(heard).toEqual([]);
    expect(system.openSockets).toBe(0);
  });

  it('takes at most three hundred messages a minute from one source, and goes on afterwards', async () => {
    const { clock, say, heard, end } = await running();
    for (let index = 0; index < 400; index++) say(alive());
    say(alive(), '10.0.0.8');
    await clock.advance(60_000);
    say(alive({ NT: 'urn:a:device:late:1' }));
    const { refused } = await end();
    expect(refused['rate-limited']).toBe(100);
    expect(heard.map(({ from }) => from.address)).toEqual(['10.0.0.7', '10.0.0.8', '10.0.0.7']);
  });

  it('tells at the end of what it just heard', async () => {
    const { heard, say, end } = await running();
    say(alive());
    expect(heard).toEqual([]);
    await end();
    expect(heard).toHaveLength(1);
  });

  it('forgets the old SERVER when the firmware was updated, and an old place when the device has moved on', async () => {
    const { clock, heard, say, end } = await running({ config: { describe: false } });
    say(alive({ SERVER: 'a/1', LOCATION: 'http://10.0.0.7:5000/' }));
    await clock.advance(5000);
    say(alive({ SERVER: 'a/2', LOCATION: 'http://10.0.0.7:5000/' }));
    await clock.advance(5000);
    expect(heard.map((sighting) => said(sighting)[0])).toEqual(['ssdp.server a/1', 'ssdp.server a/2']);
    await clock.advance(3 * 3600_000);
    say(alive({ SERVER: 'a/3', LOCATION: 'http://10.0.0.7:6000/' }));
    await end();
    expect(said(heard[2]).filter((fact) => fact.startsWith('ssdp.server'))).toEqual(['ssdp.server a/3']);
  });

  it('keeps no more of a source than it may, whatever it says', async () => {
    const { clock, heard, say, asked, end } = await running({
      get: () => Promise.resolve(failure('broken')),
    });
    for (let index = 0; index < 250; index++)
      say(
        alive({
          NT: `urn:a:device:${index}:1`,
          USN: `uuid:${index}${'x'.repeat(900)}`,
          LOCATION: `http://10.0.0.7:5000/${index % 20}`,
        }),
      );
    await clock.advance(60_000);
    const { refused } = await end();
    expect(refused['queue-full']).toBeGreaterThan(100);
    expect(asked).toHaveLength(8);
    expect(heard[0]?.facts.length).toBeLessThanOrEqual(3 * MAX_VALUES);
    for (const { value } of heard[0]?.facts ?? []) expect(value.length).toBeLessThanOrEqual(MAX_VALUE_LENGTH);
  });

  it('survives any bytes', async () => {
    const { say, end } = await running();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'NOTIFY * HTTP/1.1\r\n'),
        (bytes, start) =>
          say(Buffer.concat([Buffer.from(start), bytes]), `10.0.0.${(bytes[0] ?? 0) % 250 || 1}`),
      ),
      { numRuns: 300 },
    );
    const { heard, refused } = await end();
    expect(heard).toBe(300);
    expect(refused.malformed).toBeGreaterThan(50);
  });
});

describe('ssdp, with descriptions', () => {
  const at = (port: number): Record<string, string> => ({ LOCATION: `http://10.0.0.7:${port}/d.xml` });

  it('fetches each place of a device once a day, a second after the other', async () => {
    const fetchedAt: number[] = [];
    const names = {
      friendlyName: 'Lobby',
      manufacturer: 'Acme',
      modelName: 'P10W',
      modelNumber: '1',
      serialNumber: '7',
    };
    const { clock, heard, say, asked, end } = await running({
      get: () => {
        fetchedAt.push(clock.monotonic());
        return Promise.resolve(success(Buffer.from(xmlOf({ ...names, deviceType: 'urn:a', UDN: 'uuid:b' }))));
      },
    });
    for (let hour = 0; hour < 24; hour++) {
      for (const port of [5000, 6000]) say(alive(at(port)));
      await clock.advance(3600_000);
    }
    expect(asked).toEqual(['http://10.0.0.7:5000/d.xml', 'http://10.0.0.7:6000/d.xml']);
    expect((fetchedAt[1] ?? 0) - (fetchedAt[0] ?? 0)).toBe(1000);
    expect(said(heard[0])).toEqual([
      ...[
        'ssdp.device_type urn:a',
        'ssdp.friendly_name Lobby',
        'ssdp.manufacturer Acme',
        'ssdp.model_name P10W',
      ],
      ...['ssdp.model_number 1', 'ssdp.serial_number 7', `ssdp.server ${ROUTER_SERVER}`],
      ...[`ssdp.usn ${UUID}`, 'ssdp.usn uuid:b'],
    ]);
    for (const sighting of heard) expect(said(sighting)).toEqual(said(heard[0]));
    say(alive(at(5000)));
    await clock.advance(5000);
    expect(asked).toHaveLength(3);
    await end();
  });

  it('fetches from at most three devices at a time', async () => {
    let open = 0;
    let most = 0;
    const { clock, heard, say, end } = await running({
      get: async () => {
        most = Math.max(most, (open += 1));
        await clock.sleep(2000);
        open -= 1;
        return failure('timeout');
      },
    });
    for (let host = 1; host <= 10; host++)
      say(alive({ LOCATION: `http://10.0.0.${host}:5000/d.xml` }), `10.0.0.${host}`);
    await clock.advance(20_000);
    await end();
    expect(most).toBe(3);
    expect(heard).toHaveLength(10);
  });

  it('tells, before it ends, of a device whose description was under way', async () => {
    const late = () =>
      new Promise<ReturnType<typeof failure<'aborted'>>>((resolve) =>
        setTimeout(() => resolve(failure('aborted')), 20),
      );
    const { clock, say, asked, heard, end } = await running({ get: late });
    say(alive(at(5000)));
    await clock.advance(3000);
    expect([asked.length, heard.length]).toEqual([1, 0]);
    await end();
    expect(heard).toHaveLength(1);
  });

  it('fetches nothing where it is told not to', async () => {
    const { clock, say, asked, heard, end } = await running({ config: { describe: false } });
    say(alive(at(5000)));
    await clock.advance(10_000);
    await end();
    expect(asked).toEqual([]);
    expect(heard).toHaveLength(1);
  });

  it('lists a device whose description is elsewhere, and asks nobody for it', async () => {
    const { clock, say, asked, heard, logged, end } = await running();
    const places = [
      'http://10.0.0.8:5000/',
      'http://example.com/',
      'file:///etc/passwd',
      'http://10.0.0.7:22/',
    ];
    for (const LOCATION of places) say(alive({ LOCATION }));
    await clock.advance(30_000);
    await end();
    expect(asked).toEqual([]);
    expect(heard).toHaveLength(1);
    expect(logged).toEqual([{ refused: 4 }]);
  });

  it('keeps what a description said when it cannot be fetched the next day', async () => {
    let day = 0;
    const { clock, say, heard, end } = await running({
      get: () =>
        Promise.resolve(
          (day += 1) === 1 ? success(Buffer.from(xmlOf({ modelName: 'P10W' }))) : failure('timeout'),
        ),
    });
    say(alive(at(5000)));
    await clock.advance(25 * 3600_000);
    say(alive(at(5000)));
    await clock.advance(5000);
    await end();
    expect(day).toBe(2);
    expect(said(heard[1])).toContain('ssdp.model_name P10W');
  });
});

describe('ssdp, as the rules read it', () => {
  const identify = async (bytes: Buffer[], xml: string | Buffer | null) => {
    const { clock, heard, say, end } = await running({
      get: xml === null ? () => Promise.resolve(failure('broken')) : describes(xml),
    });
    for (const datagram of bytes) say(datagram);
    await clock.advance(10_000);
    await end();
    expect(heard).toHaveLength(1);
    return identityOf(heard[0]?.facts);
  };

  it('knows a router with telephony by SERVER, firmware and MAC included', async () => {
    expect(await identify([alive()], null)).toEqual({
      ...{ vendor: 'AVM', family: 'FRITZ!OS', model: 'FRITZ!Box 7490', kind: 'gateway' },
      ...{ firmware: '113.06.93', mac: '3810d5000053' },
    });
  });

  it('knows a door station by its description, and not a camera of the same maker', async () => {
    const camera = capture('axis-m1014_description-quoted.xml').toString();
    const usn = 'uuid:Upnp-BasicDevice-1_0-ACCC8E270AD8::urn:axis-com:service:BasicService:1';
    const answer = message('HTTP/1.1 200 OK', {
      ST: 'urn:axis-com:service:BasicService:1',
      USN: usn,
      SERVER: 'Linux/4.9.94-axis5, UPnP/1.0, Portable SDK for UPnP devices/1.6.22',
      LOCATION: 'http://10.0.0.7:49152/rootdesc1.xml',
    });
    expect(await identify([answer], camera.replaceAll('M1014', 'A8105-E'))).toEqual({
      ...{ vendor: 'Axis', family: 'AXIS OS', model: 'A8105-E', kind: 'door-intercom', mac: 'accc8e270ad8' },
    });
    expect(await identify([answer], camera)).toEqual({});
  });

  it.each(['miniupnpd-2.3.1', 'minidlna-1.3.0'])(
    'takes %s for nothing, whatever name it was given',
    async (name) => {
      expect(await identify(answersOf(name), capture(`${name}_description.xml`))).toEqual({});
    },
  );

  it('takes a repeater, which answers for the same device type, for nothing', async () => {
    const server = ROUTER_SERVER.replaceAll('FRITZ!Box 7490', 'FRITZ!WLAN Repeater 310');
    const notify = alive({ SERVER: server, NT: 'urn:schemas-upnp-org:device:fritzbox:1' });
    expect(await identify([notify], null)).toEqual({});
  });
});

describe('ssdp, before a hostile web server (real loopback)', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  const serve = async (handler: RequestListener): Promise<{ url: string; hits: () => number }> => {
    let hits = 0;
    const server = createServer((request, response) => {
      hits += 1;
      handler(request, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/d.xml`, hits: () => hits };
  };
  /** Announces the place, waits for the sighting, and returns it with what came of the fetch. */
  const visit = async (url: string) => {
    const { clock, heard, logged, say, end } = await running();
    say(alive({ LOCATION: url }), '127.0.0.1');
    for (let tries = 0; heard.length === 0 && tries < 1000; tries++) {
      await clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await end();
    return { facts: said(heard[0]), outcome: logged[0] };
  };
  const unnamed = [`ssdp.server ${ROUTER_SERVER}`, `ssdp.usn ${UUID}`];

  it('reads an honest one', async () => {
    const { url } = await serve((_, response) => response.end(xmlOf({ modelName: 'P10W' })));
    expect(await visit(url)).toEqual({
      facts: ['ssdp.model_name P10W', ...unnamed],
      outcome: { described: 1 },
    });
  });

  it.each<[string, string, (trap: string) => RequestListener]>([
    ['redirects', 'redirect', (trap) => (_, response) => response.writeHead(302, { Location: trap }).end()],
    ['never ends', 'timeout', () => (_, response) => response.write('<root>')],
    [
      'sends 256 MiB',
      'too-large',
      () => (_, response) => {
        response.on('error', () => undefined);
        const send = (left: number): void => {
          if (left > 0 && !response.destroyed)
            response.write(Buffer.alloc(1 << 20, '<a/>'), () => send(left - 1));
        };
        send(256);
      },
    ],
    [
      'has an external entity',
      'doctype',
      (trap) => (_, response) =>
        response.end(
          `<!DOCTYPE root [<!ENTITY a SYSTEM "${trap}"><!ENTITY b SYSTEM "file:///etc/passwd"><!ENTITY % c SYSTEM "${trap}">%c;]>${xmlOf({ modelName: '&a;&b;' })}`,
        ),
    ],
    [
      'has an entity bomb',
      'doctype',
      () => (_, response) =>
        response.end(
          `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]>${xmlOf({ modelName: '&c;' })}`,
        ),
    ],
    [
      'names a stylesheet and a schema',
      'described',
      (trap) => (_, response) =>
        response.end(
          `<?xml-stylesheet href="${trap}"?><root xmlns:xi="${trap}"><device><xi:include href="${trap}"/></device></root>`,
        ),
    ],
    ['sends a login page', 'no-device', () => (_, response) => response.end('<html><form/></html>')],
  ])('lists a device whose server %s, and follows nothing: %s', async (_, outcome, handler) => {
    const trap = await serve((_request, response) => response.end(xmlOf({ modelName: 'trapped' })));
    const { url } = await serve(handler(trap.url));
    expect(await visit(url)).toEqual({ facts: unnamed, outcome: { [outcome]: 1 } });
    expect(trap.hits()).toBe(0);
  });
});

const NAMESPACES = ['sipcensus-ssdp-a', 'sipcensus-ssdp-b'] as const;
const hasAll =
  process.getuid?.() === 0 &&
  spawnSync('ip', ['netns', 'list']).status === 0 &&
  spawnSync('which', ['miniupnpd']).status === 0;

describe.skipIf(!hasAll)(
  "ssdp, beside Debian's miniupnpd (needs root, for network namespaces, and miniupnpd)",
  () => {
    const [ours, theirs] = NAMESPACES;
    const folder = mkdtempSync(join(tmpdir(), 'sipcensus-ssdp-'));
    const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
    let daemon: ChildProcess | null = null;
    const remove = (): void => NAMESPACES.forEach((name) => void spawnSync('ip', ['netns', 'del', name]));

    beforeAll(() => {
      remove();
      for (const name of NAMESPACES) ip('netns', 'add', name);
      ip('link', 'add', 'sc-sa', 'netns', ours, 'type', 'veth', 'peer', 'name', 'sc-sb', 'netns', theirs);
      for (const [name, device, address] of [
        [ours, 'sc-sa', '10.77.1.1/24'],
        [theirs, 'sc-sb', '10.77.1.2/24'],
      ] as const) {
        ip('-n', name, 'address', 'add', address, 'dev', device);
        for (const up of ['lo', device]) ip('-n', name, 'link', 'set', up, 'up');
        ip('-n', name, 'route', 'add', '224.0.0.0/4', 'dev', device);
      }
      const lines = [
        'ext_ifname=lo',
        'listening_ip=sc-sb',
        'http_port=49000',
        'enable_natpmp=no',
        'enable_upnp=yes',
      ];
      const names = [`uuid=${UUID.slice(5)}`, 'friendly_name=Router', 'model_name=P10W', 'notify_interval=3'];
      writeFileSync(join(folder, 'conf'), [...lines, ...names, ''].join('\n'));
      daemon = spawn('ip', [
        ...[
          'netns',
          'exec',
          theirs,
          'miniupnpd',
          '-d',
          '-f',
          join(folder, 'conf'),
          '-P',
          join(folder, 'pid'),
        ],
      ]);
    });
    afterAll(async () => {
      const ended = new Promise((resolve) => daemon?.once('exit', resolve));
      daemon?.kill();
      await ended;
      remove();
      rmSync(folder, { recursive: true });
    });

    const hear = (ask: 'ask' | 'listen') =>
      JSON.parse(
        execFileSync(
          'ip',
          [
            ...['netns', 'exec', ours, process.execPath, 'test/channels/ssdp-in-namespace.ts'],
            ...['10.77.1.1', '10.77.1.0/24', ask, '9'],
          ],
          { encoding: 'utf8' },
        ),
      ) as { report: { sent: number; heard: number }; sightings: Pick<Sighting, 'from' | 'facts'>[] };

    it.each([
      ['ask', 2],
      ['listen', 0],
    ] as const)('hears it, and reads its description, when it is to %s', (ask, sent) => {
      const { report, sightings } = hear(ask);
      expect(report.sent).toBe(sent);
      expect(report.heard).toBeGreaterThan(0);
      expect(sightings[0]?.from).toMatchObject({ address: '10.77.1.2', port: 0 });
      expect((sightings[0]?.facts ?? []).map(({ field, value }) => `${field} ${value}`)).toEqual(
        expect.arrayContaining(['ssdp.friendly_name Router', 'ssdp.model_name P10W', `ssdp.usn ${UUID}`]),
      );
    });
  },
);
