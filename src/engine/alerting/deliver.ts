import { messageId } from '../../alerts/compose-message.ts';
import {
  GIVE_UP_AFTER_MS,
  LEAST_FAILURES,
  MOST_WAITING,
  msUntilRetry,
  waitAfter,
} from '../../alerts/retry.ts';
import type { ConfiguredSink } from '../../alerts/route.ts';
import type { Delivery, DeliveryFault } from '../../alerts/sink.ts';
import type { GivenUpBecause, Outage } from '../../model/delivery.ts';
import { failure, type Outcome } from '../../model/outcome.ts';
import {
  giveUpBeyondMost,
  giveUpOld,
  nextWaiting,
  noteAttempt,
  type Waiting,
} from '../../store/deliveries.ts';
import { endOutage, outageOf, saveOutage } from '../../store/outages.ts';
import { createAlarm } from './alarm.ts';
import { attempt } from './attempt.ts';
import type { AlertingParts } from './parts.ts';
import type { Patience } from './patience.ts';

/** The clock is looked at so often while a sink is left alone: it may be set meanwhile. */
const LOOK_EVERY_MS = 60_000;

/** Delivers the messages of one sink, one at a time. */
export interface Deliverer {
  /** There may be something to deliver. */
  ring(): void;
  /** Resolves when the signal has aborted and nothing is under way. Never rejects. */
  readonly ended: Promise<void>;
}

export interface DelivererParts extends Pick<AlertingParts, 'db' | 'clock' | 'log' | 'site' | 'random'> {
  sink: ConfiguredSink;
  patience: Patience;
  signal: AbortSignal;
}

export function createDeliverer(parts: DelivererParts): Deliverer {
  const alarm = createAlarm(parts.clock);
  parts.signal.addEventListener('abort', () => alarm.ring(), { once: true });
  const run = async (): Promise<void> => {
    while (!parts.signal.aborted) await alarm.sleep(await deliverNext(parts));
  };
  return { ring: () => alarm.ring(), ended: run() };
}

/** Delivers the next message, if there is one and its sink is not left alone; returns after how long to come back. */
async function deliverNext(parts: DelivererParts): Promise<number> {
  const { db, clock, sink, patience, signal } = parts;
  const next = await patience(() => {
    keepBound(parts);
    const outage = outageOf(db, sink.name);
    const waitMs = outage === null ? 0 : msUntilRetry(outage, clock.now());
    return waitMs > 0
      ? { waitMs: Math.min(waitMs, LOOK_EVERY_MS), waiting: null }
      : { waitMs: Infinity, waiting: nextWaiting(db, sink.name) };
  });
  if (next?.waiting === null) return next.waitMs;
  if (next === undefined) return 0;
  const { waiting } = next;
  const outcome = await send(waiting, parts);
  // Who ends the program has not had it refused: it is sent again, with the same id.
  if (!outcome.ok && signal.aborted) return 0;
  const note = await patience(() => db.transaction(() => settle(waiting, outcome, parts)));
  note?.();
  return 0;
}

async function send({ number, message }: Waiting, { sink, site, clock, signal }: DelivererParts): Delivery {
  return message === null
    ? failure({ reason: 'rejected', retry: false, detail: 'the record of the message is damaged' })
    : attempt({ ...message, id: messageId(site, number) }, { sink, clock, signal });
}

type Note = () => void;

/** Notes how an attempt went; returns what is to be logged once that is stored. */
function settle(waiting: Waiting, outcome: Outcome<void, DeliveryFault>, parts: DelivererParts): Note {
  const { db, sink, clock } = parts;
  const { number } = waiting;
  const outage = outageOf(db, sink.name);
  const at = clock.now();
  if (outcome.ok) {
    noteAttempt(db, { number, at, state: 'delivered', because: null, fault: null });
    endOutage(db, sink.name);
    return () => tellRecovered(outage, parts);
  }
  const { reason, detail } = outcome.fault;
  const because = whyGiveUp(waiting, outcome.fault, at);
  const state = because === null ? 'waiting' : 'given-up';
  noteAttempt(db, { number, at, state, because, fault: { reason, detail } });
  return noteFailure(outage, outcome.fault, { parts, because });
}

function whyGiveUp(
  { message, attempts, at }: Waiting,
  { retry }: DeliveryFault,
  now: number,
): GivenUpBecause | null {
  if (message === null) return 'damaged';
  if (!retry) return 'refused';
  return attempts + 1 >= LEAST_FAILURES && now - at > GIVE_UP_AFTER_MS ? 'too-old' : null;
}

/** The sink is left alone for a while, whatever its messages; what has waited for a day of attempts is given up. */
function noteFailure(
  before: Outage | null,
  fault: DeliveryFault,
  { parts, because }: { parts: DelivererParts; because: GivenUpBecause | null },
): Note {
  const { db, sink, clock, log, random = Math.random } = parts;
  const now = clock.now();
  const failures = (before?.failures ?? 0) + 1;
  const tooOld =
    failures < LEAST_FAILURES
      ? 0
      : giveUpOld(db, { sink: sink.name, before: now - GIVE_UP_AFTER_MS, now, because: 'too-old' });
  const givenUp = tooOld + (because === null ? 0 : 1);
  saveOutage(db, {
    sink: sink.name,
    since: before?.since ?? now,
    failures,
    triedAt: now,
    waitMs: waitAfter(failures, fault, random()),
    givenUp: (before?.givenUp ?? 0) + givenUp,
    fault: { reason: fault.reason, detail: fault.detail },
  });
  return () => {
    if (before === null)
      log.warn('sink-failing', { sink: sink.name, reason: fault.reason, detail: fault.detail });
    if (givenUp > 0 && (before?.givenUp ?? 0) === 0)
      log.warn('messages-given-up', { sink: sink.name, because: because ?? 'too-old' });
  };
}

function tellRecovered(outage: Outage | null, { sink, log, clock }: DelivererParts): void {
  if (outage === null) return;
  const { failures, givenUp, since } = outage;
  log.info('sink-recovered', { sink: sink.name, failures, givenUp, afterMs: clock.now() - since });
}

/** The queue has a bound: the oldest of too many are given up. */
function keepBound({ db, sink, clock, log }: DelivererParts): void {
  const count = giveUpBeyondMost(db, { sink: sink.name, most: MOST_WAITING, now: clock.now() });
  if (count === 0) return;
  const outage = outageOf(db, sink.name);
  if (outage !== null) saveOutage(db, { ...outage, givenUp: outage.givenUp + count });
  if ((outage?.givenUp ?? 0) === 0) log.warn('messages-given-up', { sink: sink.name, because: 'queue-full' });
}
