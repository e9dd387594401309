import type { Auditor } from '../engine/auditor.ts';
import type { Feed } from '../engine/feed.ts';
import type { DeviceId } from '../model/device.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Language } from '../model/text.ts';
import type { Clock } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { deviceById } from '../store/devices.ts';
import { findingsAfter, findingsOf, latestFindings } from '../store/findings.ts';
import { FINDINGS_PER_DEVICE } from './contract/device.ts';
import type { EventMap, EventName } from './contract/events.ts';
import { toDeviceJson, toFindingJson, toSweepJson } from './contract/from-model.ts';

export const MAX_CLIENTS = 100;

/** A quiet stream says so: proxies and our own idle limit cut what says nothing. */
export const HEARTBEAT_MS = 15_000;

/** Changes of so short a while are told together. */
export const GATHER_MS = 100;

/** A piece of the stream ends soon after this many UTF-16 units; the rest follows when the client has taken it. */
const PIECE_LENGTH = 256 * 1024;

const FINDINGS_A_READ = 200;

/** Devices of a moment that are written once for all clients. */
const MAX_WRITTEN = 1000;

const RETRY_MS = 2000;

/** One listener. It holds no text, only what it has not been told: a slow one hears less often, and then the latest. */
interface Client {
  language: Language;
  /** The last finding told. */
  cursor: number;
  changed: Set<DeviceId>;
  sweeps: Map<number, Sweep>;
  /** Aborted as soon as there is something to tell. */
  news: AbortController;
  end(): void;
}

/** The live streams of `GET /api/v1/events`. */
export interface EventStreams {
  /**
   * A stream of server-sent events: sweeps and devices as they change, findings after number `after` without a gap
   * (from now on where it is undefined). Null when there are MAX_CLIENTS already.
   */
  open(options: { language: Language; after: number | undefined }): ReadableStream<Uint8Array> | null;
  /** Ends every stream. */
  close(): void;
}

export function createEventStreams(parts: {
  db: Database;
  auditor: Auditor;
  feed: Feed;
  clock: Clock;
}): EventStreams {
  const { db, auditor, feed, clock } = parts;
  const clients = new Set<Client>();
  const written = new Map<string, string>();
  const encoder = new TextEncoder();

  const unsubscribe = feed.subscribe((event) => {
    if (event.type === 'devices') written.clear();
    for (const client of clients) {
      if (event.type === 'devices') for (const id of event.ids) client.changed.add(id);
      if (event.type === 'sweep') client.sweeps.set(event.sweep.id, event.sweep);
      client.news.abort();
    }
  });

  function leave(client: Client): void {
    clients.delete(client);
    client.news.abort();
  }

  async function quietOrNews(client: Client): Promise<void> {
    await clock.sleep(HEARTBEAT_MS, client.news.signal);
    if (client.news.signal.aborted) await clock.sleep(GATHER_MS);
  }

  function nextPiece(client: Client): string {
    client.news = new AbortController();
    let piece = '';
    for (const event of untold(client)) {
      piece += event;
      if (piece.length < PIECE_LENGTH) continue;
      client.news.abort();
      break;
    }
    return piece === '' ? ':\n\n' : piece;
  }

  /** Whatever is yielded counts as told. */
  function* untold(client: Client): Generator<string> {
    for (const [id, sweep] of client.sweeps) {
      client.sweeps.delete(id);
      yield write('sweep', toSweepJson(sweep));
    }
    for (let page = read(client); page.length > 0; page = read(client))
      for (const finding of page) {
        client.cursor = finding.seq;
        yield `id: ${finding.seq}\n${write('finding', toFindingJson(finding, client.language))}`;
      }
    for (const id of client.changed) {
      client.changed.delete(id);
      yield writeDevice(id, client.language);
    }
  }

  /** Empty for a device that is not there. */
  function writeDevice(id: DeviceId, language: Language): string {
    const key = `${language} ${id}`;
    const before = written.get(key);
    if (before !== undefined) return before;
    const device = deviceById(db, id);
    if (device === null) return '';
    const event = write('device', toDeviceJson(device, findingsOf(db, id, FINDINGS_PER_DEVICE), language));
    if (written.size >= MAX_WRITTEN) written.clear();
    written.set(key, event);
    return event;
  }

  const read = (client: Client) => findingsAfter(db, client.cursor, FINDINGS_A_READ);

  return {
    open({ language, after }) {
      if (clients.size >= MAX_CLIENTS) return null;
      const last = latestFindings(db, 1)[0]?.seq ?? 0;
      const client: Client = {
        language,
        // A number that this journal has not reached comes from another database: a page left open over a restart of the demo.
        cursor: Math.min(after ?? last, last),
        changed: new Set(),
        sweeps: new Map(auditor.runningSweeps().map((sweep) => [sweep.id, sweep])),
        news: new AbortController(),
        end: () => undefined,
      };
      client.news.abort();
      return new ReadableStream<Uint8Array>(
        {
          start(controller) {
            client.end = () => controller.close();
            clients.add(client);
            controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`));
          },
          async pull(controller) {
            await quietOrNews(client);
            if (!clients.has(client)) return;
            try {
              controller.enqueue(encoder.encode(nextPiece(client)));
            } catch (error) {
              // The stream breaks, and nobody will tell us so. The browser comes back, and is told what the trouble is.
              leave(client);
              throw error;
            }
          },
          cancel: () => leave(client),
        },
        { highWaterMark: 0 },
      );
    },
    close() {
      unsubscribe();
      for (const client of clients) {
        leave(client);
        client.end();
      }
    },
  };
}

const write = <N extends EventName>(name: N, data: EventMap[N]): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
