import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceId, DeviceState } from '../../src/model/device.ts';
import { addressKey } from '../../src/store/address-key.ts';
import type { Database } from '../../src/store/database.ts';
import {
  deviceById,
  devicesByAddress,
  eachDevice,
  evidenceOf,
  findDevices,
  insertDevice,
  listDevices,
  touchDevice,
  updateDevice,
  type DeviceFilter,
} from '../../src/store/devices.ts';
import { saveEndpoint, type HeardEndpoint } from '../../src/store/endpoints.ts';
import { devicesKnownBy, saveIdentifier } from '../../src/store/identifiers.ts';
import { AT, atLevel, device, evidence, heardAt, NO_REASONS } from './samples.ts';
import { openStore, rows } from './support.ts';

const put = (db: Database, state: DeviceState, ...heard: HeardEndpoint[]): DeviceId => {
  const id = insertDevice(db, state, NO_REASONS);
  for (const endpoint of heard) saveEndpoint(db, id, state.site, endpoint);
  const { mac } = state.identity;
  if (mac !== undefined) saveIdentifier(db, id, { site: state.site, kind: 'mac', value: mac, at: AT });
  return id;
};

const phone = (identity: DeviceState['identity']): DeviceState => device({ identity });

describe('a device', () => {
  it('is read as it was stored, with its endpoints freshest first', () => {
    const db = openStore();
    const id = put(db, device(), heardAt('192.0.2.7'), heardAt('192.0.2.8', { at: AT + 1 }));
    expect(id).toBe('d1');
    expect(deviceById(db, id)).toEqual({
      id,
      ...device(),
      endpoints: [
        expect.objectContaining({ address: '192.0.2.8', lastSeen: AT + 1 }),
        expect.objectContaining({ address: '192.0.2.7', lastSeen: AT }),
      ],
    });
  });

  it('may be one of which nothing is known', () => {
    const db = openStore();
    const unknown = device({ identity: {}, confidence: 0, solicited: false, status: 'stale' });
    const id = put(db, { ...unknown, verdict: { ...unknown.verdict, clause: null, caveats: [] } });
    expect(deviceById(db, id)).toMatchObject({ identity: {}, solicited: false, verdict: { clause: null } });
  });

  it('is replaced by an update, evidence included', () => {
    const db = openStore();
    const id = insertDevice(db, device(), { evidence: [evidence()], conflicts: [] });
    const lost = evidence({ rule: 'other' });
    const next = device({ identity: { vendor: 'snom' }, lastSeen: AT + 5 });
    updateDevice(db, id, next, { evidence: [], conflicts: [lost] });
    expect(deviceById(db, id)).toEqual({ id, ...next, endpoints: [] });
    expect(evidenceOf(db, id)).toEqual({ evidence: [], conflicts: [lost] });
  });

  it('changes in nothing but its last time by a touch, and never backwards', () => {
    const db = openStore();
    const id = insertDevice(db, device(), { evidence: [evidence()], conflicts: [] });
    touchDevice(db, id, AT + 60_000);
    touchDevice(db, id, AT + 1);
    expect(deviceById(db, id)).toEqual({
      id,
      ...device({ lastSeen: AT + 60_000 }),
      endpoints: [],
    });
    expect(evidenceOf(db, id).evidence).toEqual([evidence()]);
  });

  it.each(['d2', 'd0', 'd-1', 'd1.0', 'd 1', '1', '', 'd99999999999999999999', 'D1'])(
    'is not found under the name %j',
    (name) => {
      const db = openStore();
      put(db, device());
      expect(deviceById(db, name)).toBeNull();
      expect(evidenceOf(db, name)).toEqual(NO_REASONS);
    },
  );

  it('stays readable where a JSON column holds something else than we wrote', () => {
    const db = openStore();
    const id = put(db, device(), heardAt('192.0.2.7'));
    rows(db, `update verdicts set caveats = '[1, {"en": "kept", "nl": "gehouden"}, {"en": 2}]' returning id`);
    rows(db, `update reasons set evidence = '{"a": 1}', conflicts = '7' returning device_id`);
    rows(db, `update endpoints set channels = '["sip-pnp", null]' returning id`);
    expect(deviceById(db, id)?.verdict.caveats).toEqual([{ en: 'kept', nl: 'gehouden' }]);
    expect(deviceById(db, id)?.endpoints[0]?.channels).toEqual(['sip-pnp']);
    expect(evidenceOf(db, id)).toEqual(NO_REASONS);
  });
});

