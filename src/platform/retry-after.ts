/** Longest that another side is believed when it asks to be left alone: a day. */
export const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** IMF-fixdate and the obsolete form of RFC 850; `Date.parse` alone takes any text with a number in it for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds that a Retry-After header field asks for (RFC 9110 10.2.3), at most a day; null where it says nothing that can be read. */
export function parseRetryAfter(text: string | undefined, now: number): number | null {
  const written = (text ?? '').trim();
  const ms = /^\d{1,15}$/.test(written)
    ? Number(written) * 1000
    : HTTP_DATE.test(written)
      ? Date.parse(written) - now
      : NaN;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
