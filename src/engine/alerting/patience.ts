import type { Clock, Log } from '../../platform/ports.ts';
import { UNFORGIVING, type Storage } from '../storage.ts';

const PAUSE_MS = 5000;

/** Does work on the store until it succeeds; undefined when the program ends and it never did. */
export type Patience = <T>(work: () => T) => Promise<T | undefined>;

/** A disk that is full, or a file that is locked, holds alerting up and loses nothing. It is told once, and once more when it is over. */
export function createPatience(parts: {
  clock: Clock;
  log: Log;
  storage?: Pick<Storage, 'attempt'>;
  signal: AbortSignal;
}): Patience {
  const { clock, log, signal, storage = UNFORGIVING } = parts;
  let isTold = false;
  return async (work) => {
    // Once also when the program ends: what has been delivered is noted.
    for (let failures = 0; failures === 0 || !signal.aborted; failures++) {
      try {
        let value: ReturnType<typeof work> | undefined;
        if (storage.attempt(() => (value = work()))) {
          if (failures > 0 && isTold) log.info('alerting-goes-on');
          if (failures > 0) isTold = false;
          return value;
        }
      } catch (error) {
        if (!isTold) log.error('alerting-held-up', { because: String(error) });
        isTold = true;
      }
      await clock.sleep(PAUSE_MS, signal);
    }
    return undefined;
  };
}
