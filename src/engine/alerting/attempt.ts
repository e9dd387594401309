import type { ConfiguredSink } from '../../alerts/route.ts';
import { TIMEOUT_MS, type Delivery, type DeliveryFault } from '../../alerts/sink.ts';
import type { Message } from '../../model/alert.ts';
import { failure } from '../../model/outcome.ts';
import { bounded, printable } from '../../model/text.ts';
import type { Clock } from '../../platform/ports.ts';

/** A sink that has not kept to its own time by then is not waited for. */
const LATEST_MS = TIMEOUT_MS + 5000;

const MOST_DETAIL = 500;

export interface AttemptParts {
  sink: ConfiguredSink;
  clock: Clock;
  signal: AbortSignal;
}

/** One attempt to deliver a message, which ends whatever the sink does. Never rejects. */
export async function attempt(message: Message, { sink, clock, signal }: AttemptParts): Delivery {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  try {
    return await Promise.race([deliver(sink, message, either), tooLate(clock, either)]);
  } finally {
    ending.abort();
  }
}

/** A sink that throws is a fault of ours, and holds up no other sink. */
async function deliver(sink: ConfiguredSink, message: Message, signal: AbortSignal): Delivery {
  try {
    const outcome = await sink.deliver(message, signal);
    return outcome.ok ? outcome : failure({ ...outcome.fault, detail: clean(outcome.fault.detail) });
  } catch (error) {
    return failure(fault('rejected', clean(`the sink failed: ${String(error)}`)));
  }
}

async function tooLate(clock: Clock, signal: AbortSignal): Delivery {
  await clock.sleep(LATEST_MS, signal);
  // When the program ends, what has been delivered just now counts.
  if (signal.aborted) await clock.turn();
  return failure(fault('timeout', `nothing within ${LATEST_MS / 1000} s`));
}

const fault = (reason: DeliveryFault['reason'], detail: string): DeliveryFault => ({
  reason,
  retry: true,
  detail,
});

/** What another side said, fit for a log and a terminal. */
const clean = (detail: string): string => printable(bounded(detail, MOST_DETAIL));
