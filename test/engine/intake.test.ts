import { describe, expect, it } from 'vitest';
import { createPipeline, openTransientInventory } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import type { FeedEvent } from '../../src/engine/feed.ts';
import type { Fact } from '../../src/model/fact.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { deviceById, evidenceOf, listDevices } from '../../src/store/devices.ts';
import { latestFindings } from '../../src/store/findings.ts';
import { latestSightings, rawOf } from '../../src/store/sightings.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });

function site() {
  const db = openTransientInventory();
  let current = knowledge;
  const { feed, intake } = createPipeline(db, () => current);
  const events: FeedEvent[] = [];
  feed.subscribe((event) => events.push(event));
  return {
    db,
    events,
    intake,
    change: (next: typeof knowledge) => (current = next),
    devices: () => listDevices(db, {}),
    journal: () =>
      latestFindings(db, 100)
        .map(({ kind, before, after }) => [kind, before, after].join(' '))
        .reverse(),
  };
}

let clock = 1_000_000;

const answer = (address: string, userAgent: string | null, change: Partial<Sighting> = {}): Sighting => ({
  channel: 'sip-options',
  at: (clock += 1000),
  from: { site: 'site', transport: 'udp', address, port: 5060 },
  solicited: true,
  facts: [
    { field: 'sip.status', value: '200' },
    ...(userAgent === null ? [] : [{ field: 'sip.user_agent', value: userAgent } satisfies Fact]),
  ],
  raw: Buffer.from('raw'),
  ...change,
});

const boot = (address: string, facts: Fact[]): Sighting =>
  answer(address, null, {
    channel: 'sip-pnp',
    solicited: false,
    from: { site: 'site', transport: 'udp', address, port: 5059 },
    facts,
  });