describe('looking a device up', () => {
  it('by an identifier finds all of the site that were heard with it, the last heard with it first', () => {
    const db = openStore();
    const heardWith = (site: string, value: string, at: number): void => {
      const id = insertDevice(db, device({ site }), NO_REASONS);
      saveIdentifier(db, id, { site, kind: 'serial', value, at });
      saveIdentifier(db, id, { site, kind: 'mac', value: '001565aabbcc', at });
    };
    heardWith('office', 'Yealink 42', AT + 1);
    heardWith('office', 'Yealink 42', AT + 2);
    heardWith('branch', 'Yealink 42', AT + 3);
    heardWith('office', 'Snom 42', AT);
    expect(devicesKnownBy(db, 'office', { kind: 'serial', value: 'Yealink 42' })).toEqual(['d2', 'd1']);
    expect(devicesKnownBy(db, 'office', { kind: 'mac', value: '001565aabbcc' })).toEqual(['d2', 'd1', 'd4']);
    expect(devicesKnownBy(db, 'office', { kind: 'mac', value: '000000000000' })).toEqual([]);
  });

  it('by address puts the one that was heard there last first, whatever was heard of the others elsewhere', () => {
    const db = openStore();
    const moved = put(db, device(), heardAt('192.0.2.7'), heardAt('192.0.2.9', { at: AT + 900 }));
    const now = put(db, device(), heardAt('192.0.2.7', { at: AT + 10 }));
    put(db, device({ site: 'branch' }), heardAt('192.0.2.7', { at: AT + 20 }));
    expect(devicesByAddress(db, 'office', '192.0.2.7').map(({ id }) => id)).toEqual([now, moved]);
  });

  it('by address gives a device once, however many ports it has there', () => {
    const db = openStore();
    put(db, device(), heardAt('192.0.2.7'), heardAt('192.0.2.7', { port: 5062 }));
    expect(devicesByAddress(db, 'office', '192.0.2.7')).toHaveLength(1);
  });

  it.each(['d1', ' d1 ', '00:15:65:aa:bb:cc', '001565AABBCC', '0015.65aa.bbcc', '192.0.2.7', 'fd00::7'])(
    'understands %j',
    (text) => {
      const db = openStore();
      put(db, device(), heardAt('192.0.2.7'), heardAt('fd00::7'));
      put(db, phone({ vendor: 'snom' }), heardAt('192.0.2.8'));
      expect(findDevices(db, 'office', text).map(({ id }) => id)).toEqual(['d1']);
      expect(findDevices(db, 'branch', text)).toEqual([]);
    },
  );
});

