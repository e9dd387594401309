import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/model/app-error.ts';
import { planChanges, planSite } from '../../src/simulation/plan.ts';
import { tellsMac } from '../../src/simulation/phone.ts';
import { NETWORK, ROSTER, site } from './shipped.ts';

const distinct = (items: readonly unknown[]): number => new Set(items).size;

describe('a planned site', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(site()).toEqual(site());
    expect(site({ seed: 8 })).not.toEqual(site());
  });

  it.each([
    { network: '127.78.0.0/24', phones: 60 },
    { network: '127.78.0.0/28', phones: 14 },
    { network: '127.78.0.0/16', phones: 1500 },
  ])('gives $phones phones their own address in $network and their own MAC of their maker', (where) => {
    const phones = site(where);
    expect(phones).toHaveLength(where.phones);
    expect(distinct(phones.map(({ address }) => address))).toBe(where.phones);
    expect(distinct(phones.map(({ mac }) => mac))).toBe(where.phones);
    const inside = where.network === '127.78.0.0/16' ? /^127\.78\.\d+\.\d+$/ : /^127\.78\.0\.\d+$/;
    for (const { address, mac, model } of phones) {
      expect(address).toMatch(inside);
      expect(mac).toMatch(new RegExp(`^${model.oui.toLowerCase()}[0-9a-f]{6}$`));
    }
  });

  it('leaves out the network’s own and its broadcast address', () => {
    const hosts = site({ network: '127.78.0.16/28', phones: 14 }).map(({ address }) => address);
    expect(hosts).not.toContain('127.78.0.16');
    expect(hosts).not.toContain('127.78.0.31');
  });

  it('has one of every model among 60 phones, and several of the frequent ones', () => {
    const ids = site().map(({ model }) => model.id);
    expect(distinct(ids)).toBe(ROSTER.length);
    expect(ids.length).toBeGreaterThan(distinct(ids));
    expect(distinct(site().map(({ model }) => model.vendor))).toBeGreaterThanOrEqual(12);
  });

  it('gives a phone a firmware of its model', () => {
    for (const { model, firmware } of site({ phones: 200 }))
      expect([...model.firmwares, null]).toContain(firmware);
  });

  it.each([
    ['192.168.10.0/24', 'is no network of 127.0.0.0/8'],
    ['127.78.0.0', 'is no network of 127.0.0.0/8'],
    ['127.78.0.0/31', 'is no network of 127.0.0.0/8'],
    ['127.300.0.0/24', 'is no network of 127.0.0.0/8'],
    ['127.0.0.0/24', 'holds 127.0.0.1'],
    ['127.78.0.0/28', 'has room for 14 phones, not for 60'],
  ])('refuses %s, which %s', (network, because) => {
    expect(() => site({ network })).toThrow(because);
    expect(() => site({ network })).toThrow(AppError);
  });
});

describe('planned changes', () => {
  const phones = site();
  const plan = (seed = 7, from = phones) =>
    planChanges(from, { network: NETWORK, seed, roster: ROSTER, count: 12 });

  it('are the same for the same seed, and others for another', () => {
    expect(plan()).toEqual(plan());
    expect(plan(8)).not.toEqual(plan());
  });

  it('bring newcomers, newer firmware and other addresses in turn, each to the phone as it is by then', () => {
    const now = new Map(phones.map((phone) => [phone.id, phone]));
    const changes = plan();
    expect(changes.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 4 }, () => ['appeared', 'firmware-updated', 'moved']).flat(),
    );
    for (const { kind, phone } of changes) {
      const before = now.get(phone.id);
      const taken = [...now.values()].filter(({ id }) => id !== phone.id);
      expect(taken.map(({ address }) => address)).not.toContain(phone.address);
      expect(taken.map(({ mac }) => mac)).not.toContain(phone.mac);
      if (kind === 'appeared') {
        expect(before).toBeUndefined();
        expect(phone.model.newcomer).toBe(true);
      } else if (kind === 'moved') {
        expect(phone).toEqual({ ...before, address: phone.address });
        expect(phone.address).not.toBe(before?.address);
        expect(tellsMac(phone)).toBe(true);
      } else {
        const order = phone.model.firmwares;
        expect(order.indexOf(phone.firmware ?? '')).toBe(order.indexOf(before?.firmware ?? '') + 1);
        expect(phone).toEqual({ ...before, firmware: phone.firmware });
      }
      now.set(phone.id, phone);
    }
  });

  it('leave out what a full network has no address for', () => {
    const full = planSite({ network: '127.78.0.0/28', phones: 14, seed: 7, roster: ROSTER });
    const changes = planChanges(full, {
      network: '127.78.0.0/28',
      seed: 7,
      roster: ROSTER,
      count: 6,
    });
    expect(changes.map(({ kind }) => kind)).not.toContain('moved');
    expect(changes.map(({ kind }) => kind)).not.toContain('appeared');
  });
});
