import type { Message } from '../../../model/alert.ts';
import { linesOf } from '../../message-text.ts';

/** The message as a service takes it: with as many of its alerts as fit, the worst first, and the number of the others. */
export function fitted<T>(message: Message, render: (part: Message) => T, fits: (rendered: T) => boolean): T {
  for (let kept = message.alerts.length; ; kept--) {
    const more = message.more + message.alerts.length - kept;
    const rendered = render({ ...message, alerts: message.alerts.slice(0, kept), more });
    if (kept === 0 || fits(rendered)) return rendered;
  }
}

/** The lines of a message by section, the heading first. Its link is left out: each service has a form of its own for that. */
export function sectionsOf(message: Message): string[][] {
  const sections: string[][] = [[]];
  for (const line of linesOf({ ...message, link: null }))
    if (line === '') sections.push([]);
    else sections.at(-1)?.push(line);
  return sections;
}

/** The beginning of a text that, each sign escaped, is at most so long; no escape is cut through. */
export function escapedUpTo(text: string, most: number, escape: (sign: string) => string): string {
  let escaped = '';
  for (const sign of text) {
    const next = escape(sign);
    if (escaped.length + next.length >= most) return `${escaped}…`;
    escaped += next;
  }
  return escaped;
}
