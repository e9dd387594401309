import type { SiteId, Transport } from './endpoint.ts';
import type { Identity } from './identity.ts';
import type { Verdict } from './verdict.ts';

/** Stable name of a device within one database: `d1`, `d2`, … in the order of discovery. */
export type DeviceId = string;

export const DEVICE_STATUSES = ['present', 'stale', 'gone'] as const;
export type DeviceStatus = (typeof DEVICE_STATUSES)[number];

/** The channels that read this link's own tables and talk: whoever wants to lie there must be on the link. */
export const OF_THE_LINK: ReadonlySet<string> = new Set(['neighbours', 'dhcp']);

/** One place where a device was heard. Times are milliseconds since the epoch, UTC. */
export interface DeviceEndpoint {
  address: string;
  port: number;
  transport: Transport;
  userAgent: string | null;
  server: string | null;
  /** SIP status of the latest answer; null where nothing answered a probe. */
  sipStatus: number | null;
  /** Whether it ever answered our own probe; all else may be forged. */
  solicited: boolean;
  channels: readonly string[];
  firstSeen: number;
  lastSeen: number;
}

/** What is concluded of a device: everything but where it is heard. */
export interface DeviceState {
  site: SiteId;
  identity: Partial<Identity>;
  confidence: number;
  verdict: Verdict;
  status: DeviceStatus;
  /** Whether a device's word was ever an answer to our own probe. */
  solicited: boolean;
  firstSeen: number;
  lastSeen: number;
}

/** A phone over time. */
export interface Device extends DeviceState {
  id: DeviceId;
  endpoints: readonly DeviceEndpoint[];
}

const NO_TEXT = { en: '', nl: '' };
const NO_CAVEATS: Device['verdict']['caveats'] = [];

/** What is counted of a device, without its texts: of a hundred thousand all of these fit. */
export const gistOf = (device: Device): Device => ({
  ...device,
  verdict: { ...device.verdict, clause: null, because: NO_TEXT, caveats: NO_CAVEATS },
  endpoints: device.endpoints.map((endpoint) => ({ ...endpoint, userAgent: null, server: null })),
});
