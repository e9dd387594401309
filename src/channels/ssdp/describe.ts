import type { Clock, DescribingNet, FetchFault } from '../../platform/ports.ts';
import { parseDescription, type DescriptionFault, type UpnpDevice } from '../../wire/ssdp/description.ts';
import { createTurns } from './limits.ts';

/** How long a LOCATION is not fetched again, whatever came of it. */
export const AGAIN_AFTER_MS = 24 * 3600_000;
/** Most fetches at a time. */
export const MOST_AT_A_TIME = 3;
/** Most LOCATIONs remembered; where all are from today, a new one waits until tomorrow. */
export const MOST_REMEMBERED = 4096;
/** One host is not asked for its next description sooner: the pace that probes keep too. */
const HOST_GAP_MS = 1000;

type Outcomes = Partial<Record<'described' | FetchFault | DescriptionFault, number>>;

/** Fetches descriptions, each LOCATION of each source once a day at most. */
export interface Describer {
  /** Fetches what these places of one source say and was not fetched today, one after the other; never throws. */
  describe(source: string, locations: Iterable<string>): Promise<void>;
  /** What a place said when it last said something; empty when it never did. */
  devicesAt(source: string, location: string): readonly UpnpDevice[];
  /** How many fetches came to what. */
  readonly outcomes: Outcomes;
}

interface Remembered {
  fetchedAt: number;
  devices: readonly UpnpDevice[];
}

export function createDescriber(parts: { net: DescribingNet; clock: Clock; signal: AbortSignal }): Describer {
  const { net, clock, signal } = parts;
  const inTurn = createTurns(MOST_AT_A_TIME);
  const remembered = new Map<string, Remembered>();
  const outcomes: Outcomes = {};
  const isFresh = ({ fetchedAt }: Remembered): boolean => clock.monotonic() - fetchedAt < AGAIN_AFTER_MS;

  const isDue = (key: string): boolean => {
    const last = remembered.get(key);
    if (last !== undefined) return !isFresh(last);
    if (remembered.size >= MOST_REMEMBERED)
      for (const [other, entry] of remembered) if (!isFresh(entry)) remembered.delete(other);
    return remembered.size < MOST_REMEMBERED;
  };

  const fetch = async (source: string, location: string): Promise<void> => {
    const key = keyOf(source, location);
    const before = remembered.get(key)?.devices ?? [];
    remembered.set(key, { fetchedAt: clock.monotonic(), devices: before });
    const got = await net.fetchDescription(location, source, signal);
    const read = got.ok ? parseDescription(got.value) : got;
    const outcome = read.ok ? 'described' : read.fault;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    // One failure does not undo what was said yesterday.
    if (read.ok) remembered.set(key, { fetchedAt: clock.monotonic(), devices: read.value });
  };

  return {
    outcomes,
    devicesAt: (source, location) => remembered.get(keyOf(source, location))?.devices ?? [],
    async describe(source, locations) {
      let isFirst = true;
      for (const location of locations) {
        if (signal.aborted) return;
        if (location === '' || !isDue(keyOf(source, location))) continue;
        if (!isFirst) await clock.sleep(HOST_GAP_MS, signal);
        isFirst = false;
        await inTurn(() => (signal.aborted ? Promise.resolve() : fetch(source, location)));
      }
    },
  };
}

const keyOf = (source: string, location: string): string => `${source} ${location}`;
