import { aborted } from '../model/aborted.ts';
import type { Pace } from './pace.ts';

/** Stops a sweep for a while without ending it. */
export interface Gate {
  readonly isShut: boolean;
  shut(): void;
  open(): void;
  /** The same pace, of which no turn is to be had while the gate is shut. */
  hold(pace: Pace): Pace;
}

export function createGate(): Gate {
  let opened = Promise.withResolvers<null>();
  opened.resolve(null);
  let isShut = false;
  return {
    get isShut() {
      return isShut;
    },
    shut() {
      if (isShut) return;
      isShut = true;
      opened = Promise.withResolvers();
    },
    open() {
      isShut = false;
      opened.resolve(null);
    },
    hold: (pace) => ({
      spend: () => pace.spend(),
      async takeTurn(most, signal) {
        while (isShut && !signal.aborted) await Promise.race([opened.promise, aborted(signal)]);
        return pace.takeTurn(most, signal);
      },
    }),
  };
}
