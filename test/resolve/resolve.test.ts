import { describe, expect, it } from 'vitest';
import type { Device, DeviceEndpoint } from '../../src/model/device.ts';
import type { Identifier } from '../../src/model/identifier.ts';
import type { Identity } from '../../src/model/identity.ts';
import {
  latestAddress,
  resolve,
  type Candidate,
  type Candidates,
  type Neighbour,
  type Resolution,
} from '../../src/resolve/resolve.ts';

const text = { en: '', nl: '' };

const endpoint = (address: string, change: Partial<DeviceEndpoint> = {}): DeviceEndpoint => ({
  address,
  port: 5060,
  transport: 'udp',
  userAgent: null,
  server: null,
  sipStatus: 200,
  solicited: true,
  channels: ['sip-options'],
  firstSeen: 1,
  lastSeen: 2,
  ...change,
});

function device(
  id: string,
  endpoints: string | DeviceEndpoint[],
  identity: Partial<Identity> = {},
  change: Partial<Device> = {},
): Device {
  const verdict = { level: 'basic', clause: null, because: text, caveats: [], slaEligible: false } as const;
  return {
    id,
    site: 's',
    identity,
    confidence: 0,
    verdict,
    status: 'present',
    solicited: true,
    firstSeen: 1,
    lastSeen: 2,
    endpoints: typeof endpoints === 'string' ? [endpoint(endpoints)] : endpoints,
    ...change,
  };
}

const mac = (value: string): Identifier => ({ kind: 'mac', value });
const serial: Identifier = { kind: 'serial', value: 'Yealink 42' };

/** A device with all by which it is known. */
const candidate = (of: Device, ...identifiers: Identifier[]): Candidate => ({ device: of, identifiers });

/** One that was heard at this address, where its channel heard of it what is `said`. */
const neighbour = (
  of: Device,
  said: Partial<Identity>[] = [],
  identifiers: Identifier[] = of.identity.mac === undefined ? [] : [mac(of.identity.mac)],
): Neighbour => ({ device: of, saidBefore: said, identifiers });

const among = (change: Partial<Candidates> = {}): Candidates => ({
  known: [],
  byAddress: [],
  areApart: () => false,
  ...change,
});

const here = '10.0.0.1';
const ask = (identity: Partial<Identity>, candidates: Partial<Candidates>, address = here): Resolution =>
  resolve({ address, identity }, among(candidates));

const one = (id: string | null, ...parts: string[]): Resolution => ({ device: id, parts });

const MAC = '001565aabbcc';
const snom = { vendor: 'Snom', model: '300' };
const yealink = { vendor: 'Yealink', model: 'T46S' };

