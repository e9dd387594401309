import { nameOf, type Alert, type Message, type SiteFigures } from '../model/alert.ts';
import { FINDINGS, FINDING_KINDS } from '../model/finding.ts';
import { formatMac } from '../model/mac.ts';
import { bounded, printable, type Language } from '../model/text.ts';
import { isSlaLevel, SUPPORT_LEVELS } from '../model/verdict.ts';
import { LEVEL_WORDS, moreWords, nounOf, say, SEVERITY_SIGNS, SEVERITY_WORDS } from './words.ts';

// All that is made here is plain text on one line, without controls and marks of direction. A sink still escapes it for its own format.

/** Longest name, address or the like in a message, and longest sentence, in UTF-16 units. */
const MOST_WORD = 80;
const MOST_SENTENCE = 400;
const MOST_LINK = 1000;

/** A stranger's text on one line and not too long; what is left out shows as `…`. */
export function clean(text: string, most = MOST_WORD): string {
  // A lone half of a pair makes encoders of mail and URLs throw.
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return printable(whole.length <= most ? whole : `${bounded(whole, most - 1)}…`);
}

/** One line for subjects and titles: `Head office: 3 unsupported devices`. */
export function headingOf(message: Message): string {
  const { reason, language, figures } = message;
  const site = clean(message.site.name);
  switch (reason) {
    case 'firing':
      return `${site}: ${matterOf(message)}`;
    case 'resolved':
    case 'repeat':
      return `${say(reason, language)}: ${site}, ${matterOf(message)}`;
    case 'digest':
      return `${say(reason, language)}: ${site}${figures === null ? '' : `, ${daysOf(figures, message)}`}`;
    case 'test':
      return `${say(reason, language)}: ${site}`;
  }
}

/** `3 unsupported devices`; of one alert who it is about: `unsupported device (Acme P10, 192.168.10.20)`. */
function matterOf({ alerts, more, language }: Message): string {
  const [first] = alerts;
  const count = alerts.length + more;
  const isOneKind = more === 0 && alerts.every(({ kind }) => kind === first?.kind);
  const noun = nounOf(isOneKind ? (first?.kind ?? null) : null, count, language);
  if (count !== 1 || first === undefined) return `${count} ${noun}`;
  const { name, address } = whoOf(first, language);
  const who = [name, address].filter((word) => word !== null).join(', ');
  return who === '' ? noun : `${noun} (${who})`;
}

export interface Who {
  /** `Acme P10`, or `not identified`; of what is about the site: what it is about, null for the site itself. */
  name: string | null;
  /** As people write it: `00:15:65:aa:bb:cc`. */
  mac: string | null;
  address: string | null;
}

/** Whom an alert is about, in text that is bounded and on one line. */
export function whoOf({ subject, about }: Pick<Alert, 'subject' | 'about'>, language: Language): Who {
  if (subject === null) return { name: about === null ? null : clean(about), mac: null, address: null };
  return {
    name: clean(nameOf(subject) ?? say('not identified', language)),
    mac: subject.mac === null ? null : clean(formatMac(subject.mac)),
    address: subject.address === null ? null : clean(subject.address),
  };
}

/** `▲ Critical`, and `✓ Resolved` when it is over. */
export const badgeOf = (
  { state, severity }: Pick<Alert, 'state' | 'severity'>,
  language: Language,
): string =>
  state === 'resolved'
    ? `${SEVERITY_SIGNS.resolved} ${say('resolved', language)}`
    : `${SEVERITY_SIGNS[severity]} ${SEVERITY_WORDS[severity][language]}`;

export const titleOf = ({ kind }: Pick<Alert, 'kind'>, language: Language): string =>
  FINDINGS[kind].title[language];

/** What was found, in one sentence. */
export const becauseOf = ({ because }: Pick<Alert, 'because'>, language: Language): string =>
  clean(because[language], MOST_SENTENCE);

/** One line: `▲ Critical: Unsupported device: Acme P10 (00:15:65:aa:bb:cc, 192.168.10.20). The policy names …`. */
export function alertLine(alert: Alert, language: Language): string {
  const { name, mac, address } = whoOf(alert, language);
  const places = [mac, address].filter((word) => word !== null).join(', ');
  const who = [name ?? '', places === '' ? '' : `(${places})`].filter((word) => word !== '').join(' ');
  const head = [badgeOf(alert, language), titleOf(alert, language), who]
    .filter((word) => word !== '')
    .join(': ');
  return `${head}. ${becauseOf(alert, language)}`;
}

