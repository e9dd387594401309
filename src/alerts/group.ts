import type { Alert } from '../model/alert.ts';
import { FINDINGS } from '../model/finding.ts';

/** Pace of messages, in milliseconds. */
export interface GroupTimes {
  /** How long the first alert of a group waits for others. */
  waitMs: number;
  /** Least time between two messages of a group with something new. */
  intervalMs: number;
  /** After which those that still fire are told again; 0 for never. */
  repeatMs: number;
}

/** An alert of a group, and how it stands with one sink. */
export interface Candidate {
  alert: Alert;
  /** When this sink was last told that it fires; null where it was not. */
  toldAt: number | null;
  isMuted: boolean;
}

export interface Telling {
  firing: Alert[];
  resolved: Alert[];
  repeat: Alert[];
}

/** Those that were told by then and fire still are told again; nothing is where they never are. */
export const repeatBefore = ({ repeatMs }: Pick<GroupTimes, 'repeatMs'>, now: number): number =>
  repeatMs === 0 ? -Infinity : now - repeatMs;

/** What a sink is to be told of a group. What is muted waits: it is told later if there is still something to tell. */
export function toTell(candidates: readonly Candidate[], toldBefore: number): Telling {
  const told = candidates.filter(({ isMuted }) => !isMuted);
  const still = told.filter(({ alert, toldAt }) => alert.state === 'firing' && toldAt !== null);
  // All that fire are told together again when the first is due: one message and not one for each.
  const isDue = still.some(({ toldAt }) => toldAt !== null && toldAt <= toldBefore);
  return {
    firing: alertsOf(told.filter(isNews)),
    resolved: alertsOf(told.filter(({ alert, toldAt }) => alert.state === 'resolved' && toldAt !== null)),
    repeat: isDue ? alertsOf(still) : [],
  };
}

const alertsOf = (candidates: readonly Candidate[]): Alert[] => candidates.map(({ alert }) => alert);

const isNews = ({ alert, toldAt }: Candidate): boolean =>
  toldAt === null && (alert.state === 'firing' || !FINDINGS[alert.kind].lasts);

/** A group's times, in milliseconds since the epoch; null where there is none. */
export interface GroupState {
  dueAt: number | null;
  sentAt: number | null;
}

/** When a group is looked at after something new: soon, and not too soon after its last message. */
export function dueAfterNews(
  { dueAt, sentAt }: GroupState,
  { waitMs, intervalMs }: GroupTimes,
  now: number,
): number {
  const rested = sentAt === null || sentAt > now ? now : sentAt + intervalMs;
  return Math.min(dueAt ?? Infinity, Math.max(now + waitMs, rested));
}

/** Milliseconds until a group is looked at; 0 also where that is further off than any wait, for then the clock was set back. */
export const msUntilDue = (dueAt: number, { waitMs, intervalMs }: GroupTimes, now: number): number =>
  dueAt - now > Math.max(waitMs, intervalMs) ? 0 : Math.max(0, dueAt - now);
