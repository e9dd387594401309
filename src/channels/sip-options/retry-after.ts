/** Longest time that an answer can make us wait: whoever forges one must not hide a phone for good. */
const LONGEST_MS = 24 * 3600 * 1000;

/** Milliseconds that a Retry-After header asks for (RFC 3261 20.33: seconds, then a comment or parameters); 0 for none. */
export function retryAfterMs(header: string | null): number {
  const [, seconds] = /^\s*(\d{1,9})\s*(?:[;(]|$)/.exec(header ?? '') ?? [];
  return Math.min(LONGEST_MS, Number(seconds ?? 0) * 1000);
}
