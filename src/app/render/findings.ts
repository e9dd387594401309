import type { FindingJson } from '../../api/contract/finding.ts';
import { SEVERITY_SIGNS, SEVERITY_WORDS } from '../../alerts/words.ts';
import type { Severity } from '../../model/finding.ts';
import { bounded, printable, type Language } from '../../model/text.ts';
import { say } from '../locale.ts';
import type { Paint, Style } from './paint.ts';
import { plainTable } from './plain-table.ts';
import { shortTime } from './short-time.ts';

const STYLES: Readonly<Record<Severity, Style>> = { critical: 'red', warning: 'yellow', info: 'dim' };

/** Longest sentence of a line for people. */
const MOST_SENTENCE = 400;

/** A terminal with fewer columns shows the sign of a severity without its word. */
const ROOM_FOR_WORDS = 110;

/** How people are spoken to: language, time zone, colour, room. */
export interface Look {
  language: Language;
  timezone: string;
  paint: Paint;
  width: number | undefined;
}

/** `▲ Critical`; the sign tells it without colour too. */
export const severityMark = (
  severity: Severity,
  { language, paint }: Pick<Look, 'language' | 'paint'>,
): string => paint(STYLES[severity], `${SEVERITY_SIGNS[severity]} ${SEVERITY_WORDS[severity][language]}`);

const severitySign = (severity: Severity, paint: Paint): string =>
  paint(STYLES[severity], SEVERITY_SIGNS[severity]);

/** `Gone. Not seen since …`; the end of a matter begins with a tick. */
export function findingSentence(
  { title, because, state }: Pick<FindingJson, 'title' | 'because' | 'state'>,
  paint: Paint,
): string {
  const text = `${title}. ${printable(bounded(because, MOST_SENTENCE))}`;
  return state === 'cleared' ? `${paint('green', SEVERITY_SIGNS.resolved)} ${text}` : text;
}

/** The journal as a table, a line each, in the order given. */
export function findingTable(findings: readonly FindingJson[], look: Look): string {
  const { language, timezone, paint, width = Infinity } = look;
  const isNarrow = width < ROOM_FOR_WORDS;
  return plainTable(
    [
      '#',
      timezone,
      isNarrow ? '' : say('severity', language),
      say('device', language),
      say('finding', language),
    ],
    findings.map((finding) => [
      String(finding.seq),
      shortTime(finding.at, timezone),
      isNarrow ? severitySign(finding.severity, paint) : severityMark(finding.severity, look),
      finding.device ?? paint('dim', say('site', language)),
      findingSentence(finding, paint),
    ]),
    look,
  );
}
