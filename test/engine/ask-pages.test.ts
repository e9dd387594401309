import { describe, expect, it } from 'vitest';
import { createPipeline, openTransientInventory, systemNet } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { askPages } from '../../src/engine/ask-pages.ts';
import { createHostPace, HOST_GAP_MS } from '../../src/engine/pace.ts';
import { createAskedHosts, pagesToAsk } from '../../src/engine/pages-to-ask.ts';
import type { SystemNet } from '../../src/engine/scoped-net.ts';
import { hasAnswered } from '../../src/model/coverage.ts';
import type { Device } from '../../src/model/device.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { Clock } from '../../src/platform/ports.ts';
import { createScope } from '../../src/scope/scope.ts';
import { devicesByAddress, listDevices } from '../../src/store/devices.ts';
import { latestFindings } from '../../src/store/findings.ts';
import { says, serve } from '../channels/web-server.ts';
import { createSimulatedClock } from '../sim/clock.ts';
import { createSimulatedNet } from '../sim/net.ts';
import { createSimulatedStreams, type Listener } from '../sim/streams.ts';
import { answerOf } from '../wire/http/answers.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });

/** A site that was swept: sightings go in, pages are asked for where they may be, and what they say goes in too. */
function site(system: SystemNet, clock: Clock, network: string) {
  const db = openTransientInventory();
  const { intake } = createPipeline(db, () => knowledge);
  const scope = createScope({ include: [network] });
  if (!scope.ok) throw new Error('scope');
  const silent = (): void => undefined;
  const request = {
    site: 's',
    scope: scope.value,
    config: { schemes: ['http' as const], everyHours: 24, rate: 5, maxConnections: 5 },
    system,
    networks: () => [],
    hosts: createHostPace(HOST_GAP_MS, clock),
    asked: createAskedHosts(clock),
    clock,
    log: { info: silent, warn: silent, error: silent },
    signal: new AbortController().signal,
    emit: (sighting: Sighting) => intake.accept([sighting]),
    onProgress: silent,
  };
  return {
    hear(address: string, userAgent: string, status: string | null = '200'): void {
      intake.accept([
        {
          channel: status === null ? 'registrations' : 'sip-options',
          at: clock.now(),
          from: { site: 's', transport: 'udp', address, port: 5060 },
          solicited: true,
          facts: [
            ...(status === null ? [] : [{ field: 'sip.status' as const, value: status }]),
            { field: 'sip.user_agent', value: userAgent },
          ],
          raw: new Uint8Array(0),
        },
      ]);
    },
    hosts: request.hosts,
    askPages: () => askPages(request, pagesToAsk(listDevices(db, {}), request)),
    deviceAt: (address: string): Device => devicesByAddress(db, 's', address)[0]!,
    devices: () => listDevices(db, {}),
    findings: () => latestFindings(db, 100).map(({ kind }) => kind),
  };
}

const GRANDSTREAM = answerOf('200 OK', ['Server: Grandstream GXP1400 1.2.5.3']);
// It does not tell its firmware: were it a phone, it would be asked.
const DOOR_STATION = 'AXIS A8105-E Network Video Door Station';

/** The same with phones that answer on port 80, in simulated time. */
function simulated(listeners: Record<string, Listener>) {
  const clock = createSimulatedClock();
  const streams = createSimulatedStreams(clock, new Map(Object.entries(listeners)));
  const net = createSimulatedNet(clock, new Map(), undefined, (...to) => streams.openStream(...to));
  const made = site(net, clock, '10.0.0.0/24');
  return {
    ...made,
    clock,
    asked: () => streams.tried.map(({ to }) => `${to.transport} ${to.address}:${to.port}`),
    async askPages() {
      const state = { ended: false };
      const asking = made.askPages().finally(() => (state.ended = true));
      while (!state.ended) await clock.advance(100);
      return asking;
    },
  };
}

const page: Listener = { says: () => [GRANDSTREAM, null] };
const everywhere = Object.fromEntries([2, 3, 4, 5, 6].map((last) => [`tcp 10.0.0.${last}:80`, page]));

