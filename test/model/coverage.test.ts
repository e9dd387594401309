import { describe, expect, it } from 'vitest';
import { CHANNEL } from '../../src/registrations/sightings.ts';
import { CHANNELS } from '../../src/channels/registry.ts';
import { countFellSilent, coverageOf, isUnknownToPbx, TOLD_BY_PBX } from '../../src/model/coverage.ts';
import type { DeviceEndpoint } from '../../src/model/device.ts';

const endpoint = (channels: string[], sipStatus: number | null = null): DeviceEndpoint => ({
  address: '192.168.10.20',
  port: 5060,
  transport: 'udp',
  userAgent: null,
  server: null,
  sipStatus,
  solicited: false,
  channels,
  firstSeen: 0,
  lastSeen: 0,
});
const phone = (...endpoints: DeviceEndpoint[]) => ({ endpoints });

const answering = phone(endpoint(['sip-options', 'neighbours'], 200));
const registered = phone(endpoint(['registrations']));
const both = phone(endpoint(['registrations']), endpoint(['sip-options'], 401));
const overheard = phone(endpoint(['neighbours']), endpoint(['neighbours', 'sip-pnp']));

describe('coverageOf', () => {
  it('gives one figure with its denominator, and who is silent', () => {
    expect(coverageOf([answering, registered, both, overheard])).toMatchObject({
      known: 4,
      answered: 2,
      share: 0.5,
      silent: 2,
    });
    expect(coverageOf([])).toMatchObject({ known: 0, answered: 0, share: null, silent: 0 });
  });

  it('counts a phone once for every channel that has seen it, the most first', () => {
    const { bySource } = coverageOf([answering, registered, both, overheard, overheard]);
    expect(Object.entries(bySource)).toEqual([
      ['neighbours', 3],
      ['registrations', 2],
      ['sip-options', 2],
      ['sip-pnp', 2],
    ]);
  });

  it('takes a certificate without a word of SIP for no answer, and for a sign on the wire', () => {
    const silentTls = phone(endpoint(['sip-options']));
    expect(coverageOf([silentTls, registered])).toMatchObject({
      answered: 0,
      bySource: { registrations: 1 },
      unknownToPbx: { unknown: 1, onTheWire: 1 },
    });
  });

  it('counts who is on the wire and unknown to the PBX, a phone that its PBX alone knows in neither figure', () => {
    expect(coverageOf([answering, registered, both, overheard]).unknownToPbx).toEqual({
      unknown: 2,
      onTheWire: 3,
    });
  });

  it('calls nobody unknown where no PBX has told of any phone, unless one has elsewhere on the site', () => {
    expect(coverageOf([answering, overheard]).unknownToPbx).toBeNull();
    expect(coverageOf([answering, overheard], { hasRegistrations: true }).unknownToPbx).toEqual({
      unknown: 2,
      onTheWire: 2,
    });
  });

  it('says null, and not nought, of what is not known of the site', () => {
    expect(coverageOf([])).toMatchObject({ inScope: null, possiblyBlocked: null });
    expect(coverageOf([], { inScope: 254, possiblyBlocked: 0 })).toMatchObject({
      inScope: 254,
      possiblyBlocked: 0,
    });
  });
});

it('knows a phone that its PBX and others have told of from one that its PBX has not', () => {
  expect([answering, registered, both, overheard].map(isUnknownToPbx)).toEqual([true, false, false, true]);
});

it('counts as possibly blocked who fell silent, and not who asked to be left alone', () => {
  expect(countFellSilent([{ because: 'fell-silent' }, { because: 'retry-after' }])).toBe(1);
});

it('goes by the names that the channels have', () => {
  expect(TOLD_BY_PBX).toBe(CHANNEL);
  expect(Object.keys(CHANNELS)).toContain('sip-options');
});
