import type { DeviceJson } from './device.ts';
import type { FindingJson } from './finding.ts';
import type { SweepJson } from './sweep.ts';

/**
 * Server-sent events of `GET /api/v1/events?lang=`. `finding` events carry their journal number as `id:`, so that a client that
 * reconnects with `Last-Event-ID` misses none; `device` and `sweep` events are the latest state and need no resume.
 */
export interface EventMap {
  device: DeviceJson;
  finding: FindingJson;
  sweep: SweepJson;
}
export type EventName = keyof EventMap;
