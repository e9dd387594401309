import type { Static, TSchema } from 'typebox';
import type { Message } from '../model/alert.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Clock } from '../platform/ports.ts';

/** Why a message was not delivered, closed. */
export const DELIVERY_FAULTS = ['auth', 'rejected', 'timeout', 'network', 'rate-limited', 'aborted'] as const;
export type DeliveryFaultReason = (typeof DELIVERY_FAULTS)[number];

export interface DeliveryFault {
  reason: DeliveryFaultReason;
  /** Whether the same message may be taken later. */
  retry: boolean;
  /** For people: what the other side or the system said, bounded; never a secret, never the answer of a web server. */
  detail: string;
  /** Milliseconds that the receiver asks to be left alone (Retry-After). */
  retryAfterMs?: number;
}

export type Delivery = Promise<Outcome<void, DeliveryFault>>;

/** Where a secret stands: in a file, or in a variable of the environment. Read at each delivery, so that it can be renewed. */
export interface SecretPlace {
  file?: string;
  environment?: string;
}

export interface SinkContext<C> {
  config: C;
  /** Reads a secret; the fault is `auth` without retry, and names the place and never the text. */
  secret(place: SecretPlace): Outcome<string, DeliveryFault>;
  clock: Clock;
  signal: AbortSignal;
}

/** A way of telling people. It only delivers: grouping, silencing, repeating and retrying happen before it. It keeps nothing. */
export interface Sink<S extends TSchema = TSchema> {
  readonly name: string;
  /** Settings with defaults and words for the documentation, closed. */
  readonly config: S;
  /** Delivers one message within TIMEOUT_MS, or says whether to try again. Never throws. */
  deliver(message: Message, context: SinkContext<Static<S>>): Delivery;
}

/** A delivery that takes longer is a fault `timeout`. */
export const TIMEOUT_MS = 10_000;
