import type { Sighting } from '../model/sighting.ts';

const WINDOW_MS = 3_600_000;

/** Most devices that one address, and that all together, bring into an inventory in an hour without answering a probe. */
export const MOST_NEWCOMERS = { fromOne: 8, fromAll: 5000 } as const;

/** Whether a device that is not known yet may come in. */
export type Admission =
  | 'admitted'
  | 'last-of-address' // admitted, and the next from there is not
  | 'last-of-all'
  | 'refused';

/**
 * Announcements can be forged, a hundred thousand in a minute, each from another address: so many new devices are believed. Whoever answers our
 * own probe is always let in. It reckons with the times of sightings alone, so that the same sightings are let in again.
 */
export interface Newcomers {
  admit(sighting: Sighting): Admission;
  /** The transaction of all that were admitted since it was last said holds; or does not, and they are counted again when they come again. */
  settle(isHeld: boolean): void;
  /** Whether so many came in the hour before that more were not let in, at `address` or (null) in all; false when it is quiet again. */
  isCrowded(address: string | null, at: number): boolean;
}

interface Window {
  number: number;
  total: number;
  byAddress: Map<string, number>;
}

export function createNewcomers(): Newcomers {
  let now: Window = emptyWindow(-1);
  let before: Window = emptyWindow(-1);
  let unsettled: { window: Window; address: string }[] = [];
  const turnTo = (at: number): void => {
    const number = Math.floor(at / WINDOW_MS);
    if (number === now.number) return;
    before = number === now.number + 1 ? now : emptyWindow(number - 1);
    now = emptyWindow(number);
  };
  const isFull = ({ total, byAddress }: Window, address: string | null): boolean =>
    address === null
      ? total >= MOST_NEWCOMERS.fromAll
      : (byAddress.get(address) ?? 0) >= MOST_NEWCOMERS.fromOne;
  return {
    admit({ at, solicited, from: { address } }) {
      if (solicited) return 'admitted';
      turnTo(at);
      if (isFull(now, null) || isFull(now, address)) return 'refused';
      count(now, address, 1);
      unsettled.push({ window: now, address });
      if (isFull(now, null)) return 'last-of-all';
      return isFull(now, address) ? 'last-of-address' : 'admitted';
    },
    settle(isHeld) {
      if (!isHeld) for (const { window, address } of unsettled) count(window, address, -1);
      unsettled = [];
    },
    isCrowded(address, at) {
      turnTo(at);
      return isFull(now, address) || isFull(before, address);
    },
  };
}

function count(window: Window, address: string, by: 1 | -1): void {
  window.total += by;
  window.byAddress.set(address, (window.byAddress.get(address) ?? 0) + by);
}

const emptyWindow = (number: number): Window => ({ number, total: 0, byAddress: new Map() });
