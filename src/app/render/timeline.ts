import type { FindingJson } from '../../api/contract/finding.ts';
import type { TimelineJson, VersionJson } from '../../api/contract/history.ts';
import type { IdentityActJson } from '../../api/contract/identity-act.ts';
import { printable, type Language } from '../../model/text.ts';
import { say } from '../locale.ts';
import { levelWord } from './device-table.ts';
import { findingSentence, type Look } from './findings.ts';
import { shortTime } from './short-time.ts';
import { wrap } from './wrap.ts';

/** Blanks before what stands beside a time: `  2026-11-24 14:03  `. */
const INDENT = 20;

/** Lines that a person reads; JSON has them all. */
const MOST_SHOWN = 100;

interface Line {
  at: string;
  /** Of one moment: what it became first, then what was found, then who said so. */
  rank: number;
  text: string;
}

/** The timeline for people, the oldest first, a time once for all that happened at it. */
export function timelineLines(timeline: TimelineJson, look: Look): string[] {
  const acts = new Set(timeline.acts.map(({ id }) => `#${id}`));
  const lines: Line[] = [
    ...stateLines(timeline, look),
    ...timeline.findings
      .filter((finding) => !isToldByAct(finding, acts))
      .map((finding) => ({ at: finding.at, rank: 1, text: findingSentence(finding, look.paint) })),
    ...timeline.acts.flatMap((act) => actLines(act, look)),
  ].sort((a, b) => a.at.localeCompare(b.at) || a.rank - b.rank);
  const older = lines.length - MOST_SHOWN;
  const note = older > 0 ? [`  ${look.paint('dim', `+${older} ${say('older', look.language)}`)}`] : [];
  let before = '';
  const shown = lines.slice(-MOST_SHOWN).map(({ at, text }) => {
    const time = shortTime(at, look.timezone);
    const mark = time === before ? ' '.repeat(time.length) : look.paint('dim', time);
    before = time;
    return `  ${mark}  ${wrap(text, room(look), 0).replaceAll('\n', `\n${' '.repeat(INDENT)}`)}`;
  });
  return [...note, ...shown];
}

const room = ({ width }: Look): number | undefined =>
  width === undefined ? undefined : Math.max(30, width - INDENT);

/** An act says more than the finding of it. */
const isToldByAct = ({ kind, about }: FindingJson, acts: ReadonlySet<string>): boolean =>
  (kind === 'merged' || kind === 'split') && about !== null && acts.has(about);

/** What the device was from each moment on, where that differs from before. What its parts became is told by the acts. */
function stateLines({ device, versions }: TimelineJson, { language, paint }: Look): Line[] {
  const latest = new Map<string, string>();
  return versions.flatMap((version) => {
    const isEndOfPart = version.device !== device && version.cause === 'merge';
    const state = [nameOf(version), version.level, version.status].join('\u0001');
    if (isEndOfPart || latest.get(version.device) === state) return [];
    latest.set(version.device, state);
    const name = nameOf(version) ?? say('not identified', language);
    const whose = version.device === device ? '' : `${version.device}  `;
    const level = levelWord(version.level, language, paint);
    return [
      {
        at: version.validFrom,
        rank: 0,
        text: `${whose}${paint('bold', name)}  ${level}  ${say(version.status, language)}`,
      },
    ];
  });
}

function nameOf({ vendor, model, firmware }: VersionJson): string | null {
  const words = [vendor, model, firmware].filter((word) => word !== null);
  return words.length === 0 ? null : words.map(printable).join(' ');
}

function actLines(act: IdentityActJson, look: Look): Line[] {
  const { language } = look;
  const lines = [{ at: act.at, rank: 2, text: sentenceOf(act, language) }];
  if (act.undoneAt === null) return lines;
  const text = `#${act.id} ${say('undone by', language)} ${printable(act.undoneBy ?? '')}.`;
  return [...lines, { at: act.undoneAt, rank: 2, text }];
}

/** `#3 Merged: d2 is a part of d1. The same sticker (Ada). Undone by Bob.` */
export function actSentence(
  { undoneBy, ...act }: IdentityActJson,
  { language }: Pick<Look, 'language'>,
): string {
  const undone = undoneBy === null ? '' : ` ${say('undone by', language)} ${printable(undoneBy)}.`;
  return `${sentenceOf(act, language)}${undone}`;
}

function sentenceOf(
  { id, act, device, other, because, author }: Omit<IdentityActJson, 'undoneBy'>,
  language: Language,
): string {
  const what =
    act === 'merge'
      ? `${say('merged', language)}: ${other} ${say('is a part of', language)} ${device}`
      : `${say('split', language)}: ${other} ${say('is another than', language)} ${device}`;
  return `#${id} ${what}. ${printable(because)} (${author === null ? 'sipcensus' : printable(author)}).`;
}
