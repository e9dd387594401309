import { createPipeline, openTransientInventory } from '../../src/app/compose.ts';
import { loadKnowledge } from '../../src/app/knowledge.ts';
import { EXAMPLE_POLICY } from '../../src/app/paths.ts';
import { startAuditor, type Auditor } from '../../src/engine/auditor.ts';
import { createExclusions } from '../../src/engine/exclusions.ts';
import { createStorage } from '../../src/engine/storage.ts';
import { PATIENCES, type Patiences } from '../../src/inventory/presence.ts';
import type { LocalNetwork } from '../../src/platform/interfaces.ts';
import { createScope } from '../../src/scope/scope.ts';
import { latestFindings } from '../../src/store/findings.ts';
import { answerTo } from '../channels/answers.ts';
import { createSimulatedClock } from './clock.ts';
import { createSimulatedNet, type Host } from './net.ts';

const knowledge = loadKnowledge({ policyFile: EXAMPLE_POLICY, rulesFolder: null });
const NETWORK = '10.0.0.0/27';
const LAN: LocalNetwork = {
  interface: 'lan',
  address: '10.0.0.200',
  network: '10.0.0.0/24',
  isLoopback: false,
  resolves: false,
};
const MINUTE = 60_000;

/** A phone of a simulated site: what it answers to OPTIONS, and what the link and its boot tell. */
export interface SimulatedPhone {
  address: string;
  /** Null for one that answers no stranger. */
  userAgent: string | null;
  mac: string;
}

/**
 * A whole auditor, with sweeps, listeners and presence, on a simulated LAN and clock. `sweeps` is a cron expression.
 */
export async function createSimulatedSite(
  options: { sweeps?: string; patiences?: Patiences; startAt?: number } = {},
) {
  const clock = createSimulatedClock(options.startAt ?? Date.UTC(2026, 0, 5));
  const hosts = new Map<string, Host>();
  const net = createSimulatedNet(clock, hosts);
  const db = openTransientInventory();
  const { feed, intake } = createPipeline(
    db,
    () => knowledge,
    () => null,
  );
  const scope = createScope({ include: [NETWORK] });
  if (!scope.ok) throw new Error('scope');
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const storage = createStorage({ now: () => clock.now(), log, onRecovered: () => undefined });
  let isConnected = true;
  const phones = new Map<string, SimulatedPhone>();
  const patiences = options.patiences ?? PATIENCES;
  const start = (): Promise<Auditor> =>
    startAuditor({
      site: { id: 's', name: 'Simulated', language: 'en', timezone: 'UTC' },
      scope: scope.value,
      exclusions: createExclusions({
        entries: [],
        timezone: 'UTC',
        clock,
        link: net.link,
        networks: () => [LAN],
        addressesOf: () => new Set(),
      }),
      shownExclusions: [],
      channels: {
        'sip-options': {
          ports: [5060],
          transports: ['udp'],
          rate: 1000,
          maxConnections: 5,
          waitMs: 2000,
          schedule: options.sweeps ?? '*/15 * * * *',
          jitterSeconds: 0,
        },
        'sip-pnp': { interfaces: [], besidePbx: false },
        neighbours: { interfaces: [], everySeconds: 3600 },
      },
      db,
      feed,
      intake,
      knowledge: () => knowledge,
      rulesTrouble: () => null,
      system: net,
      networks: () => (isConnected ? [LAN] : []),
      isUdpPortHeldHere: () => Promise.resolve(false),
      isKnown: () => true,
      storage,
      patiences,
      uptime: () => clock.monotonic(),
      lookEveryMs: 5 * MINUTE,
      clock,
      log,
    });
  let auditor = await start();
  await clock.advance(1);

  const neighboursAre = (): void => {
    net.neighbours.length = 0;
    if (!isConnected) return;
    for (const { address, mac } of phones.values())
      net.neighbours.push({ address, mac, interface: 'lan', isFresh: true });
  };
  const connect = (phone: SimulatedPhone): void => {
    phones.set(phone.mac, phone);
    hosts.set(`${phone.address}:5060`, ({ bytes }) =>
      phone.userAgent === null || !isConnected
        ? []
        : [{ bytes: answerTo(bytes, 'SIP/2.0 200 OK', [`User-Agent: ${phone.userAgent}`, ALLOW]) }],
    );
    neighboursAre();
  };
  const disconnect = (mac: string): void => {
    const phone = phones.get(mac);
    if (phone === undefined) throw new Error(`no phone ${mac}`);
    phones.delete(mac);
    hosts.delete(`${phone.address}:5060`);
    neighboursAre();
  };
  return {
    db,
    clock,
    net,
    intake,
    knowledge,
    patiences,
    isSwept: (address: string) => scope.value.isSwept(address),
    connect,
    disconnect,
    /** Changes what a phone is or where it is. */
    change: (mac: string, change: Partial<SimulatedPhone>): void => {
      const phone = phones.get(mac);
      if (phone === undefined) throw new Error(`no phone ${mac}`);
      disconnect(mac);
      connect({ ...phone, ...change });
    },
    /** Announces a device over multicast, as phones do when they boot, and strangers whenever they like. */
    announce: ({
      address,
      mac,
      vendor,
      model,
    }: {
      address: string;
      mac: string;
      vendor: string;
      model: string;
    }): void => {
      const event = `ua-profile;profile-type="device";vendor="${vendor}";model="${model}";version="1.0"`;
      net.multicast({ bytes: Buffer.from(subscribe(address, mac, event)), address, port: 5060 });
    },
    /** Takes the network of the auditor away, or gives it back. */
    network: (state: 'up' | 'down'): void => {
      isConnected = state === 'up';
      neighboursAre();
    },
    restart: async (): Promise<void> => {
      await stop();
      auditor = await start();
      await clock.advance(1);
    },
    stop: () => stop(),
    journal: () => latestFindings(db, 100_000).reverse(),
    auditor: () => auditor,
  };

  async function stop(): Promise<void> {
    const stopped = auditor.stop();
    for (let guard = 0; guard < 20; guard++) await clock.advance(1000);
    await stopped;
  }
}

const ALLOW = 'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER, INFO, UPDATE';

const subscribe = (address: string, mac: string, event: string): string =>
  [
    `SUBSCRIBE sip:MAC%3a${mac}@224.0.1.75 SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:5060;branch=z9hG4bK${mac}`,
    `From: <sip:MAC%3a${mac}@224.0.1.75>;tag=1`,
    `To: <sip:MAC%3a${mac}@224.0.1.75>`,
    `Call-ID: ${mac}@${address}`,
    'CSeq: 1 SUBSCRIBE',
    `Contact: <sip:${address}:5060>`,
    'Max-Forwards: 70',
    `Event: ${event}`,
    'Expires: 0',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
