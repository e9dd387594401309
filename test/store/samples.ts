import { fileURLToPath } from 'node:url';
import type { DeviceState } from '../../src/model/device.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Evidence } from '../../src/model/identity.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { readMigrations } from '../../src/platform/files.ts';
import type { HeardEndpoint } from '../../src/store/endpoints.ts';

export const MIGRATIONS = readMigrations(fileURLToPath(new URL('../../migrations', import.meta.url)));

export const AT = Date.UTC(2026, 10, 2, 8);

export const NO_REASONS = { evidence: [], conflicts: [] };

export const device = (change: Partial<DeviceState> = {}): DeviceState => ({
  site: 'office',
  identity: {
    vendor: 'Yealink',
    model: 'T46S',
    firmware: '66.84.0.15',
    kind: 'desk-phone',
    mac: '001565aabbcc',
  },
  confidence: 0.9,
  verdict: {
    level: 'full',
    clause: 'yealink-t4',
    because: { en: 'tested', nl: 'getest' },
    caveats: [{ en: 'no call deflect', nl: 'geen call deflect' }],
    slaEligible: true,
  },
  status: 'present',
  solicited: true,
  firstSeen: AT,
  lastSeen: AT,
  ...change,
});

/** The same device judged to be of another level. */
export const atLevel = (level: DeviceState['verdict']['level'], state = device()): DeviceState => ({
  ...state,
  verdict: { ...state.verdict, level },
});

export const heardAt = (address: string, change: Partial<HeardEndpoint> = {}): HeardEndpoint => ({
  address,
  port: 5060,
  transport: 'udp',
  userAgent: 'Yealink SIP-T46S 66.84.0.15',
  server: null,
  sipStatus: 200,
  solicited: true,
  channel: 'sip-options',
  at: AT,
  ...change,
});

export const sighting = (change: Partial<Sighting> = {}): Sighting => ({
  channel: 'sip-options',
  at: AT,
  from: { site: 'office', transport: 'udp', address: '192.0.2.7', port: 5060 },
  solicited: true,
  facts: [
    { field: 'sip.status', value: '200' },
    { field: 'sip.user_agent', value: 'Yealink SIP-T46S 66.84.0.15' },
  ],
  raw: new TextEncoder().encode('SIP/2.0 200 OK\r\n\r\n'),
  ...change,
});

export const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  rule: 'yealink.sip-ua.t-series',
  fact: { field: 'sip.user_agent', value: 'Yealink SIP-T46S 66.84.0.15' },
  asserts: { vendor: 'Yealink', model: 'T46S', firmware: '66.84.0.15' },
  certainty: 0.9,
  solicited: true,
  ...change,
});

export const finding = (change: Partial<Omit<Finding, 'seq'>> = {}): Omit<Finding, 'seq'> => ({
  device: 'd1',
  about: null,
  at: AT,
  kind: 'appeared',
  state: 'raised',
  cause: null,
  before: null,
  after: null,
  sighting: null,
  ...change,
});
