import { isoTime } from '../model/iso-time.ts';
import { networkFindings } from '../inventory/outages.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type { Clock, Log } from '../platform/ports.ts';
import type { Scope } from '../scope/scope.ts';
import type { Database } from '../store/database.ts';
import { forgetTheFuture } from '../store/silence.ts';
import { beginWatch, endWatch, extendWatch } from '../store/watches.ts';
import type { Intake } from './intake.ts';
import type { Storage } from './storage.ts';
import { createWatch, type WatchNews } from './watch.ts';

interface Parts {
  db: Database;
  intake: Pick<Intake, 'change'>;
  storage: Storage;
  scope: Scope;
  networks: () => readonly LocalNetwork[];
  clock: Clock;
  uptime: () => number;
  everyMs?: number;
  log: Log;
  signal: AbortSignal;
}

/** Keeps in the store when this auditor could hear, and tells when its network was gone. */
export interface KeptWatch {
  /** Until when it has certainly heard; notes it. The present moment is not certain. */
  note(): number;
  /** Whether it hears now. */
  isHearing(): boolean;
  readonly ended: Promise<void>;
}

export function keepWatch(parts: Parts): KeptWatch {
  const { db, intake, storage, clock, log } = parts;
  /** The span under way; its row is null until it is written. */
  let span: { row: number | null } | null = null;
  const tell = (at: number, isBack: boolean): void =>
    storage.insist(() => intake.change(() => [{ device: null, findings: networkFindings(at, isBack) }]));
  const onChange = (news: WatchNews): void => {
    if (news.kind === 'span-begun') {
      const begun: { row: number | null } = { row: null };
      span = begun;
      storage.insist(() => (begun.row = beginWatch(db, news.at)));
      tell(news.at, true);
    } else if (news.kind === 'span-ended') {
      const { at: to, because } = news;
      const [ended, noticed] = [span, clock.now()];
      span = null;
      storage.insist(() => {
        if (ended !== null && ended.row !== null) endWatch(db, ended.row, { to, because, noticed });
      });
      log.info('watch.ended', { because: news.because, at: isoTime(news.at) });
      if (news.because === 'network-down') tell(news.at, false);
    } else {
      log.warn('clock.went-back', {
        from: isoTime(news.from),
        to: isoTime(news.at),
      });
      storage.insist(() => forgetTheFuture(db, news.at));
    }
  };
  const extend = (id: number, to: number): void => void storage.attempt(() => extendWatch(db, id, to));
  const watch = createWatch({ ...parts, isConnected: connection(parts), onChange });
  return {
    note() {
      const until = watch.current()?.until ?? clock.now();
      if (span !== null && span.row !== null) extend(span.row, until);
      return until;
    },
    isHearing: () => watch.current() !== null,
    ended: watch.ended,
  };
}

/** An interface is on a network of the scope; where none ever was, the way goes over routers, and any interface will do. */
function connection({ scope, networks }: Parts): () => boolean {
  const isOnScope = (): boolean => networks().some(({ network }) => scope.overlaps(network));
  const isRouted = !isOnScope();
  return () => (isRouted ? networks().some(({ isLoopback }) => !isLoopback) : isOnScope());
}
