import type { Alert } from '../model/alert.ts';
import { isActive, type Matchers, type NewSilence, type Silence } from '../model/silence.ts';

type About = Pick<Alert, 'key' | 'kind' | 'subject'>;

/** What each matcher looks at. */
const LOOKS: { [M in keyof Matchers]-?: (alert: About) => Matchers[M] | null } = {
  all: () => true,
  alert: ({ key }) => key,
  kind: ({ kind }) => kind,
  device: ({ subject }) => subject?.device ?? null,
  vendor: ({ subject }) => subject?.vendor ?? null,
  model: ({ subject }) => subject?.model ?? null,
  mac: ({ subject }) => subject?.mac ?? null,
  address: ({ subject }) => subject?.address ?? null,
  level: ({ subject }) => subject?.level ?? null,
};
const NAMES = Object.keys(LOOKS) as (keyof Matchers)[];

const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** Whether an alert is one of those; matchers that say nothing are about none. */
export function matches(matchers: Matchers, alert: About): boolean {
  const said = NAMES.filter((name) => matchers[name] !== undefined);
  return said.length > 0 && said.every((name) => fold(LOOKS[name](alert)) === fold(matchers[name]));
}

/** The silence by which an alert is not told at a moment; null where none is about it. */
export const silenceOf = (alert: About, silences: readonly Silence[], now: number): Silence | null =>
  silences.find((silence) => isActive(silence, now) && matches(silence.matchers, alert)) ?? null;

/** The silence by which nothing at all is told at a moment. */
export const silenceOfAll = (silences: readonly Silence[], now: number): Silence | null =>
  silences.find(({ matchers, ...silence }) => isActive(silence, now) && isAll(matchers)) ?? null;

const isAll = (matchers: Matchers): boolean => matchers.all === true && Object.keys(matchers).length === 1;

/** Longest name of an author, and longest reason. */
const MOST_AUTHOR = 200;
const MOST_REASON = 1000;

/** Why a silence cannot be made, closed. */
export type SilenceFault =
  | 'author' // who makes it is missing, or too long
  | 'reason' // so is why
  | 'expiry' // it would be over before it begins, or already is
  | 'matchers'; // it would be about no alert

/** What is wrong with a silence that a person asks for; null where it can be made. */
export function silenceFault(silence: NewSilence, now: number): SilenceFault | null {
  const { author, reason, startsAt, expiresAt, matchers } = silence;
  if (author.trim() === '' || author.length > MOST_AUTHOR) return 'author';
  if (reason.trim() === '' || reason.length > MOST_REASON) return 'reason';
  // Also refuses what is no number.
  if (!(expiresAt > startsAt && expiresAt > now)) return 'expiry';
  return NAMES.some((name) => matchers[name] !== undefined) ? null : 'matchers';
}
