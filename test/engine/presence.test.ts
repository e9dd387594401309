import { describe, expect, it } from 'vitest';
import { listDevices } from '../../src/store/devices.ts';
import { listSweeps } from '../../src/store/sweeps.ts';
import { versionsOf } from '../../src/store/versions.ts';
import { createSimulatedSite, type SimulatedPhone } from '../sim/site.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const phone = (host: number, userAgent: string | null = 'Yealink SIP-T46S 66.86.0.15'): SimulatedPhone => ({
  address: `10.0.0.${host}`,
  userAgent,
  mac: `0015650000${host.toString(16).padStart(2, '0')}`,
});

async function office(count = 6, sweeps?: string) {
  const site = await createSimulatedSite(sweeps === undefined ? {} : { sweeps });
  for (let host = 1; host <= count; host++) site.connect(phone(host));
  // Between two sweeps: what is changed in the midst of one shows in two steps.
  await site.clock.advance(HOUR + 5 * MINUTE);
  const statusOf = (mac: string): string | undefined =>
    listDevices(site.db, {}).find(({ identity }) => identity.mac === mac)?.status;
  const nameOf = (id: string): string =>
    `phone ${Number(
      `0x${listDevices(site.db, {})
        .find((one) => one.id === id)
        ?.identity.mac?.slice(-2)}`,
    )}`;
  const story = (): string[] =>
    site
      .journal()
      .filter(({ kind }) => kind !== 'appeared')
      .map(({ kind, state, device, about }) =>
        [device === null ? 'site' : nameOf(device), state === 'cleared' ? 'no longer' : '', kind, about ?? '']
          .filter((word) => word !== '')
          .join(' '),
      );
  return { ...site, statusOf, story };
}

describe('presence', () => {
  it('is stale after hours, gone after days, and present as soon as it is heard again', async () => {
    const { clock, disconnect, connect, statusOf, story, db } = await office();
    const { mac } = phone(3);
    disconnect(mac);
    await clock.advance(3 * HOUR);
    expect(statusOf(mac)).toBe('present');
    await clock.advance(2 * HOUR);
    expect(statusOf(mac)).toBe('stale');
    await clock.advance(5 * DAY);
    expect(statusOf(mac)).toBe('stale');
    await clock.advance(2 * DAY);
    expect(statusOf(mac)).toBe('gone');
    expect(story()).toEqual(['phone 3 gone']);
    connect(phone(3));
    await clock.advance(HOUR);
    expect(statusOf(mac)).toBe('present');
    expect(story()).toEqual(['phone 3 gone', 'phone 3 returned', 'phone 3 no longer gone']);
    const { id } = listDevices(db, { text: mac })[0]!;
    expect(versionsOf(db, id).map(({ status, cause }) => `${status} ${cause}`)).toEqual([
      'present sighting',
      'present sighting',
      'stale silence',
      'gone silence',
      'present sighting',
    ]);
  });

  it('does not flap with a phone that is switched off every night', async () => {
    const { clock, disconnect, connect, statusOf, story } = await office();
    for (let night = 0; night < 4; night++) {
      disconnect(phone(3).mac);
      await clock.advance(12 * HOUR);
      connect(phone(3));
      await clock.advance(12 * HOUR);
      expect(statusOf(phone(3).mac)).toBe('present');
    }
    expect(story()).toEqual([]);
  });

  it('counts a phone as present that is silent to us, and that the link sees', async () => {
    const { clock, change, statusOf, story } = await office();
    change(phone(3).mac, { userAgent: null });
    await clock.advance(10 * DAY);
    expect(statusOf(phone(3).mac)).toBe('present');
    expect(story()).toEqual([]);
  });

  it('calls nobody gone while the network of the auditor is down, and says that it is', async () => {
    const { clock, network, db, story } = await office();
    network('down');
    await clock.advance(20 * DAY);
    expect(listDevices(db, {}).map(({ status }) => status)).toEqual(Array(6).fill('present'));
    expect(story().sort()).toEqual([
      'site discovery-impaired network',
      'site discovery-impaired sip-options',
    ]);
    network('up');
    await clock.advance(2 * HOUR);
    expect(listDevices(db, {}).map(({ status }) => status)).toEqual(Array(6).fill('present'));
    expect(
      story()
        .filter((line) => line.includes('no longer'))
        .sort(),
    ).toEqual(['site no longer discovery-impaired network', 'site no longer discovery-impaired sip-options']);
    expect(story().some((line) => line.includes('gone'))).toBe(false);
  });

  it('calls nobody gone where most fall silent at once, and believes it after a day with some who answer', async () => {
    const { clock, disconnect, db, story } = await office(8);
    for (const host of [1, 2, 3, 4, 5]) disconnect(phone(host).mac);
    await clock.advance(6 * HOUR + 5 * MINUTE);
    expect(listDevices(db, { status: 'present' })).toHaveLength(8);
    expect(listSweeps(db, 1)[0]?.unsound).toBe('5/8');
    expect(story()).toEqual(['site discovery-impaired sip-options']);
    await clock.advance(9 * DAY);
    expect(listDevices(db, { status: 'gone' })).toHaveLength(5);
    expect(story().slice(0, 2)).toEqual([
      'site discovery-impaired sip-options',
      'site no longer discovery-impaired sip-options',
    ]);
  });

  it('survives clock jumps: a year ahead, a day back, a week of sleep', async () => {
    const { clock, db, story } = await office();
    const allPresent = (): void =>
      expect(listDevices(db, {}).map(({ status }) => status)).toEqual(Array(6).fill('present'));
    clock.jump(365 * DAY);
    await clock.advance(HOUR);
    allPresent();
    clock.jump(-365 * DAY);
    await clock.advance(HOUR);
    allPresent();
    expect(Math.max(...listDevices(db, {}).map(({ lastSeen }) => lastSeen))).toBeLessThanOrEqual(clock.now());
    clock.jump(-DAY);
    await clock.advance(2 * HOUR);
    allPresent();
    clock.freeze(7 * DAY);
    await clock.advance(2 * HOUR);
    allPresent();
    expect(story().filter((line) => /gone|returned|moved/.test(line))).toEqual([]);
  });

  it('goes on after a restart, and the time in between counts for nobody', async () => {
    const { clock, restart, disconnect, statusOf } = await office();
    disconnect(phone(3).mac);
    await clock.advance(2 * HOUR);
    await restart();
    await clock.advance(HOUR);
    expect(statusOf(phone(3).mac)).toBe('present');
    await clock.advance(2 * HOUR);
    expect(statusOf(phone(3).mac)).toBe('stale');
  });
});
