import type { AlertJson } from '../../api/contract/alert.ts';
import { whoOf } from '../../alerts/message-text.ts';
import { bounded, printable } from '../../model/text.ts';
import { say } from '../locale.ts';
import { severityMark, type Look } from './findings.ts';
import { shortTime } from './short-time.ts';
import { wrap } from './wrap.ts';

/** Alerts of one kind that are shown; the rest is counted. */
const MOST_OF_KIND = 50;

/** Alerts for people, by kind, the worst first: what to do once, then each with its key. */
export function alertLines(alerts: readonly AlertJson[], look: Look): string[] {
  const groups = Map.groupBy(alerts, ({ kind, state }) => `${state} ${kind}`);
  return [...groups.values()]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((group, index) => [...(index === 0 ? [] : ['']), ...groupLines(group, look)]);
}

const RANKS = ['critical', 'warning', 'info'];
const rank = ([first]: readonly AlertJson[]): number =>
  first === undefined ? 0 : RANKS.indexOf(first.severity) + (first.state === 'firing' ? 0 : RANKS.length);

function groupLines(group: readonly AlertJson[], look: Look): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { language, paint, width } = look;
  const mark =
    first.state === 'firing'
      ? severityMark(first.severity, look)
      : paint('green', `✓ ${say('over', language)}`);
  const rest = group.length - MOST_OF_KIND;
  return [
    `${mark}  ${paint('bold', first.title)} (${group.length})`,
    ...(first.state === 'firing' ? [paint('dim', `  ${wrap(first.toDo, room(width, 2), 2)}`)] : []),
    ...group.slice(0, MOST_OF_KIND).flatMap((alert) => linesOf(alert, look)),
    ...(rest > 0 ? [`  +${rest}`] : []),
  ];
}

const room = (width: number | undefined, indent: number): number | undefined =>
  width === undefined ? undefined : Math.max(30, width - indent);

/** `  unsupported d12  Acme X1, 192.168.10.23`, and below it since when and what was found. */
function linesOf(alert: AlertJson, { language, timezone, paint, width }: Look): string[] {
  const { name, mac, address } = whoOf(alert, language);
  const who = [name, mac, address].filter((word) => word !== null).join(', ');
  const since = `${say('since', language)} ${shortTime(alert.since, timezone)}.`;
  const sentence = `${since} ${printable(bounded(alert.because, 400))}`;
  return [
    `  ${paint('cyan', printable(alert.key))}  ${who}`.trimEnd(),
    `    ${wrap(sentence, room(width, 4), 0).replaceAll('\n', '\n    ')}`,
    ...muteLines(alert, { language, timezone, paint }),
  ];
}

function muteLines({ mutedBy }: AlertJson, { language, timezone, paint }: Omit<Look, 'width'>): string[] {
  if (mutedBy === null) return [];
  const { silence, maintenance } = mutedBy;
  const words = [
    ...(silence === null
      ? []
      : [
          `${say('not told until', language)} ${shortTime(silence.until, timezone)} (${printable(silence.author)}: ${printable(silence.reason)})`,
        ]),
    ...(maintenance === null ? [] : [`${say('maintenance', language)}: ${printable(maintenance)}`]),
  ];
  return words.map((text) => paint('dim', `    ${text}`));
}