describe('resolve', () => {
  it('finds a phone by its MAC wherever it speaks from', () => {
    const phone = device('d1', here, { mac: MAC });
    expect(ask({ mac: MAC }, { known: [candidate(phone, mac(MAC))] }, '10.0.0.9')).toEqual(one('d1'));
  });

  it('believes the surest identifier over whoever was heard at the address', () => {
    const [mine, other] = [device('d1', '10.0.0.7', { mac: MAC }), device('d2', here, yealink)];
    const candidates = {
      known: [candidate(mine, mac(MAC))],
      byAddress: [neighbour(other, [yealink], [mac('1')])],
    };
    expect(ask({ ...yealink, mac: MAC }, candidates)).toEqual(one('d1'));
  });

  it('takes another MAC on a known address for another phone', () => {
    const phone = device('d1', here, { mac: MAC });
    expect(ask({ mac: '001565000000' }, { byAddress: [neighbour(phone)] })).toEqual(one(null));
  });

  it('lets a phone known by its address alone learn its MAC', () => {
    const phone = device('d1', here, yealink);
    expect(ask({ ...yealink, mac: MAC }, { byAddress: [neighbour(phone)] })).toEqual(one('d1'));
  });

  it('knows a device with several MAC addresses by any of them', () => {
    const phone = device('d1', here, { mac: MAC });
    const known = neighbour(phone, [], [mac('001565000000'), mac(MAC)]);
    expect(ask({ mac: '001565000000' }, { byAddress: [known] })).toEqual(one('d1'));
  });

  it.each([
    ['vendor', yealink],
    ['model', { vendor: 'Snom', model: '370' }],
  ])('takes another %s on the same channel for another phone on a reused address', (_what, identity) => {
    const phone = device('d1', here, snom);
    expect(ask(identity, { byAddress: [neighbour(phone, [snom])] })).toEqual(one(null));
  });

  it('takes a contradiction between two channels for one phone', () => {
    const phone = device('d1', here, { vendor: 'Yealink', model: 'T21P' });
    expect(ask({ vendor: 'Yealink', model: 'T21D' }, { byAddress: [neighbour(phone)] })).toEqual(one('d1'));
  });

  it('asks all endpoints of a channel: one that says otherwise is enough', () => {
    const phone = device('d1', here, snom);
    expect(ask(snom, { byAddress: [neighbour(phone, [snom, yealink])] })).toEqual(one(null));
  });

  it('takes the last heard there of several that it may be', () => {
    const [late, early] = [device('d2', here, snom), device('d1', here, snom)];
    expect(ask(snom, { byAddress: [neighbour(late), neighbour(early)] }).device).toBe('d2');
    expect(ask(yealink, { byAddress: [neighbour(late, [snom]), neighbour(early)] }).device).toBe('d1');
  });

  it('does not give the old address of a phone that has moved back to it', () => {
    const moved = device('d1', [endpoint(here), endpoint('10.0.0.7', { lastSeen: 9 })], snom);
    expect(ask(snom, { byAddress: [neighbour(moved, [snom])] })).toEqual(one(null));
  });

  it('does not take a second address of the other family for a move', () => {
    const both = device('d1', [endpoint(here), endpoint('fd00::1', { lastSeen: 9 })], snom);
    expect(ask(snom, { byAddress: [neighbour(both, [snom])] })).toEqual(one('d1'));
  });

  it('lets no overheard news, which may be forged, move a device that has answered', () => {
    const overheard = endpoint('10.0.0.7', { lastSeen: 9, solicited: false, channels: ['sip-pnp'] });
    const answered = device('d1', [endpoint(here), overheard], snom);
    expect(ask(snom, { byAddress: [neighbour(answered, [snom])] })).toEqual(one('d1'));
    const never = device('d1', [endpoint(here, { solicited: false }), overheard], snom, { solicited: false });
    expect(ask(snom, { byAddress: [neighbour(never, [snom])] })).toEqual(one(null));
  });

  it.each(['neighbours', 'dhcp'])(
    'believes the tables of the link, %s, about where a device is',
    (channel) => {
      const there = endpoint('10.0.0.7', { lastSeen: 9, solicited: false, channels: [channel] });
      const phone = device('d1', [endpoint(here), there], snom);
      expect(ask(snom, { byAddress: [neighbour(phone, [snom])] })).toEqual(one(null));
    },
  );

  it('keeps a nameless answer with the device at its address', () => {
    const phone = device('d1', here, snom);
    expect(ask({}, { byAddress: [neighbour(phone, [snom])] })).toEqual(one('d1'));
  });

  it('knows nobody where nobody is known', () => expect(ask(snom, {})).toEqual(one(null)));
});

