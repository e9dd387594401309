import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/model/device.ts';
import type { Identity } from '../../src/model/identity.ts';
import { resolve } from '../../src/resolve/resolve.ts';

const text = { en: '', nl: '' };

function device(id: string, address: string, identity: Partial<Identity> = {}): Device {
  const endpoint = {
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
  } as const;
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
    endpoints: [endpoint],
  };
}

const snom = { vendor: 'Snom', model: '300' };
const yealink = { vendor: 'Yealink', model: 'T46S' };

describe('resolve', () => {
  it('finds a phone by its MAC wherever it speaks from', () => {
    const phone = device('d1', '10.0.0.1', { mac: '001565aabbcc' });
    expect(
      resolve({ address: '10.0.0.9', identity: { mac: '001565aabbcc' } }, { byMac: [phone], byAddress: [] }),
    ).toBe('d1');
  });

  it('takes another MAC on a known address for another phone', () => {
    const phone = device('d1', '10.0.0.1', { mac: '001565aabbcc' });
    const candidates = { byMac: [], byAddress: [{ device: phone, saidBefore: [] }] };
    expect(resolve({ address: '10.0.0.1', identity: { mac: '001565000000' } }, candidates)).toBeNull();
  });

  it('lets a phone known by its address alone learn its MAC', () => {
    const candidates = {
      byMac: [],
      byAddress: [{ device: device('d1', '10.0.0.1', yealink), saidBefore: [] }],
    };
    expect(resolve({ address: '10.0.0.1', identity: { ...yealink, mac: '001565aabbcc' } }, candidates)).toBe(
      'd1',
    );
  });

  it('takes another model on the same channel for another phone on a reused address', () => {
    const candidates = {
      byMac: [],
      byAddress: [{ device: device('d1', '10.0.0.1', snom), saidBefore: [snom] }],
    };
    expect(resolve({ address: '10.0.0.1', identity: yealink }, candidates)).toBeNull();
    expect(
      resolve({ address: '10.0.0.1', identity: { vendor: 'Snom', model: '370' } }, candidates),
    ).toBeNull();
  });

  it('takes a contradiction between two channels for one phone', () => {
    const candidates = {
      byMac: [],
      byAddress: [{ device: device('d1', '10.0.0.1', { vendor: 'Yealink', model: 'T21P' }), saidBefore: [] }],
    };
    expect(resolve({ address: '10.0.0.1', identity: { vendor: 'Yealink', model: 'T21D' } }, candidates)).toBe(
      'd1',
    );
  });

  it('does not give the old address of a phone that has moved back to it', () => {
    const moved = device('d1', '10.0.0.1', snom);
    const elsewhere = {
      ...moved,
      endpoints: [...moved.endpoints, { ...moved.endpoints[0]!, address: '10.0.0.7', lastSeen: 9 }],
    };
    expect(
      resolve(
        { address: '10.0.0.1', identity: snom },
        { byMac: [], byAddress: [{ device: elsewhere, saidBefore: [snom] }] },
      ),
    ).toBeNull();
  });

  it('keeps a nameless answer with the device at its address', () => {
    const candidates = {
      byMac: [],
      byAddress: [{ device: device('d1', '10.0.0.1', snom), saidBefore: [snom] }],
    };
    expect(resolve({ address: '10.0.0.1', identity: {} }, candidates)).toBe('d1');
  });
});
