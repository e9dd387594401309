import { CompiledQuery } from 'kysely';
import { onTestFinished } from 'vitest';
import type { ConfiguredSink } from '../../src/alerts/route.ts';
import type { AlertSettings } from '../../src/alerts/settings.ts';
import type { DeliveryFault } from '../../src/alerts/sink.ts';
import { createAlerting, type Alerting, type AlertingParts } from '../../src/engine/alerting.ts';
import { createFeed } from '../../src/engine/feed.ts';
import type { Message } from '../../src/model/alert.ts';
import type { Finding } from '../../src/model/finding.ts';
import { failure, success, type Outcome } from '../../src/model/outcome.ts';
import type { Log } from '../../src/platform/ports.ts';
import type { Database } from '../../src/store/database.ts';
import { recordFindings } from '../../src/store/findings.ts';
import { news, subject } from '../alerts/samples.ts';
import { createSimulatedClock, type SimulatedClock } from '../sim/clock.ts';
import { openStore } from '../store/support.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Wednesday, ten in the morning in Amsterdam. */
export const START = Date.UTC(2026, 10, 25, 9);

export const SETTINGS: AlertSettings = {
  groups: { waitMs: 30 * SECOND, intervalMs: 5 * MINUTE, repeatMs: DAY },
  digest: { every: 'off', minute: 420, weekday: 1 },
  maintenance: [],
};

/** A sink that notes what it is handed, and when. */
export interface RecordingSink extends ConfiguredSink {
  /** Every attempt. */
  attempts: { at: number; message: Message }[];
  /** What it took. */
  taken: Message[];
  /** How it answers; it takes everything where this is not set. */
  answer?: (message: Message) => Outcome<void, DeliveryFault> | Promise<Outcome<void, DeliveryFault>>;
}

export const refusal = (change: Partial<DeliveryFault> = {}): Outcome<void, DeliveryFault> =>
  failure({ reason: 'network', retry: true, detail: 'no route', ...change });

export const GIVES_UP = refusal({ reason: 'rejected', retry: false, detail: 'gone' });

export function recordingSink(
  change: Partial<ConfiguredSink> & Pick<RecordingSink, 'answer'>,
  clock: SimulatedClock,
): RecordingSink {
  const sink: RecordingSink = {
    name: 'mail',
    kind: 'email',
    language: 'nl',
    tells: ['unsupported'],
    digest: true,
    attempts: [],
    taken: [],
    async deliver(message) {
      sink.attempts.push({ at: clock.now() - START, message });
      const outcome = (await sink.answer?.(message)) ?? success(undefined);
      if (outcome.ok) sink.taken.push(message);
      return outcome;
    },
    ...change,
  };
  return sink;
}

export interface Office {
  clock: SimulatedClock;
  db: Database;
  sinks: RecordingSink[];
  /** The first sink. */
  sink: RecordingSink;
  /** Names and values of everything logged. */
  logged: [event: string, values: Record<string, unknown> | undefined][];
  alerting: Alerting;
  /** Writes a finding about device `d<n>` to the journal, and tells who reads it. */
  raise: (n: number, change?: Partial<Finding>) => void;
  clear: (n: number, change?: Partial<Finding>) => void;
  /** A new one over the same database, with other settings where they are given. */
  restart: (change?: Partial<AlertingParts>) => Promise<void>;
}

/** An office whose alerts are told by the simulated clock, from `START` on. */
export async function openOffice(
  options: {
    sinks?: (Partial<ConfiguredSink> & Pick<RecordingSink, 'answer'>)[];
    parts?: Partial<AlertingParts>;
    wrap?: (db: Database) => Database;
  } = {},
): Promise<Office> {
  const clock = createSimulatedClock(START);
  const store = openStore();
  store.run({ compile: () => CompiledQuery.raw('pragma foreign_keys = off') });
  const db = options.wrap?.(store) ?? store;
  const feed = createFeed();
  const sinks = (options.sinks ?? [{}]).map((change) => recordingSink(change, clock));
  const logged: Office['logged'] = [];
  const note = (event: string, values?: Record<string, unknown>): void => void logged.push([event, values]);
  const log: Log = { info: note, warn: note, error: note };
  let parts: AlertingParts = {
    db,
    feed,
    clock,
    log,
    site: { id: 'office', name: 'Office', language: 'nl', timezone: 'Europe/Amsterdam' },
    settings: SETTINGS,
    sinks,
    link: null,
    inventory: {
      subjectOf: (device) => subject({ device, address: `192.0.2.${device.slice(1)}` }),
      fleet: () => ({ phones: 3, byLevel: { full: 2, unsupported: 1 } }),
    },
    random: () => 0,
    ...options.parts,
  };
  const write = (n: number, change: Partial<Finding>): void => {
    const lastSeq = recordFindings(store, [news({ device: `d${n}`, at: clock.now(), ...change })]);
    feed.publish({ type: 'journal', lastSeq });
  };
  const office: Office = {
    clock,
    db: store,
    sinks,
    sink: sinks[0]!,
    logged,
    alerting: createAlerting(parts),
    raise: (n, change = {}) => write(n, change),
    clear: (n, change = {}) => write(n, { state: 'cleared', ...change }),
    async restart(change = {}) {
      await office.alerting.stop();
      parts = { ...parts, ...change };
      office.alerting = createAlerting(parts);
      office.alerting.start();
      await clock.advance(0);
    },
  };
  office.alerting.start();
  await clock.advance(0);
  onTestFinished(() => office.alerting.stop());
  return office;
}

/** `firing d1 d2`, with `+3` for those that there was no room for. */
export const gist = ({ reason, alerts, more }: Message): string =>
  [
    reason,
    ...alerts.map(({ subject: who, kind }) => who?.device ?? kind).toSorted(),
    more > 0 ? `+${more}` : '',
  ]
    .join(' ')
    .trim();

export const gists = ({ taken }: RecordingSink): string[] => taken.map(gist);