describe('the list', () => {
  const list = (db: Database, filter: DeviceFilter = {}): DeviceId[] =>
    listDevices(db, filter).map(({ id }) => id);

  it('has the worst level first, then vendor, model and address as people sort them, the unknown last', () => {
    const db = openStore();
    put(db, atLevel('not-applicable'));
    put(db, atLevel('full'));
    put(db, atLevel('partial'));
    put(db, atLevel('basic', phone({})));
    put(db, atLevel('basic', phone({ vendor: 'Yealink' })));
    put(db, atLevel('basic', phone({ vendor: 'snom', model: 'D785' })), heardAt('fd00::7'));
    put(db, atLevel('basic', phone({ vendor: 'snom', model: 'D785' })), heardAt('192.0.2.10'));
    put(db, atLevel('basic', phone({ vendor: 'snom', model: 'D785' })), heardAt('192.0.2.9'));
    put(db, atLevel('basic', phone({ vendor: 'snom', model: 'D345' })));
    put(db, atLevel('unsupported'));
    expect(list(db)).toEqual(['d10', 'd9', 'd8', 'd7', 'd6', 'd5', 'd4', 'd3', 'd2', 'd1']);
    expect(list(db, { limit: 3 })).toEqual(['d10', 'd9', 'd8']);
    expect(list(db, { limit: 2, offset: 3 })).toEqual(['d7', 'd6']);
    expect(list(db, { offset: 8 })).toEqual(['d2', 'd1']);
  });

  it('sorts a device that moved by the address where it was heard last', () => {
    const db = openStore();
    const moved = put(db, device(), heardAt('192.0.2.1'), heardAt('192.0.2.9', { at: AT + 1 }));
    const other = put(db, device(), heardAt('192.0.2.5'));
    expect(list(db)).toEqual([other, moved]);
  });

  it('can be filtered by each of its columns, and by several at once', () => {
    const db = openStore();
    const good = put(db, device());
    const gone = put(db, device({ status: 'gone' }));
    const base = put(db, {
      ...atLevel('basic', phone({ vendor: 'Gigaset', kind: 'dect-base' })),
      verdict: { ...atLevel('basic').verdict, slaEligible: false },
    });
    const bad = put(db, atLevel('unsupported', phone({ vendor: 'snom', kind: 'desk-phone' })));
    expect(list(db, { levels: ['basic', 'unsupported'] })).toEqual([bad, base]);
    expect(list(db, { levels: [] })).toHaveLength(4);
    expect(list(db, { vendor: 'YEALINK' })).toEqual([good, gone]);
    expect(list(db, { kind: 'dect-base' })).toEqual([base]);
    expect(list(db, { status: 'gone' })).toEqual([gone]);
    expect(list(db, { slaEligible: false })).toEqual([base]);
    expect(list(db, { vendor: 'Yealink', status: 'present', levels: ['full'], slaEligible: true })).toEqual([
      good,
    ]);
  });

  it.each([
    'yealink',
    'Yealink T46',
    '66.84',
    'SN-9',
    '00:15:65',
    '00-15-65-AA-BB-CC',
    '0015.65aa',
    '65aabb',
    '192.0.2.7',
    'fd00::',
    'sip-t46s 66',
    ' t46s ',
  ])('finds a phone by %j', (text) => {
    const db = openStore();
    const identity = { ...device().identity, serial: 'SN-9' };
    const id = put(db, phone(identity), heardAt('192.0.2.7'), heardAt('fd00::7'));
    put(db, phone({ vendor: 'snom' }), heardAt('192.0.2.8', { userAgent: 'snomD785/10.1.46.16' }));
    expect(list(db, { text })).toEqual([id]);
  });

  it.each(['%', '_', "' or 1=1 --", 'T46S"', '10.0.0.9', 'x'.repeat(100_000)])(
    'takes %j as plain text that no phone has',
    (text) => {
      const db = openStore();
      // A MAC with the digits of 10.0.0.9: an address is not looked for in MACs.
      put(db, phone({ vendor: 'Yealink', model: 'T46S', mac: '001000900000' }), heardAt('192.0.2.7'));
      expect(list(db, { text })).toEqual([]);
    },
  );

  it('lists everything for an empty text', () => {
    const db = openStore();
    put(db, device(), heardAt('192.0.2.7'));
    expect(list(db, { text: ' ' })).toEqual(['d1']);
  });
});

describe('the key that addresses sort by', () => {
  it('orders IPv4 addresses by number', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    const numberOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0);
    fc.assert(
      fc.property(octets, octets, (a, b) => {
        fc.pre(numberOf(a) !== numberOf(b));
        expect(addressKey(a.join('.')) < addressKey(b.join('.'))).toBe(numberOf(a) < numberOf(b));
      }),
    );
  });

  it('puts IPv6 after IPv4', () => {
    expect(addressKey('::1') > addressKey('255.255.255.255')).toBe(true);
  });
});

describe('eachDevice', () => {
  it('walks through the devices of the list in its order, as often as one likes', () => {
    const db = openStore();
    for (let n = 0; n < 1203; n++) {
      const id = insertDevice(db, { ...device(), identity: { model: `M${n % 7}` } }, NO_REASONS);
      saveEndpoint(db, id, 'office', heardAt(`10.0.${n >> 8}.${n & 255}`));
    }
    const everyone = eachDevice(db, {});
    expect([...everyone]).toEqual(listDevices(db, {}));
    expect([...everyone]).toHaveLength(1203);
  });
});
