import { testMessage } from '../alerts/compose-message.ts';
import { silenceFault, type SilenceFault } from '../alerts/mute.ts';
import type { Delivery } from '../alerts/sink.ts';
import { wallClock } from '../alerts/wall-clock.ts';
import type { Alert, AlertState } from '../model/alert.ts';
import type { DeliveryRecord, Outage } from '../model/delivery.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import type { NewSilence, Silence } from '../model/silence.ts';
import { alertOf, listAlerts } from '../store/alerts.ts';
import { listDeliveries } from '../store/deliveries.ts';
import { listOutages } from '../store/outages.ts';
import { addSilence, endSilence, listSilences } from '../store/silences.ts';
import { createAlarm } from './alerting/alarm.ts';
import { attempt } from './alerting/attempt.ts';
import { createDeliverer } from './alerting/deliver.ts';
import { mutingAt, type Mute } from './alerting/muting.ts';
import type { AlertingParts } from './alerting/parts.ts';
import { createPass, prepareStore } from './alerting/pass.ts';
import { createPatience } from './alerting/patience.ts';

export { alertedInventory } from './alerting/inventory.ts';
export type { AlertedInventory, AlertingParts } from './alerting/parts.ts';

/** An alert, and why it is not told now; null where it is. */
export type ShownAlert = Alert & { mute: Mute | null };

/** A sink of the configuration, and how it does. */
export interface SinkStatus {
  name: string;
  kind: string;
  /** Null while it takes messages. */
  outage: Outage | null;
}

/** Stands between the journal of findings and the sinks: who is told what, when, and whether it arrived. */
export interface Alerting {
  start(): void;
  /** Resolves when nothing is under way any more. What was not delivered is delivered after the next start. */
  stop(): Promise<void>;
  /** The alerts that changed last, the latest first. */
  alerts(filter: { state?: AlertState; limit: number }): ShownAlert[];
  silences(limit: number): Silence[];
  /** Makes a silence, also one of the whole site; returns its id. */
  silence(silence: NewSilence): Outcome<number, SilenceFault>;
  /** False where it is over already, or never was. */
  endSilence(id: number, by: string): boolean;
  /** Keeps one alert that fires from being told again, until it is over or the time has come; returns the silence's id. */
  acknowledge(
    key: string,
    said: Pick<Silence, 'author' | 'reason' | 'expiresAt'>,
  ): Outcome<number, SilenceFault | 'not-firing'>;
  deliveries(limit: number): DeliveryRecord[];
  sinks(): SinkStatus[];
  /** Sends a message that tells of nothing, at once and past the queue; null where there is no such sink. */
  test(name: string): Delivery | null;
}

/** After a commit others follow: they are read together. */
const SETTLE_MS = 250;

export function createAlerting(parts: AlertingParts): Alerting {
  const { db, clock, site, sinks, link } = parts;
  const wall = wallClock(site.timezone);
  const ending = new AbortController();
  let work: Promise<unknown> = Promise.resolve();
  const make = (silence: NewSilence): Outcome<number, SilenceFault> => {
    const fault = silenceFault(silence, clock.now());
    return fault === null ? success(addSilence(db, silence, clock.now())) : failure(fault);
  };
  return {
    start() {
      work = run(parts, ending.signal);
    },
    async stop() {
      ending.abort();
      await work;
    },
    alerts(filter) {
      const muting = mutingAt(clock.now(), parts, wall);
      return listAlerts(db, filter).map((alert) => ({ ...alert, mute: muting.muteOf(alert) }));
    },
    silences: (limit) => listSilences(db, limit),
    silence: make,
    endSilence: (id, by) => endSilence(db, { id, by, now: clock.now() }),
    acknowledge: (alert, said) =>
      alertOf(db, alert)?.state === 'firing'
        ? make({ ...said, matchers: { alert }, startsAt: clock.now() })
        : failure('not-firing'),
    deliveries: (limit) => listDeliveries(db, limit),
    sinks() {
      const outages = listOutages(db);
      return sinks.map(({ name, kind }) => ({
        name,
        kind,
        outage: outages.find(({ sink }) => sink === name) ?? null,
      }));
    },
    test(name) {
      const sink = sinks.find((one) => one.name === name);
      if (sink === undefined) return null;
      const message = testMessage({ site, language: sink.language, at: clock.now(), link });
      return attempt(message, { sink, clock, signal: ending.signal });
    },
  };
}

/** Reads the journal and tells what is due until the signal aborts, while each sink takes its messages at its own pace. */
async function run(parts: AlertingParts, signal: AbortSignal): Promise<void> {
  const { clock, feed } = parts;
  const patience = createPatience({ ...parts, signal });
  const alarm = createAlarm(clock);
  const unsubscribe = feed?.subscribe(({ type }) => {
    if (type === 'journal') alarm.ring();
  });
  signal.addEventListener('abort', () => alarm.ring(), { once: true });
  await patience(() => prepareStore(parts));
  const deliverers = parts.sinks.map((sink) => createDeliverer({ ...parts, sink, patience, signal }));
  const pass = createPass(parts, patience, () => {
    for (const deliverer of deliverers) deliverer.ring();
  });
  while (!signal.aborted) {
    const isNews = await alarm.sleep(await pass());
    if (isNews) await clock.sleep(SETTLE_MS, signal);
  }
  unsubscribe?.();
  await Promise.all(deliverers.map(({ ended }) => ended));
}
