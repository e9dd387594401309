import { AppError } from '../model/app-error.ts';
import { isoTime } from '../model/iso-time.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Database } from '../store/database.ts';
import { saveSetting } from '../store/settings.ts';

/** How long the database is left alone after it has refused something. */
export const STORAGE_PAUSE_MS = 5000;

/** Trouble is over when nothing was refused for so long: a disk that is nearly full takes what is small, and refuses what is not. */
export const SETTLED_AFTER_MS = 30_000;

/** More than this is not put off; what comes then is forgotten. */
const MOST_OWED = 10_000;

/** Whether the database can be written: a disk that is full, a file that is locked or read-only holds the work up and ends nothing. */
export interface Storage {
  /**
   * Does work on the store; false where the machine refuses it, or has refused other work less than STORAGE_PAUSE_MS ago. Told in the log
   * once, and once more when it is over. Other errors are thrown.
   */
  attempt(work: () => void): boolean;
  /** Does work on the store, now or as soon as the database takes it; in the order given. */
  insist(work: () => void): void;
  /** What the machine refuses, and what to do; null while all is taken. */
  readonly trouble: string | null;
  /** Whether something was refused of late: it is not sure yet that the trouble is over. */
  readonly isUnsure: boolean;
}

const OF_THE_MACHINE: ReadonlySet<string> = new Set(['DATABASE', 'DATABASE_CORRUPT']);

/** One time of trouble, which may have pauses; times by the wall clock. */
interface Trouble {
  since: number;
  text: string;
  refusedAt: number;
  /** Since when all is taken again; null while it is not. */
  takenSince: number | null;
}

/** `onRecovered` is told since when nothing could be written, and until when; it may write, and is called again where it cannot. */
export function createStorage(parts: {
  now: () => number;
  log: Log;
  onRecovered: (since: number, trouble: string, until: number) => void;
}): Storage {
  const { now, log } = parts;
  const owed: (() => void)[] = [];
  let trouble: Trouble | null = null;
  const isLeftAlone = (): boolean =>
    trouble?.takenSince === null && Math.abs(now() - trouble.refusedAt) < STORAGE_PAUSE_MS;
  const refuse = (error: AppError): void => {
    const text = error.describe();
    if (trouble === null) log.error('storage.refused', { code: error.code, because: text });
    trouble = { since: trouble?.since ?? now(), text, refusedAt: now(), takenSince: null };
  };
  const isTaken = (work: () => void): boolean => {
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || !OF_THE_MACHINE.has(error.code)) throw error;
      refuse(error);
      return false;
    }
  };
  const payOwed = (): boolean => {
    for (let work = owed.shift(); work !== undefined; work = owed.shift())
      if (!isTaken(work)) {
        owed.unshift(work);
        return false;
      }
    return true;
  };
  /** Notes that the database takes what it is given. */
  const recover = (): void => {
    if (trouble === null) return;
    const { since, text, takenSince } = trouble;
    const until = takenSince ?? now();
    trouble = { ...trouble, takenSince: until };
    // A clock that was set back makes it last no longer.
    if (Math.abs(now() - until) < SETTLED_AFTER_MS) return;
    if (!isTaken(() => parts.onRecovered(since, text, until))) return;
    trouble = null;
    log.info('storage.recovered', { since: isoTime(since) });
  };
  const attempt = (work: () => void): boolean => {
    if (isLeftAlone() || !payOwed() || !isTaken(work)) return false;
    recover();
    return true;
  };
  return {
    get trouble() {
      return trouble?.takenSince === null ? trouble.text : null;
    },
    get isUnsure() {
      return trouble !== null;
    },
    attempt,
    insist(work) {
      if (!attempt(work) && owed.length < MOST_OWED) owed.push(work);
    },
  };
}

/** Where a refusal of the machine ends the program, as in a single scan. */
export const UNFORGIVING: Pick<Storage, 'attempt' | 'insist'> = {
  attempt(work) {
    work();
    return true;
  },
  insist: (work) => work(),
};

const TRIED_AT = 'storage.tried';

/** After a refusal tries the database by itself until the trouble is over: it may be that nobody else has anything to write. */
export async function keepTrying(parts: {
  db: Database;
  storage: Storage;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { db, storage, clock, signal } = parts;
  while (!signal.aborted) {
    await clock.sleep(STORAGE_PAUSE_MS, signal);
    if (storage.isUnsure) storage.attempt(() => saveSetting(db, TRIED_AT, isoTime(clock.now())));
  }
}
