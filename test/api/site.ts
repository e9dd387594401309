import { createServer, type ServerOptions } from '../../src/api/server.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { createAlerting } from '../../src/engine/alerting.ts';
import type { Auditor } from '../../src/engine/auditor.ts';
import { createFeed } from '../../src/engine/feed.ts';
import { createIntake } from '../../src/engine/intake.ts';
import type { Knowledge } from '../../src/engine/knowledge.ts';
import type { DeviceId, DeviceState } from '../../src/model/device.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Sweep } from '../../src/model/sweep.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { readMigrations } from '../../src/platform/files.ts';
import { insertDevice, type Reasons } from '../../src/store/devices.ts';
import { saveEndpoint, type HeardEndpoint } from '../../src/store/endpoints.ts';
import { appendFindings } from '../../src/store/findings.ts';
import { saveIdentifier } from '../../src/store/identifiers.ts';
import { openDatabase } from '../../src/store/open.ts';

/** 2026-11-24T12:00:00.000Z */
export const NOON = Date.UTC(2026, 10, 24, 12);

export const SWEEP: Sweep = {
  id: 1,
  channel: 'sip-options',
  state: 'running',
  startedAt: NOON,
  endedAt: null,
  targets: 254,
  sent: 100,
  mostToSend: 762,
  answered: 12,
  refused: { malformed: 1 },
  seed: 7,
  plan: 'plan',
  position: 0,
  activeMs: 5000,
  unsound: null,
};

export const STATUS: ReturnType<Auditor['status']> = {
  site: { id: 'head-office', name: 'Head office', language: 'nl', timezone: 'Europe/Amsterdam' },
  scope: {
    sweptCount: 253,
    include: ['192.168.10.0/24'],
    exclude: [
      { network: '192.168.10.1/32', because: 'the PBX' },
      { mac: '00:15:65:aa:bb:cc', between: '08:00-18:00', because: 'the lift' },
    ],
  },
  policy: { title: 'An example', revision: '1', isExample: true },
  channels: [
    {
      name: 'sip-pnp',
      state: 'off',
      because: { en: 'UDP 5060 is in use on this machine', nl: 'UDP 5060 is hier in gebruik' },
    },
  ],
  rules: { count: 1, refused: null },
  networks: [{ interface: 'eth0', address: '192.168.10.9', network: '192.168.10.0/24' }],
};

let loaded: Knowledge | undefined;
const knowledge = (): Knowledge =>
  (loaded ??= loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null }));

const silent = (): void => undefined;
const GROUPS = { waitMs: 30_000, intervalMs: 300_000, repeatMs: 86_400_000 };

/** A real inventory in memory behind a real server; the auditor only says what a test lets it say. */
export function openSite(options: Partial<ServerOptions> & { running?: Sweep[] } = {}) {
  const db = openDatabase({ file: ':memory:', migrations: readMigrations('migrations') });
  const feed = createFeed();
  const running = options.running ?? [];
  const auditor: Auditor = {
    status: () => STATUS,
    runningSweeps: () => running,
    startSweep: () => running,
    changeSweep: () => running[0] ?? null,
    leftAlone: () => [],
    stop: () => Promise.resolve(),
  };
  const server = createServer({
    db,
    auditor,
    feed,
    intake: createIntake({ db, feed, knowledge }),
    alerting: createAlerting({
      db,
      clock: systemClock,
      log: { info: silent, warn: silent, error: silent },
      site: STATUS.site,
      settings: { groups: GROUPS, digest: { every: 'off', minute: 0, weekday: 1 }, maintenance: [] },
      sinks: [],
      link: null,
      inventory: {
        subjectOf: () => null,
        fleet: () => ({ phones: 0, byLevel: { full: 0, partial: 0, basic: 0, unsupported: 0 } }),
      },
    }),
    storage: { trouble: null },
    keepMs: 3650 * 24 * 3_600_000,
    clock: systemClock,
    webRoot: null,
    version: '1.2.3',
    allowedHosts: ['census.example'],
    ...options,
  });

  return {
    db,
    auditor,
    feed,
    server,
    addDevice(
      state: Partial<DeviceState> = {},
      endpoint: Partial<HeardEndpoint> = {},
      why = NO_REASONS,
    ): DeviceId {
      const device = { ...PHONE, ...state };
      const id = insertDevice(db, device, why);
      const { mac } = device.identity;
      if (mac !== undefined) saveIdentifier(db, id, { site: PHONE.site, kind: 'mac', value: mac, at: NOON });
      saveEndpoint(db, id, PHONE.site, { ...ANSWER, ...endpoint });
      return id;
    },
    addFindings(...findings: (Pick<Finding, 'device' | 'kind'> & Partial<Finding>)[]): number {
      return appendFindings(
        db,
        findings.map((finding): Omit<Finding, 'seq'> => ({
          at: NOON,
          about: null,
          state: 'raised',
          cause: null,
          before: null,
          after: null,
          sighting: null,
          ...finding,
        })),
      );
    },
    async get(url: string, headers: Record<string, string> = {}) {
      const response = await server.inject({ url, headers });
      return { status: response.statusCode, headers: response.headers, body: response.json<unknown>() };
    },
    async close() {
      await server.close();
      db.close();
    },
  };
}
export type OpenSite = ReturnType<typeof openSite>;

const NO_REASONS: Reasons = { evidence: [], conflicts: [] };

export const PHONE: DeviceState = {
  site: 'head-office',
  identity: { vendor: 'Acme', model: 'P10W', firmware: '1.10', kind: 'desk-phone', mac: '020000aabbcc' },
  confidence: 0.9,
  verdict: {
    level: 'full',
    clause: 'acme-p10w',
    because: { en: 'tested', nl: 'getest' },
    caveats: [{ en: 'a transfer is a deflect', nl: 'doorverbinden is een deflect' }],
    slaEligible: true,
  },
  status: 'present',
  solicited: true,
  firstSeen: NOON,
  lastSeen: NOON + 1000,
};

const ANSWER: HeardEndpoint = {
  address: '192.168.10.20',
  port: 5060,
  transport: 'udp',
  userAgent: 'Acme P10W/1.10',
  server: null,
  sipStatus: 200,
  solicited: true,
  channel: 'sip-options',
  at: NOON,
};