/** What a person can do about it; nothing once it is over. */
export const toDoOf = ({ kind, state }: Pick<Alert, 'kind' | 'state'>, language: Language): string =>
  state === 'resolved' ? say('over', language) : FINDINGS[kind].toDo[language];

/** `Since 25 Nov 2026, 02:40 CET`, with `until …` when it is over; `At …` of what has only happened. */
export function whenOf({ kind, since, resolvedAt }: Alert, { site, language }: Message): string {
  const from = timeOf(since, site.timezone, language);
  if (!FINDINGS[kind].lasts) return `${say('at', language)} ${from}`;
  const until =
    resolvedAt === null ? '' : `, ${say('until', language)} ${timeOf(resolvedAt, site.timezone, language)}`;
  return `${say('since', language)} ${from}${until}`;
}

/** The whole message as lines of plain text; an empty string parts its sections. */
export function linesOf(message: Message): string[] {
  const { alerts, more, language, link } = message;
  const sections = [
    [headingOf(message)],
    message.reason === 'test' ? [say('works', language)] : [],
    figureLines(message),
    ...groupsOf(alerts).map((group) => groupLines(group, message)),
    more === 0 ? [] : [`+ ${moreWords(more, language)}`],
    link === null ? [] : [`${say('read on', language)}: ${clean(link, MOST_LINK)}`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** Alerts of one kind and state: fifty devices of one kind need one advice. None is empty, and the worst stay first. */
export const groupsOf = (alerts: readonly Alert[]): AlertGroup[] => [
  ...(Map.groupBy(alerts, ({ state, kind }) => `${state} ${kind}`).values() as Iterable<AlertGroup>),
];

export type AlertGroup = readonly [Alert, ...Alert[]];

function groupLines(group: AlertGroup, message: Message): string[] {
  const { language } = message;
  const [first] = group;
  const toDo = first.state === 'firing' ? [`${say('to do', language)}: ${toDoOf(first, language)}`] : [];
  return [...group.flatMap((alert) => [alertLine(alert, language), `  ${whenOf(alert, message)}.`]), ...toDo];
}

/** The figures of a digest, a line each; none without figures. */
function figureLines(message: Message): string[] {
  const { figures, language, site } = message;
  if (figures === null) return [];
  const time = (ms: number): string => timeOf(ms, site.timezone, language);
  const levels = levelsOf(figures).map(([level, count]) => `${count} ${LEVEL_WORDS[level][language]}`);
  return [
    `${say('period', language)}: ${time(figures.from)} – ${time(figures.to)}`,
    `${say('phones', language)}: ${figures.phones}${levels.length === 0 ? '' : ` (${levels.join(', ')})`}`,
    `${say('sla possible', language)}: ${slaOf(figures)} ${say('of', language)} ${figures.phones}`,
    `${say('meanwhile', language)}: ${eventsOf(figures, language).join(', ') || say('nothing', language)}`,
  ];
}

/** How many phones are in each level, the best first; levels without any are left out. */
export const levelsOf = ({ byLevel }: SiteFigures) =>
  SUPPORT_LEVELS.map((level) => [level, byLevel[level] ?? 0] as const).filter(
    ([level, count]) => level !== 'not-applicable' && count > 0,
  );

/** How many phones an SLA can be closed for. */
export const slaOf = (figures: SiteFigures): number =>
  levelsOf(figures).reduce((sum, [level, count]) => sum + (isSlaLevel(level) ? count : 0), 0);

/** `3 new devices`, `1 device gone`. */
export const eventsOf = ({ findings }: SiteFigures, language: Language): string[] =>
  FINDING_KINDS.map((kind) => [kind, findings[kind] ?? 0] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${nounOf(kind, count, language)}`);

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', nl: 'nl-NL' };
const DAY = { day: 'numeric', month: 'short', year: 'numeric' } as const;

/** `25 Nov 2026, 02:40 CET`: with the zone's name, since an hour of autumn comes twice. */
export const timeOf = (ms: number, timezone: string, language: Language): string =>
  new Intl.DateTimeFormat(LOCALES[language], {
    ...DAY,
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone,
    timeZoneName: 'short',
  }).format(ms);

/** `17 – 24 Nov 2026`. */
const daysOf = ({ from, to }: SiteFigures, { site, language }: Message): string =>
  new Intl.DateTimeFormat(LOCALES[language], { ...DAY, timeZone: site.timezone })
    .formatRange(from, to)
    // A thin space is a box or a question mark where fonts are few.
    .replaceAll('\u2009', ' ');
