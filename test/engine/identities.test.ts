import { describe, expect, it } from 'vitest';
import { createPipeline, openTransientInventory } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { MOST_ENDPOINTS } from '../../src/engine/intake.ts';
import { MOST_NEWCOMERS } from '../../src/engine/newcomers.ts';
import type { Fact } from '../../src/model/fact.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { deviceById, listDevices } from '../../src/store/devices.ts';
import { latestFindings } from '../../src/store/findings.ts';
import { latestActs } from '../../src/store/identity-acts.ts';
import { latestSightings } from '../../src/store/sightings.ts';
import { versionsOf } from '../../src/store/versions.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function site(macBehind?: (address: string) => string | null) {
  const db = openTransientInventory();
  const { intake } = createPipeline(db, () => knowledge, macBehind);
  let now = Date.UTC(2026, 0, 5);
  const hear = (channel: string, address: string, facts: Fact[], change: Partial<Sighting> = {}): void => {
    now += 1000;
    intake.accept([
      {
        channel,
        at: now,
        from: { site: 'site', transport: 'udp', address, port: 5060 },
        solicited: channel === 'sip-options',
        facts,
        raw: Buffer.from(`${channel} ${address} ${now}`),
        ...change,
      },
    ]);
  };
  const said = (because: string) => ({ at: (now += 1000), because, author: 'Ada' });
  return {
    db,
    intake,
    said,
    wait: (ms: number) => (now += ms),
    answer: (address: string, userAgent: string, port = 5060, more: Fact[] = []) =>
      hear(
        'sip-options',
        address,
        [{ field: 'sip.status', value: '200' }, { field: 'sip.user_agent', value: userAgent }, ...more],
        { from: { site: 'site', transport: 'udp', address, port } },
      ),
    boot: (address: string, mac: string, vendor = 'yealink', model = 'T46S') =>
      hear(
        'sip-pnp',
        address,
        [
          { field: 'pnp.vendor', value: vendor },
          { field: 'pnp.model', value: model },
          { field: 'pnp.mac', value: mac },
        ],
        { from: { site: 'site', transport: 'udp', address, port: 5059 } },
      ),
    arp: (address: string, mac: string) =>
      hear('neighbours', address, [{ field: 'arp.mac', value: mac }], {
        from: { site: 'site', transport: 'udp', address, port: 0 },
      }),
    devices: () => listDevices(db, {}),
    names: () => listDevices(db, {}).map(({ id, identity }) => `${id} ${identity.mac ?? '-'}`),
    journal: (kinds?: string[]) =>
      latestFindings(db, 5000)
        .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
        .map(({ kind, state, device, about, before, after }) =>
          [device, state === 'cleared' ? 'no longer' : '', kind, about, before, after]
            .filter((word) => word !== null && word !== '')
            .join(' '),
        )
        .reverse(),
  };
}

const [MAC, OTHER_MAC] = ['001565aabbcc', '001565aabbdd'] as const;
const T46S = 'Yealink SIP-T46S 66.86.0.15';

