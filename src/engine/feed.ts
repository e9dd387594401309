import type { DeviceId } from '../model/device.ts';
import type { Sweep } from '../model/sweep.ts';

/** What readers are told after a commit; they read the rest from the store themselves. */
export type FeedEvent =
  | { type: 'devices'; ids: readonly DeviceId[] }
  | { type: 'journal'; lastSeq: number }
  | { type: 'sweep'; sweep: Sweep };

/** Tells readers that there is something new. It holds nothing: the journal does. */
export interface Feed {
  publish(event: FeedEvent): void;
  /** Returns the way to stop listening. A listener that throws is the listener's fault and crashes the daemon. */
  subscribe(listener: (event: FeedEvent) => void): () => void;
}

export function createFeed(): Feed {
  const listeners = new Set<(event: FeedEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
