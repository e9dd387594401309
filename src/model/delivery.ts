import type { MessageReason } from './alert.ts';

export const DELIVERY_STATES = ['waiting', 'delivered', 'given-up'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why a message was not delivered after all, closed. */
export type GivenUpBecause =
  | 'refused' // the receiver will never take it
  | 'too-old' // a day of attempts
  | 'queue-full' // newer ones waited as well, and it was the oldest
  | 'sink-removed' // the configuration names its sink no more
  | 'damaged'; // the record of it cannot be read

/** One message to one sink and what became of it. Times are milliseconds since the epoch. */
export interface DeliveryRecord {
  /** Part of the id of its message. */
  number: number;
  sink: string;
  state: DeliveryState;
  reason: MessageReason;
  group: string;
  at: number;
  attempts: number;
  triedAt: number | null;
  endedAt: number | null;
  because: GivenUpBecause | null;
  /** What went wrong at the last attempt; null where nothing did. */
  fault: { reason: string; detail: string } | null;
}

/** A sink that refuses or cannot be reached. */
export interface Outage {
  sink: string;
  since: number;
  /** Attempts in a row that failed. */
  failures: number;
  triedAt: number;
  /** How long it is left alone after that. */
  waitMs: number;
  /** Messages given up meanwhile. */
  givenUp: number;
  fault: { reason: string; detail: string };
}