describe('who is the same device', () => {
  it('is a phone that moves, known by the MAC address that the link tells', () => {
    const { answer, arp, wait, names, journal } = site();
    answer('10.0.0.1', T46S);
    arp('10.0.0.1', MAC);
    wait(HOUR);
    arp('10.0.0.2', MAC);
    answer('10.0.0.2', T46S);
    expect(names()).toEqual([`d1 ${MAC}`]);
    expect(journal(['endpoint-moved'])).toEqual(['d1 endpoint-moved 10.0.0.1 10.0.0.2']);
  });

  it('joins a record without a name to the phone whose MAC address turns up behind it', () => {
    const { db, answer, arp, wait, names, journal, devices } = site();
    answer('10.0.0.1', T46S);
    arp('10.0.0.1', MAC);
    wait(HOUR);
    // The sweep meets it at its new address before the neighbour table is read.
    answer('10.0.0.2', T46S);
    expect(names()).toHaveLength(2);
    arp('10.0.0.2', MAC);
    expect(names()).toEqual([`d1 ${MAC}`]);
    expect(
      devices()[0]
        ?.endpoints.map(({ address }) => address)
        .sort(),
    ).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(journal(['merged'])).toEqual(['d1 merged #1 d2 d1']);
    expect(latestActs(db, 1)).toMatchObject([{ act: 'merge', device: 'd1', other: 'd2', author: null }]);
    expect(versionsOf(db, 'd2').at(-1)).toMatchObject({ cause: 'merge', validTo: null });
    expect(deviceById(db, 'd2')?.id).toBe('d1');
  });

  it('goes on as one after such a join: the next answers make no third record', () => {
    const { db, answer, arp, wait, names } = site();
    answer('10.0.0.1', T46S);
    arp('10.0.0.1', MAC);
    wait(HOUR);
    answer('10.0.0.2', T46S);
    arp('10.0.0.2', MAC);
    for (let sweep = 0; sweep < 5; sweep++) {
      wait(15 * MINUTE);
      answer('10.0.0.2', T46S);
      arp('10.0.0.2', MAC);
    }
    answer('10.0.0.2', 'Yealink SIP-T46S 66.86.0.20');
    expect(names()).toEqual([`d1 ${MAC}`]);
    expect(latestSightings(db, 'd1')).toHaveLength(4);
    expect(deviceById(db, 'd1')?.identity.firmware).toBe('66.86.0.20');
  });

  it('does not join two phones of one model that are there at the same time', () => {
    const { answer, arp, names } = site();
    answer('10.0.0.1', T46S);
    arp('10.0.0.1', MAC);
    answer('10.0.0.2', T46S);
    arp('10.0.0.2', OTHER_MAC);
    arp('10.0.0.1', MAC);
    expect(names()).toEqual([`d1 ${MAC}`, `d2 ${OTHER_MAC}`]);
  });

  it('is another device on an address that is given to another phone', () => {
    const { answer, boot, wait, names, journal } = site();
    boot('10.0.0.1', MAC);
    answer('10.0.0.1', T46S);
    wait(24 * HOUR);
    boot('10.0.0.1', OTHER_MAC);
    answer('10.0.0.1', T46S);
    expect(names()).toEqual([`d1 ${MAC}`, `d2 ${OTHER_MAC}`]);
    expect(journal(['duplicate-address'])).toEqual([]);
  });

  it('is one device for a DECT base with several lines and a phone on two ports', () => {
    const { answer, names } = site();
    for (const port of [5060, 5062, 5064]) answer('10.0.0.1', 'Yealink W52P 25.81.0.10', port);
    expect(names()).toEqual(['d1 -']);
  });

  it('is one device for IPv4 and IPv6, and that is no move', () => {
    const { answer, arp, names, journal, wait } = site((address) => (address === 'fd00::1' ? MAC : null));
    answer('10.0.0.1', T46S);
    arp('10.0.0.1', MAC);
    for (let sweep = 0; sweep < 3; sweep++) {
      answer('fd00::1', T46S);
      answer('10.0.0.1', T46S);
      wait(15 * MINUTE);
    }
    expect(names()).toEqual([`d1 ${MAC}`]);
    expect(journal(['endpoint-moved', 'duplicate-mac'])).toEqual([]);
  });

  it('is a softphone that moves, known by its SIP instance', () => {
    const { answer, names, wait } = site();
    const instance: Fact = {
      field: 'sip.instance',
      value: '"<urn:uuid:8026eeb2-3f25-00c2-ae1a-53308daaaf65>"',
    };
    answer('10.0.0.1', 'baresip v1.0.0 (x86_64/linux)', 5060, [instance]);
    wait(HOUR);
    answer('10.0.0.9', 'baresip v1.0.0 (x86_64/linux)', 34567, [instance]);
    expect(names()).toEqual(['d1 -']);
  });
});

describe('a conflict', () => {
  it('is one MAC address that answers in two places, told once and never a thousand records', () => {
    const { answer, devices, journal, wait } = site();
    for (let sweep = 0; sweep < 4; sweep++) {
      for (const address of ['10.0.0.1', '10.0.0.2']) answer(address, `Fanvil X303 2.12.18.9 ${MAC}`);
      wait(15 * MINUTE);
    }
    expect(devices()).toHaveLength(1);
    expect(journal(['duplicate-mac', 'endpoint-moved'])).toEqual([
      `d1 duplicate-mac ${MAC} 10.0.0.2 10.0.0.1`,
    ]);
  });

  it('is one MAC address at a thousand places: one device, with as many endpoints as are kept', () => {
    const { answer, devices, journal } = site();
    for (let host = 0; host < 1000; host++)
      answer(`10.0.${host >> 8}.${host & 255}`, `Fanvil X303 2.12.18.9 ${MAC}`);
    expect(devices()).toHaveLength(1);
    expect(devices()[0]?.endpoints).toHaveLength(MOST_ENDPOINTS);
    expect(journal(['duplicate-mac', 'endpoint-moved'])).toHaveLength(1);
  });

  it('is one address that announces a thousand MAC addresses: a few are believed, and the flood is told once', () => {
    const { boot, devices, journal } = site();
    for (let phone = 0; phone < 1000; phone++)
      boot('10.0.0.1', `001565${phone.toString(16).padStart(6, '0')}`);
    expect(devices()).toHaveLength(MOST_NEWCOMERS.fromOne);
    expect(journal(['spoof-suspected'])).toEqual(['spoof-suspected 10.0.0.1 10.0.0.1']);
  });

  it('is an address at which two phones answer in turn, with the history of both', () => {
    const { answer, wait, devices, journal } = site();
    for (let sweep = 0; sweep < 4; sweep++) {
      answer('10.0.0.1', `Fanvil X303 2.12.18.9 ${sweep % 2 === 0 ? MAC : OTHER_MAC}`);
      wait(15 * MINUTE);
    }
    expect(devices()).toHaveLength(2);
    expect(journal(['duplicate-address'])).toEqual([
      `d1 duplicate-address 10.0.0.1 ${OTHER_MAC} ${MAC}`,
      `d2 duplicate-address 10.0.0.1 ${MAC} ${OTHER_MAC}`,
    ]);
  });

  it('is a phone that answers at home while somebody announces it from elsewhere', () => {
    const { answer, boot, wait, devices, journal } = site();
    answer('10.0.0.1', `Fanvil X303 2.12.18.9 ${MAC}`);
    wait(5 * MINUTE);
    boot('10.0.0.66', MAC, 'fanvil', 'X303');
    wait(10 * MINUTE);
    answer('10.0.0.1', `Fanvil X303 2.12.18.9 ${MAC}`);
    expect(devices()).toHaveLength(1);
    expect(journal(['spoof-suspected', 'endpoint-moved'])).toEqual([
      `d1 spoof-suspected 10.0.0.66 Fanvil X303 ${MAC}`,
    ]);
  });
});