describe('intake', () => {
  it('makes one device of an answer, with identity, level, reason, endpoint, evidence and raw bytes', () => {
    const { db, devices, intake, journal } = site();
    intake.accept([answer('10.0.0.1', 'Yealink SIP-T46S 66.86.0.15')]);
    const [device] = devices();
    expect(device).toMatchObject({
      id: 'd1',
      identity: { vendor: 'Yealink', model: 'T46S', firmware: '66.86.0.15', kind: 'desk-phone' },
      verdict: { level: 'full', slaEligible: true },
      solicited: true,
      status: 'present',
      endpoints: [
        {
          address: '10.0.0.1',
          port: 5060,
          userAgent: 'Yealink SIP-T46S 66.86.0.15',
          sipStatus: 200,
          solicited: true,
          channels: ['sip-options'],
        },
      ],
    });
    expect(device?.verdict.because.nl).not.toBe('');
    expect(evidenceOf(db, 'd1').evidence.map((evidence) => evidence.rule)).toEqual(['yealink.sip-ua.phone']);
    expect(Buffer.from(rawOf(db, latestSightings(db, 'd1')[0]!.id) ?? []).toString()).toBe('raw');
    expect(journal()).toEqual(['appeared  Yealink T46S']);
  });

  it('adds no row for an unchanged answer, and moves the last-seen', () => {
    const { db, devices, intake, journal } = site();
    for (let sweep = 0; sweep < 50; sweep++)
      intake.accept([answer('10.0.0.1', 'Yealink SIP-T46S 66.86.0.15')]);
    expect(devices()).toHaveLength(1);
    expect(devices()[0]?.lastSeen).toBe(clock);
    expect(latestSightings(db, 'd1')).toHaveLength(1);
    expect(journal()).toHaveLength(1);
  });

  it('makes one device of an OPTIONS answer from 5060 and a PnP boot from 5059, and takes the MAC from the latter', () => {
    const { devices, intake } = site();
    const pnp: Fact[] = [
      { field: 'pnp.vendor', value: 'yealink' },
      { field: 'pnp.model', value: 'W52P' },
      { field: 'pnp.mac', value: '001565f4f9e1' },
    ];
    intake.accept([answer('10.0.0.1', 'Yealink W52P 25.81.0.10'), boot('10.0.0.1', pnp)]);
    expect(devices()).toHaveLength(1);
    expect(devices()[0]).toMatchObject({
      identity: { model: 'W52P', mac: '001565f4f9e1' },
      endpoints: [{ port: 5059 }, { port: 5060 }],
    });
  });

  it('follows a phone with a MAC to another address, there and back, and tells of each move once', () => {
    const { devices, intake, journal } = site();
    const ua = 'Fanvil X303 2.12.18.9 0c383e63963b';
    const later = (address: string): Sighting => answer(address, ua, { at: (clock += 3 * 3_600_000) });
    intake.accept([later('10.0.0.1'), later('10.0.0.2'), later('10.0.0.2'), later('10.0.0.1')]);
    expect(devices()).toHaveLength(1);
    expect(journal()).toEqual([
      'appeared  Fanvil X303',
      'endpoint-moved 10.0.0.1 10.0.0.2',
      'endpoint-moved 10.0.0.2 10.0.0.1',
    ]);
  });

  it('makes another device of another phone on a reused address', () => {
    const { devices, intake } = site();
    intake.accept([
      answer('10.0.0.1', 'snom300/8.7.5.17'),
      answer('10.0.0.1', 'Grandstream GXP2170 1.0.8.50'),
    ]);
    expect(
      devices()
        .map((device) => device.identity.vendor)
        .sort(),
    ).toEqual(['Grandstream', 'Snom']);
  });

  it('tells of new firmware and of the level that it brings', () => {
    const { devices, intake, journal } = site();
    intake.accept([answer('10.0.0.1', 'snom370/8.7.5.13'), answer('10.0.0.1', 'snom370/8.7.5.35')]);
    expect(devices()).toHaveLength(1);
    expect(journal()).toContain('firmware-changed 8.7.5.13 8.7.5.35');
    expect(journal().some((line) => line.startsWith('level-changed'))).toBe(true);
  });

  it('lets no forged announcement change the level of a device that has answered, nor move or rename it', () => {
    const { db, devices, intake, journal } = site();
    intake.accept([answer('10.0.0.1', null)]);
    const forged: Fact[] = [{ field: 'sip.user_agent', value: 'Yealink SIP-T46S 66.86.0.15' }];
    intake.accept([boot('10.0.0.1', forged)]);
    expect(devices()).toHaveLength(1);
    expect(devices()[0]?.verdict).toMatchObject({ level: 'basic', slaEligible: false });
    expect(
      devices()[0]
        ?.verdict.caveats.map((caveat) => caveat.en)
        .join(),
    ).toContain('level "full"');

    intake.accept([answer('10.0.0.2', 'Fanvil X303 2.12.18.9 0c383e63963b')]);
    const before = deviceById(db, 'd2');
    intake.accept([
      boot('10.0.0.99', [
        { field: 'pnp.mac', value: '0c383e63963b' },
        { field: 'sip.user_agent', value: 'Grandstream GXP2000 1.2.5.3' },
      ]),
    ]);
    expect(deviceById(db, 'd2')?.verdict.level).toBe(before?.verdict.level);
    expect(deviceById(db, 'd2')?.identity.vendor).toBe('Fanvil');
    expect(journal().filter((line) => line.startsWith('endpoint-moved'))).toEqual([]);
  });

  it('judges a phone that is only overheard, and says that it is', () => {
    const { devices, intake } = site();
    intake.accept([boot('10.0.0.1', [{ field: 'sip.user_agent', value: 'Yealink SIP-T46S 66.86.0.15' }])]);
    expect(devices()[0]).toMatchObject({
      solicited: false,
      verdict: { level: 'full' },
      endpoints: [{ solicited: false }],
    });
  });

  it('writes a batch whole or not at all', () => {
    const { devices, events, intake } = site();
    const broken = { ...answer('10.0.0.2', 'snom300/8.7.5.17'), facts: null } as unknown as Sighting;
    expect(() => intake.accept([answer('10.0.0.1', 'snom300/8.7.5.17'), broken])).toThrow();
    expect(devices()).toEqual([]);
    expect(events).toEqual([]);
  });

  it('judges every device anew when the policy changes, and tells of what changed', () => {
    const { change, devices, intake, journal } = site();
    intake.accept([answer('10.0.0.1', 'Yealink SIP-T46S 66.86.0.15')]);
    intake.reassess(clock, 'policy');
    expect(journal()).toHaveLength(1);
    change({
      ...knowledge,
      policy: { ...knowledge.policy, clauses: [], byVendor: new Map(), anyVendor: [] },
    });
    intake.reassess(clock, 'policy');
    expect(devices()[0]?.verdict.level).toBe('basic');
    expect(journal()).toContain('level-changed full basic');
  });

  it('gives the same devices and findings for the same sightings', () => {
    const sightings = ['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.3', '10.0.0.2'].map((address, index) =>
      answer(
        address,
        ['snom300/8.7.5.17', 'Yealink SIP-T46S 66.86.0.15', 'Fanvil X303 2.12.18.9 0c383e63963b'][index % 3]!,
      ),
    );
    const [one, two] = [site(), site()];
    one.intake.accept(sightings);
    for (const sighting of sightings) two.intake.accept([sighting]);
    expect(two.devices()).toEqual(one.devices());
    expect(two.journal()).toEqual(one.journal());
  });
});
