import type { Patiences } from '../inventory/presence.ts';
import { networkFindings, sweepFindings } from '../inventory/outages.ts';
import type { SiteId } from '../model/endpoint.ts';
import type { Database } from '../store/database.ts';
import {
  allActs,
  allJudgements,
  allWatches,
  doneSweeps,
  heardSpansAfter,
  type HeardSpan,
} from '../store/history.ts';
import { startSweepRow } from '../store/sweeps.ts';
import { beginWatch, endWatch, extendWatch, recordJudgement } from '../store/watches.ts';
import { LINK_SETTLES_MS } from './after-sweep.ts';
import { calmDown } from './calm.ts';
import type { Intake } from './intake.ts';
import { judgePresence, quietDevices } from './presence.ts';

interface Step {
  at: number;
  /** Of two at the same moment the lower one comes first. */
  rank: number;
  take(): void;
}

/** What happened in one millisecond happened in this order. */
const RANK = { watch: 0, heard: 1, heardAgain: 2, person: 3, swept: 4, judged: 5 } as const;

const PORTION = 1000;

/**
 * Derives an inventory anew from what another one has kept of what was heard, of its sweeps, watches and judgements, and of what people
 * decided. The same rules and policy, from an empty database, come to the same devices, versions and findings: all of it follows from
 * what was heard. Nothing of it is sent to anybody.
 */
export function replay(
  from: Database,
  into: {
    db: Database;
    intake: Intake;
    site: SiteId;
    patiences: Patiences;
    isSwept: (address: string) => boolean;
  },
): void {
  const { intake } = into;
  const spans = allSpans(from);
  const splits = new Map(
    allActs(from).flatMap(({ act, other, at }) => (act === 'split' ? [[other, at]] : [])),
  );
  // What a split gave away was copied to the new record, and is not heard a second time.
  const copiedAt = ({ of }: HeardSpan): number => splits.get(of) ?? -Infinity;
  const isCopy = (span: HeardSpan): boolean => span.at < copiedAt(span);
  const steps: Step[] = [
    ...spans.flatMap((span) => [
      ...(isCopy(span) ? [] : [{ at: span.at, rank: RANK.heard, take: () => intake.accept([span]) }]),
      ...(span.lastAt > Math.max(span.at, copiedAt(span))
        ? [
            {
              at: span.lastAt,
              rank: RANK.heardAgain,
              take: () => intake.accept([{ ...span, at: span.lastAt }]),
            },
          ]
        : []),
    ]),
    ...stepsOfPeople(from, intake),
    ...stepsOfWatches(from, into),
    ...stepsOfSweeps(from, into),
    ...stepsOfJudgements(
      from,
      spans.map((span) => ({ ...span, at: Math.max(span.at, copiedAt(span)) })),
      into,
    ),
  ];
  // Sorting is stable: what was taken in first comes first.
  for (const step of steps.sort((a, b) => a.at - b.at || a.rank - b.rank)) step.take();
}

function allSpans(db: Database): HeardSpan[] {
  const all: HeardSpan[] = [];
  for (;;) {
    const portion = heardSpansAfter(db, all.at(-1)?.id ?? 0, PORTION);
    if (portion.length === 0) return all;
    all.push(...portion);
  }
}

/** What the program merged by itself it merges again; what people said is taken from them. */
const stepsOfPeople = (from: Database, intake: Intake): Step[] =>
  allActs(from).flatMap(({ id, act, device, other, at, because, author, undoneAt, undoneBy }) => [
    ...(author === null
      ? []
      : [
          {
            at,
            rank: RANK.person,
            take: () =>
              act === 'merge'
                ? intake.merge(device, other, { at, because, author })
                : intake.split(device, addressOf(from, other), { at, because, author }),
          },
        ]),
    ...(undoneAt === null || undoneBy === null
      ? []
      : [
          {
            at: undoneAt,
            rank: RANK.person,
            take: () => intake.undo(id, { at: undoneAt, because: '', author: undoneBy }),
          },
        ]),
  ]);

/** What was split off is all at one address. */
const addressOf = (from: Database, device: string): string =>
  allSpans(from).find(({ of }) => of === device)?.from.address ?? '';

const stepsOfWatches = (from: Database, { db, intake }: Parameters<typeof replay>[1]): Step[] =>
  allWatches(from).flatMap(({ from: begun, to, end }) => {
    let row = 0;
    const tell = (at: number, isBack: boolean): void =>
      intake.change(() => [{ device: null, findings: networkFindings(at, isBack) }]);
    const begin = (): void => {
      row = beginWatch(db, begun);
      extendWatch(db, row, to);
      tell(begun, true);
    };
    const finish = ({ because, noticed }: NonNullable<typeof end>): void => {
      endWatch(db, row, { to, because, noticed });
      if (because === 'network-down') tell(to, false);
    };
    return [
      { at: begun, rank: RANK.watch, take: begin },
      ...(end === null ? [] : [{ at: end.noticed, rank: RANK.watch, take: () => finish(end) }]),
    ];
  });

/** What a sweep says of those who did not answer is known a moment after its end. */
const stepsOfSweeps = (from: Database, { db, intake }: Parameters<typeof replay>[1]): Step[] =>
  doneSweeps(from).map((sweep) => ({
    at: (sweep.endedAt ?? sweep.startedAt) + LINK_SETTLES_MS,
    rank: RANK.swept,
    take() {
      startSweepRow(db, sweep);
      intake.change(() => [{ device: null, findings: sweepFindings(sweep) }]);
    },
  }));

const stepsOfJudgements = (
  from: Database,
  spans: readonly HeardSpan[],
  { db, intake, site, patiences, isSwept }: Parameters<typeof replay>[1],
): Step[] =>
  allJudgements(from).map(({ madeAt, upTo }) => ({
    at: madeAt,
    rank: RANK.judged,
    take() {
      // Who is heard again and again is heard now: between the first and the last time only that is kept.
      intake.accept(
        spans
          .filter(({ at, lastAt }) => at < madeAt && madeAt < lastAt)
          .map((span) => ({ ...span, at: madeAt })),
      );
      recordJudgement(db, { madeAt, upTo });
      const judging = { db, patiences, isSwept, leftAlone: new Set<string>() };
      for (const portion of quietDevices(db, patiences, upTo))
        intake.change(() => judgePresence(judging, portion, upTo));
      intake.change(() => calmDown({ db, site, newcomers: intake.newcomers }, upTo));
    },
  }));
