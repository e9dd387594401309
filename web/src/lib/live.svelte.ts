import type { DeviceJson } from '../../../src/api/contract/device.ts';
import type { EventMap, EventName } from '../../../src/api/contract/events.ts';
import type { FindingJson } from '../../../src/api/contract/finding.ts';
import type { StatusJson } from '../../../src/api/contract/status.ts';
import type { SweepJson } from '../../../src/api/contract/sweep.ts';
import { ApiError, changeSweep, eventsUrl, getDevices, getStatus, getSweeps, startSweep } from './api.ts';
import { isNews } from './device.ts';

export type Connection = 'connecting' | 'live' | 'lost';

const FINDINGS_KEPT = 50;

/** Device events come in bursts; the list is drawn anew at most this often. */
const GATHER_MS = 200;

/** How long a changed row stays marked. */
const FRESH_MS = 2500;

/** The browser connects again by itself, except after an answer that was no stream. */
const RECONNECT_MS = 3000;

/**
 * What the daemon knows, as this page has it: a snapshot from the API, kept up to date by server-sent events. Every time the
 * stream opens, the snapshot is taken anew, so nothing that happened while it was down is missed.
 */
export class Live {
  connection = $state<Connection>('connecting');
  /** When the page last was up to date, in milliseconds; null before the first snapshot. */
  upToDateAt = $state<number | null>(null);
  /** Why the latest snapshot failed. */
  loadError = $state.raw<ApiError | null>(null);
  /** Why the latest sweep could not be started. */
  sweepError = $state.raw<ApiError | null>(null);
  status = $state.raw<StatusJson | null>(null);
  devices = $state.raw<ReadonlyMap<string, DeviceJson>>(new Map());
  /** Newest first. */
  sweeps = $state.raw<readonly SweepJson[]>([]);
  /** Newest first. */
  findings = $state.raw<readonly FindingJson[]>([]);
  /** Devices that changed a moment ago. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());

  #language = 'en';
  #events: EventSource | null = null;
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  #loading: AbortController | null = null;
  /** Events that came while a snapshot was on its way, and would be overwritten by it. */
  #held: (() => void)[] = [];
  #waiting = new Map<string, DeviceJson>();
  #gather: ReturnType<typeof setTimeout> | undefined;

  get isLoaded(): boolean {
    return this.upToDateAt !== null;
  }

  /** Follows the daemon in this language; a second call changes the language. */
  open(language: string): void {
    this.close();
    this.#language = language;
    this.#connect();
  }

  close(): void {
    clearTimeout(this.#reconnect);
    clearTimeout(this.#gather);
    this.#gather = undefined;
    this.#waiting.clear();
    this.#held = [];
    this.#loading?.abort();
    this.#events?.close();
    this.#events = null;
  }

  /** Takes the snapshot. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const [status, list, sweeps] = await Promise.all([
        getStatus(this.#language, loading.signal),
        getDevices(this.#language, loading.signal),
        getSweeps(loading.signal),
      ]);
      this.status = status;
      this.sweeps = sweeps.sweeps;
      this.devices = new Map(list.devices.map((device) => [device.id, device]));
      this.findings = latestFirst(list.devices.flatMap((device) => device.findings));
      this.loadError = null;
      this.upToDateAt = Date.now();
    } catch (error) {
      if (loading.signal.aborted) return;
      if (error instanceof ApiError) this.loadError = error;
    }
    this.#loading = null;
    // These may be newer than the snapshot; where they are older, the newer state follows them.
    for (const take of this.#held.splice(0)) take();
  }

  /** Starts a sweep, or says in `sweepError` why not. */
  async sweep(): Promise<void> {
    try {
      const { sweeps } = await startSweep();
      this.sweepError = null;
      for (const sweep of sweeps) this.#takeSweep(sweep);
    } catch (error) {
      if (error instanceof ApiError) this.sweepError = error;
    }
  }

  /** Pauses, goes on with, or ends the sweep under way, or says in `sweepError` why not. */
  async changeSweep(state: 'paused' | 'running' | 'cancelled'): Promise<void> {
    try {
      this.#takeSweep(await changeSweep(state));
      this.sweepError = null;
    } catch (error) {
      if (error instanceof ApiError) this.sweepError = error;
    }
  }

  #connect(): void {
    const events = new EventSource(eventsUrl(this.#language));
    this.#events = events;
    events.addEventListener('open', () => {
      this.connection = 'live';
      void this.load();
    });
    events.addEventListener('error', () => this.#lost(events));
    const on = <N extends EventName>(name: N, take: (value: EventMap[N]) => void): void =>
      events.addEventListener(name, (event: MessageEvent<string>) => {
        const value = JSON.parse(event.data) as EventMap[N];
        if (this.#loading === null) take(value);
        else this.#held.push(() => take(value));
      });
    on('device', (device) => this.#takeDevice(device));
    on('finding', (finding) => {
      this.findings = latestFirst([finding, ...this.findings]);
    });
    on('sweep', (sweep) => this.#takeSweep(sweep));
  }

  #lost(events: EventSource): void {
    if (this.connection === 'live') this.upToDateAt = Date.now();
    this.connection = 'lost';
    // Without a first snapshot there is nothing to show; asking for it tells why.
    if (!this.isLoaded) void this.load();
    if (events.readyState === EventSource.CLOSED)
      this.#reconnect = setTimeout(() => this.#connect(), RECONNECT_MS);
  }

  #takeDevice(device: DeviceJson): void {
    this.#waiting.set(device.id, device);
    this.#gather ??= setTimeout(() => this.#draw(), GATHER_MS);
  }

  #draw(): void {
    this.#gather = undefined;
    const changed = [...this.#waiting.values()].filter((device) =>
      isNews(this.devices.get(device.id), device),
    );
    this.devices = new Map([...this.devices, ...this.#waiting]);
    this.#waiting.clear();
    if (changed.length > 0) this.#mark(new Set(changed.map((device) => device.id)));
  }

  #mark(ids: ReadonlySet<string>): void {
    this.fresh = new Set([...this.fresh, ...ids]);
    setTimeout(() => {
      this.fresh = new Set([...this.fresh].filter((id) => !ids.has(id)));
    }, FRESH_MS);
  }

  #takeSweep(sweep: SweepJson): void {
    const known = this.sweeps.find(({ id }) => id === sweep.id);
    this.sweeps = [sweep, ...this.sweeps.filter(({ id }) => id !== sweep.id)].sort((a, b) => b.id - a.id);
    // The channels' states have no event of their own: they change when a sweep begins or ends.
    if (known?.state !== sweep.state) void this.#loadStatus();
  }

  async #loadStatus(): Promise<void> {
    try {
      this.status = await getStatus(this.#language);
    } catch {
      // The stream tells when the daemon is gone; what is known stays on the screen until then.
    }
  }
}

const latestFirst = (findings: readonly FindingJson[]): FindingJson[] =>
  [...new Map(findings.map((finding) => [finding.seq, finding])).values()]
    .sort((a, b) => b.seq - a.seq)
    .slice(0, FINDINGS_KEPT);
