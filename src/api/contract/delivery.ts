import Type, { type Static } from 'typebox';
import type { Alerting, SinkStatus } from '../../engine/alerting.ts';
import { MESSAGE_REASONS } from '../../model/alert.ts';
import { DELIVERY_STATES, type DeliveryRecord } from '../../model/delivery.ts';
import { isoTime, Nullable, oneOf, Time } from './words.ts';

const FaultJson = Type.Object({
  reason: Type.String(),
  detail: Type.String({ description: 'What the other side or the system said; never a secret.' }),
});

/** One message to one sink, and what became of it. */
export const DeliveryJson = Type.Object({
  number: Type.Integer({ description: 'A part of the id of its message.' }),
  sink: Type.String(),
  state: oneOf(DELIVERY_STATES),
  reason: oneOf(MESSAGE_REASONS),
  group: Type.String({ description: 'What it is about: head-office/unsupported' }),
  at: Time,
  attempts: Type.Integer(),
  triedAt: Nullable(Time),
  endedAt: Nullable(Time),
  because: Nullable(
    oneOf(['refused', 'too-old', 'queue-full', 'sink-removed', 'damaged'], {
      description: 'Why it was given up.',
    }),
  ),
  fault: Nullable(FaultJson),
});
export type DeliveryJson = Static<typeof DeliveryJson>;

export const DeliveryListJson = Type.Object({ deliveries: Type.Array(DeliveryJson) });

/** A sink of the configuration, and how it does. */
export const SinkJson = Type.Object({
  name: Type.String(),
  kind: Type.String(),
  outage: Nullable(
    Type.Object(
      {
        since: Time,
        failures: Type.Integer({ description: 'Attempts in a row that failed.' }),
        triedAt: Time,
        nextAt: Type.String({ format: 'date-time', description: 'When it is tried again.' }),
        givenUp: Type.Integer({ description: 'Messages given up meanwhile.' }),
        fault: FaultJson,
      },
      { description: 'Null while it takes messages.' },
    ),
  ),
});
export type SinkJson = Static<typeof SinkJson>;

export const SinkListJson = Type.Object({ sinks: Type.Array(SinkJson) });

const TRIAL_FAULTS = ['auth', 'rejected', 'timeout', 'network', 'rate-limited', 'aborted'] as const;

/** How a trial went. */
export const SinkTestJson = Type.Object({
  sink: Type.String(),
  delivered: Type.Boolean(),
  fault: Nullable(
    Type.Object({
      reason: oneOf(TRIAL_FAULTS),
      retry: Type.Boolean({ description: 'Whether the same may succeed later.' }),
      detail: Type.String(),
    }),
  ),
});
export type SinkTestJson = Static<typeof SinkTestJson>;

const timeOrNull = (at: number | null): string | null => (at === null ? null : isoTime(at));

export const toDeliveryJson = (record: DeliveryRecord): DeliveryJson => ({
  number: record.number,
  sink: record.sink,
  state: record.state,
  reason: record.reason,
  group: record.group,
  at: isoTime(record.at),
  attempts: record.attempts,
  triedAt: timeOrNull(record.triedAt),
  endedAt: timeOrNull(record.endedAt),
  because: record.because,
  fault: record.fault === null ? null : { ...record.fault },
});

export const toSinkJson = ({ name, kind, outage }: SinkStatus): SinkJson => ({
  name,
  kind,
  outage:
    outage === null
      ? null
      : {
          since: isoTime(outage.since),
          failures: outage.failures,
          triedAt: isoTime(outage.triedAt),
          nextAt: isoTime(outage.triedAt + outage.waitMs),
          givenUp: outage.givenUp,
          fault: { ...outage.fault },
        },
});

type Trial = Awaited<NonNullable<ReturnType<Alerting['test']>>>;

export const toSinkTestJson = (sink: string, outcome: Trial): SinkTestJson => ({
  sink,
  delivered: outcome.ok,
  fault: outcome.ok
    ? null
    : { reason: outcome.fault.reason, retry: outcome.fault.retry, detail: outcome.fault.detail },
});
