import type { Outcome } from '../model/outcome.ts';
import type { ConversationFault } from '../platform/ports.ts';
import type { Registration, Skip, Told } from './registration.ts';
import { readTold } from './registration.ts';

/** Longest answer that is read: about twenty thousand registrations as the wordiest PBX writes them. More is refused as a whole. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** What a source gave. A sound import is a whole one: half a list would make phones look gone. */
export interface SourceReport {
  registrations: readonly Registration[];
  /** What it lists besides, by reason. */
  skipped: Readonly<Partial<Record<Skip, number>>>;
}

/** Why a source gave nothing. `detail` may hold words of the other side; it is bounded, and escaped where it is shown. */
export type SourceFault =
  | ConversationFault
  | {
      kind:
        | 'not-expected' // another protocol, or an answer without sense
        | 'refused' // the login
        | 'denied'; // logged in, but may not ask this
      detail: string;
    };

/** Who logs in. Both are one line of text. */
export interface Credentials {
  user: string;
  secret: string;
}

export type SourceOutcome = Outcome<SourceReport, SourceFault>;

/** Gathers what a source tells into its report. */
export function gather(all: readonly (Told | Skip)[]): SourceReport {
  const registrations: Registration[] = [];
  const skipped: Partial<Record<Skip, number>> = {};
  for (const told of all) {
    const read = typeof told === 'string' ? { ok: false as const, fault: told } : readTold(told);
    if (read.ok) registrations.push(read.value);
    else skipped[read.fault] = (skipped[read.fault] ?? 0) + 1;
  }
  return { registrations, skipped };
}