describe('asking for pages', () => {
  it('asks a phone for what is missing, and no door station, nobody unknown, and no phone that is known', async () => {
    const one = simulated(everywhere);
    one.hear('10.0.0.2', 'Grandstream GXP1400');
    one.hear('10.0.0.3', DOOR_STATION);
    one.hear('10.0.0.4', 'Acme');
    one.hear('10.0.0.5', 'Yealink SIP-T46S 66.86.0.15');
    one.hear('10.0.0.6', 'Asterisk PBX 16.2.1');
    expect(one.deviceAt('10.0.0.3').identity.kind).toBe('door-intercom');
    expect(one.deviceAt('10.0.0.2').identity.firmware).toBeUndefined();
    expect(await one.askPages()).toEqual({ sent: 1, heard: 1, refused: {} });
    expect(one.asked()).toEqual(['tcp 10.0.0.2:80']);
    expect(one.deviceAt('10.0.0.2').identity).toMatchObject({ model: 'GXP1400', firmware: '1.2.5.3' });
  });

  it('adds what a page says to the phone that is known there: no device, no endpoint, no change of its SIP', async () => {
    const one = simulated(everywhere);
    one.hear('10.0.0.2', 'Grandstream GXP1400', '404');
    const before = one.deviceAt('10.0.0.2');
    await one.clock.advance(5000);
    await one.askPages();
    const [after, ...others] = one.devices();
    expect(others).toEqual([]);
    expect(after).toMatchObject({ id: before.id, confidence: expect.any(Number) as number });
    expect(after?.endpoints).toEqual([
      {
        ...before.endpoints[0],
        channels: ['sip-options', 'http'],
        lastSeen: expect.any(Number) as number,
      },
    ]);
    expect(after!.lastSeen).toBeGreaterThan(before.lastSeen);
    expect(one.findings()).toEqual(['appeared']);
  });

  it('does not make a phone that only its PBX knows one that answered us', async () => {
    const one = simulated(everywhere);
    one.hear('10.0.0.2', 'Grandstream GXP1400', null);
    expect((await one.askPages()).heard).toBe(1);
    const device = one.deviceAt('10.0.0.2');
    expect(device.identity.firmware).toBe('1.2.5.3');
    expect(device.endpoints).toMatchObject([{ sipStatus: null }]);
    expect(hasAnswered(device)).toBe(false);
  });

  it('asks again only after its hours, also where nothing came of it', async () => {
    const one = simulated({});
    one.hear('10.0.0.2', 'Grandstream GXP1400');
    await one.askPages();
    await one.askPages();
    expect(one.asked()).toEqual(['tcp 10.0.0.2:80']);
    await one.clock.advance(24 * 3_600_000);
    await one.askPages();
    expect(one.asked()).toEqual(['tcp 10.0.0.2:80', 'tcp 10.0.0.2:80']);
  });

  it('leaves alone who is to be left alone, and asks when that is over', async () => {
    const one = simulated(everywhere);
    one.hear('10.0.0.2', 'Grandstream GXP1400');
    one.hosts.leaveAlone('10.0.0.2', 3_600_000);
    expect(await one.askPages()).toEqual({ sent: 0, heard: 0, refused: { 'rate-limited': 1 } });
    expect(one.asked()).toEqual([]);
    await one.clock.advance(3_600_000);
    expect((await one.askPages()).heard).toBe(1);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'connects to a real phone on port 80, and never to the door station beside it (needs root for the port)',
    async () => {
      const phone = await serve(says(GRANDSTREAM), '127.0.5.2', 80);
      const door = await serve(says(GRANDSTREAM), '127.0.5.3', 80);
      const one = site(systemNet, systemClock, '127.0.5.0/24');
      one.hear(phone.address, 'Grandstream GXP1400');
      one.hear(door.address, DOOR_STATION);
      expect(await one.askPages()).toEqual({ sent: 1, heard: 1, refused: {} });
      expect(phone.connections).toMatchObject([
        {
          asked: expect.stringMatching(/^GET \/ HTTP\/1\.0\r\nHost: 127\.0\.5\.2\r\n/) as string,
          end: 'FIN',
        },
      ]);
      expect(door.connections).toEqual([]);
      expect(one.deviceAt(phone.address).identity.firmware).toBe('1.2.5.3');
    },
    20_000,
  );
});
