import { nameOf, type Alert, type Message } from '../../../model/alert.ts';
import type { Language } from '../../../model/text.ts';
import {
  type AlertGroup,
  badgeOf,
  becauseOf,
  groupsOf,
  titleOf,
  toDoOf,
  whenOf,
  whoOf,
} from '../../message-text.ts';
import { nounOf, say } from '../../words.ts';
import { html, type Html } from './escape.ts';
import { BADGE_COLOURS, LINE, MONO, SOFT, SOFT_LINE, TINT, WIDE } from './look.ts';

/** A card for each group of alerts of one kind: what, then who, and at the end what to do. */
export function alertCards(message: Message): Html[] {
  const groups = groupsOf(message.alerts);
  // Where there is one group and no more, the heading of the mail has said what it is.
  const isTitled = groups.length > 1 || message.more > 0 || message.figures !== null;
  return groups.map((group) => card(group, isTitled, message));
}

function card(group: AlertGroup, isTitled: boolean, message: Message): Html {
  const [first] = group;
  const { ground } = coloursOf(first);
  return html`<table
    ${WIDE}
    style="width:100%;margin:0 0 20px;border:${LINE};${SOFT_LINE};border-left:5px solid ${ground};border-radius:4px 10px 10px 4px;border-collapse:separate"
  >
    <tr>
      <td
        style="padding:18px 18px 18px 16px;font-size:15px;line-height:1.5;word-break:break-word;overflow-wrap:anywhere"
      >
        ${badge(first, message.language)} ${isTitled ? title(group, message.language) : html``}
        ${group.map((alert, index) => row(alert, message, index > 0))}
        ${first.state === 'firing' ? advice(first, message) : html``}
      </td>
    </tr>
  </table>`;
}

const coloursOf = ({ state, severity }: Alert) => BADGE_COLOURS[state === 'resolved' ? 'resolved' : severity];

function badge(alert: Alert, language: Language): Html {
  const { ground, text } = coloursOf(alert);
  return html`<span
    style="display:inline-block;padding:3px 10px;border-radius:999px;background:${ground};color:${text};font-size:12px;line-height:18px;font-weight:700"
    >${badgeOf(alert, language)}</span
  >`;
}

function title(group: AlertGroup, language: Language): Html {
  const [first] = group;
  const text =
    group.length === 1
      ? titleOf(first, language)
      : `${group.length} ${nounOf(first.kind, group.length, language)}`;
  return html`<h2 style="margin:10px 0 0;font-size:17px;line-height:1.35;font-weight:700">${text}</h2>`;
}

function row(alert: Alert, message: Message, isParted: boolean): Html {
  const { name, mac, address } = whoOf(alert, message.language);
  const places = [mac, address].filter((place) => place !== null);
  const line = isParted ? `padding-top:14px;border-top:${LINE};${SOFT_LINE}` : '';
  return html`<div style="margin-top:14px;${line}">
    ${name === null ? html`` : html`<div style="font-weight:700"><bdi>${capital(name, alert)}</bdi></div>`}
    ${places.length === 0 ? html`` : html`<div style="font-family:${MONO};font-size:13px;line-height:22px">${places.map(place)}</div>`}
    <div>${becauseOf(alert, message.language)}</div>
    <div style="font-size:13px;${SOFT}">${whenOf(alert, message)}</div>
  </div>`;
}

/** `Not identified`: a name is written as it is. */
const capital = (name: string, { subject }: Alert): string =>
  subject !== null && nameOf(subject) === null ? name.charAt(0).toUpperCase() + name.slice(1) : name;

/** Kept in one piece each, so that a narrow screen breaks between them. */
const place = (text: string): Html =>
  html`<span style="display:inline-block;margin-right:14px">${text}</span>`;

const advice = (alert: Alert, { language }: Message): Html =>
  html`<div
    style="margin-top:18px;padding:12px 14px;border-radius:8px;${TINT};font-size:14px;line-height:1.5"
  >
    <strong>${say('to do', language)}</strong><br />${toDoOf(alert, language)}
  </div>`;