describe('two records are one device', () => {
  const [mine, weak] = [device('d1', '10.0.0.7', yealink), device('d2', here, yealink)];
  const known = (a: Candidate, b: Candidate, more: Partial<Candidates> = {}) =>
    ask({ ...yealink, mac: MAC }, { known: [a, b], ...more });

  it('where one message names both, and the surest identifier keeps its record', () => {
    // Both were at one address: no time in which they were at two.
    const there = device('d2', here, yealink);
    expect(known(candidate(mine, mac(MAC)), candidate(there, serial))).toEqual(one('d1', 'd2'));
  });

  it('but not where each has a MAC address of its own', () => {
    expect(known(candidate(mine, mac(MAC)), candidate(weak, mac('001565000000'), serial))).toEqual(one('d1'));
  });

  it('nor where their vendor or model differ', () => {
    const other = device('d2', here, { vendor: 'Yealink', model: 'T48S' });
    expect(known(candidate(mine, mac(MAC)), candidate(other, serial))).toEqual(one('d1'));
  });

  it('nor where they were at two addresses at once, and the speaker is at neither', () => {
    const elsewhere = device('d2', '10.0.0.8', yealink);
    expect(known(candidate(mine, mac(MAC)), candidate(elsewhere, serial))).toEqual(one('d1'));
    const later = device('d2', [endpoint('10.0.0.8', { firstSeen: 3, lastSeen: 4 })], yealink);
    expect(known(candidate(mine, mac(MAC)), candidate(later, serial))).toEqual(one('d1', 'd2'));
  });

  it('nor where a person has told them apart', () => {
    const areApart = (a: string, b: string): boolean => [a, b].sort().join() === 'd1,d2';
    expect(known(candidate(mine, mac(MAC)), candidate(weak, serial), { areApart })).toEqual(one('d1'));
  });

  const nameless = (change: Partial<DeviceEndpoint>, identity: Partial<Identity> = yealink): Neighbour =>
    neighbour(device('d2', [endpoint(here, { firstSeen: 5, lastSeen: 9, ...change })], identity), [], []);
  const joining = (other: Neighbour, more: Partial<Candidates> = {}) =>
    ask({ mac: MAC }, { known: [candidate(mine, mac(MAC))], byAddress: [other], ...more });

  it('where a phone was met at its new address before its name was read there', () => {
    expect(joining(nameless({}))).toEqual(one('d1', 'd2'));
  });

  it.each<[string, Resolution]>([
    ['the other has a name of its own', joining({ ...nameless({}), identifiers: [serial] })],
    ['it says that it is another model', joining(nameless({}, snom))],
    ['both were heard at the same time', joining(nameless({ firstSeen: 2 }))],
    ['a person has told them apart', joining(nameless({}), { areApart: () => true })],
    [
      'the speaker is known by its address alone',
      ask({}, { byAddress: [neighbour(device('d1', here)), nameless({})] }),
    ],
  ])('but not where %s', (_what, resolution) => expect(resolution).toEqual(one('d1')));

  it('where it is the address of the other family, also at the same time', () => {
    const six = neighbour(
      device('d2', [endpoint('fd00::1', { firstSeen: 1, lastSeen: 9 })], yealink),
      [],
      [],
    );
    const candidates = { known: [candidate(mine, mac(MAC))], byAddress: [six] };
    expect(ask({ mac: MAC }, candidates, 'fd00::1')).toEqual(one('d1', 'd2'));
  });

  it('names each part once', () => {
    const both = nameless({});
    const twice = { known: [candidate(mine, mac(MAC)), candidate(both.device)], byAddress: [both] };
    expect(ask({ mac: MAC }, twice)).toEqual(one('d1', 'd2'));
  });
});

describe('the latest address of a device', () => {
  const both = device('d1', [
    endpoint(here, { lastSeen: 3 }),
    endpoint('10.0.0.2', { lastSeen: 4 }),
    endpoint('fd00::1', { lastSeen: 9 }),
  ]);
  it.each([
    ['10.9.9.9', '10.0.0.2'],
    ['fd00::9', 'fd00::1'],
  ])('of the family of %s is %s', (like, address) => expect(latestAddress(both, like)).toBe(address));
  it('is none where it has none of that family', () => {
    expect(latestAddress(device('d1', here), 'fd00::9')).toBeUndefined();
  });
});