describe('a person', () => {
  it('merges two records, and takes it back', () => {
    const { answer, devices, intake, said, journal, db } = site();
    answer('10.0.0.1', T46S);
    answer('10.0.0.2', T46S);
    intake.merge('d2', 'd1', said('the same desk'));
    expect(devices().map(({ id }) => id)).toEqual(['d1']);
    answer('10.0.0.2', 'Yealink SIP-T46S 66.86.0.20');
    intake.undo(1, said('two desks after all'));
    expect(
      devices().map(({ id, endpoints, identity }) => [id, endpoints[0]?.address, identity.firmware]),
    ).toEqual([
      ['d1', '10.0.0.1', '66.86.0.15'],
      ['d2', '10.0.0.2', '66.86.0.20'],
    ]);
    expect(journal(['merged', 'split'])).toEqual(['d1 merged #1 d2 d1', 'd1 split #1 d1 d2']);
    expect(latestActs(db, 1)).toMatchObject([{ undoneBy: 'Ada' }]);
    // And they stay two.
    answer('10.0.0.2', 'Yealink SIP-T46S 66.86.0.20');
    expect(devices()).toHaveLength(2);
  });

  it('splits what was heard at an address off, and takes it back', () => {
    const { answer, arp, wait, devices, names, intake, said } = site();
    answer('10.0.0.1', T46S);
    arp('10.0.0.1', MAC);
    wait(HOUR);
    arp('10.0.0.2', MAC);
    answer('10.0.0.2', T46S);
    intake.split('d1', '10.0.0.2', said('another phone behind the same repeater'));
    expect(devices().map(({ id, endpoints }) => [id, endpoints.map(({ address }) => address)])).toEqual([
      ['d1', ['10.0.0.1']],
      ['d2', ['10.0.0.2']],
    ]);
    answer('10.0.0.1', T46S);
    answer('10.0.0.2', T46S);
    expect(devices()).toHaveLength(2);
    intake.undo(1, said('the same phone'));
    expect(names()).toEqual([`d1 ${MAC}`]);
  });

  it('is told why what cannot be done is not', () => {
    const { answer, intake, said } = site();
    answer('10.0.0.1', T46S);
    expect(() => intake.split('d1', '10.0.0.1', said('?'))).toThrow('nothing would be left');
    expect(() => intake.split('d1', '10.0.0.9', said('?'))).toThrow('was not heard at');
    expect(() => intake.split('d9', '10.0.0.1', said('?'))).toThrow('no device "d9"');
    expect(() => intake.undo(7, said('?'))).toThrow('#7');
  });

  it('undoes acts that stand on one another in their order', () => {
    const { answer, intake, said, devices } = site();
    for (const host of [1, 2, 3]) answer(`10.0.0.${host}`, T46S);
    intake.merge('d2', 'd3', said('one'));
    intake.merge('d1', 'd2', said('two'));
    expect(() => intake.undo(1, said('?'))).toThrow('#1 cannot be undone');
    intake.undo(2, said('back'));
    expect(devices().map(({ id, endpoints }) => [id, endpoints.length])).toEqual([
      ['d1', 1],
      ['d2', 2],
    ]);
    intake.undo(1, said('back'));
    expect(devices()).toHaveLength(3);
  });
});

it('keeps apart by name who was told apart, whatever the link says', () => {
  const { answer, arp, wait, devices, intake, said } = site();
  answer('10.0.0.1', T46S);
  arp('10.0.0.1', MAC);
  wait(HOUR);
  answer('10.0.0.2', T46S);
  arp('10.0.0.2', MAC);
  intake.undo(1, said('a repeater'));
  arp('10.0.0.2', MAC);
  answer('10.0.0.2', T46S);
  expect(devices()).toHaveLength(2);
});
