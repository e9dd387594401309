import { now } from './clock.ts';
import { language } from './i18n.svelte.ts';

let timezone = $state('UTC');

/** Times are shown in the site's zone, wherever the reader is. */
export function showTimesIn(name: string): void {
  timezone = name;
}

/** English as written in Europe: day before month, 24 hours. */
const LOCALES = { en: 'en-GB', nl: 'nl-NL' } as const;

const formats = $derived.by(() => {
  const name = LOCALES[language()];
  return {
    number: new Intl.NumberFormat(name),
    percent: new Intl.NumberFormat(name, { style: 'percent', maximumFractionDigits: 0 }),
    date: new Intl.DateTimeFormat(name, { dateStyle: 'medium', timeStyle: 'medium', timeZone: timezone }),
    time: new Intl.DateTimeFormat(name, { hour: '2-digit', minute: '2-digit', timeZone: timezone }),
    ago: new Intl.RelativeTimeFormat(name, { numeric: 'auto', style: 'short' }),
    duration: new Intl.NumberFormat(name, { style: 'unit', unit: 'second', unitDisplay: 'short' }),
  };
});

export const formatNumber = (value: number): string => formats.number.format(value);
/** A share of one as whole percents. */
export const formatPercent = (share: number): string => formats.percent.format(share);
export const formatDate = (iso: string): string => formats.date.format(new Date(iso));
export const formatTime = (at: number | string): string => formats.time.format(new Date(at));

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `2 min. ago`, by the clock of this browser; what is younger than a minute is now. */
export function formatAgo(iso: string): string {
  const seconds = Math.max(0, (now() - Date.parse(iso)) / 1000);
  const [unit, length] = STEPS.find(([, step]) => seconds >= step) ?? (['second', Infinity] as const);
  return formats.ago.format(-Math.floor(seconds / length), unit);
}

/** A time between two moments in seconds, or minutes when it is long. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return formats.duration.format(seconds);
  return new Intl.NumberFormat(language(), { style: 'unit', unit: 'minute', unitDisplay: 'short' }).format(
    Math.round(seconds / 60),
  );
}
