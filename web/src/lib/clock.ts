import { createSubscriber } from 'svelte/reactivity';

const TICK_MS = 15_000;

const followTime = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => clearInterval(timer);
});

/** The time now, in milliseconds; whatever shows it is refreshed a few times a minute. */
export function now(): number {
  followTime();
  return Date.now();
}
