import type { Message, SiteFigures } from '../../../model/alert.ts';
import type { SupportLevel } from '../../../model/verdict.ts';
import { eventsOf, levelsOf, slaOf } from '../../message-text.ts';
import { LEVEL_SIGNS, LEVEL_WORDS, say } from '../../words.ts';
import { html, type Html } from './escape.ts';
import { LEVEL_COLOURS, LINE, SOFT, SOFT_LINE, WIDE } from './look.ts';

/** How the site stands: for how many phones an SLA can be closed, how many there are in each level, and what happened. */
export function figuresOf(figures: SiteFigures, message: Message): Html {
  const { language } = message;
  const levels = levelsOf(figures);
  return html`<p style="margin:0 0 2px;font-size:15px;line-height:1.5;font-weight:600">
      ${say('sla possible', language)}
    </p>
    <p style="margin:0 0 14px;line-height:1.1">
      <span style="font-size:40px;font-weight:700;letter-spacing:-.02em">${slaOf(figures)}</span
      ><span style="font-size:20px;${SOFT}">
        ${say('of', language)} ${figures.phones} ${say('phones', language).toLowerCase()}</span
      >
    </p>
    ${levels.length === 0 ? html`` : bar(levels)}
    <table ${WIDE} style="width:100%;margin:8px 0 28px;font-size:15px;line-height:1.5">
      ${levels.map(([level, count]) => levelRow(level, count, message))}
    </table>
    <h2 style="margin:0 0 8px;font-size:17px;line-height:1.35;font-weight:700">
      ${say('meanwhile', language)}
    </h2>
    ${events(figures, message)}`;
}

/** The levels side by side, as wide as they have phones; the rows below tell the same in words. */
function bar(levels: readonly (readonly [SupportLevel, number])[]): Html {
  const all = levels.reduce((sum, [, count]) => sum + count, 0);
  return html`<table
    aria-hidden="true"
    ${WIDE}
    style="width:100%;border-radius:6px;overflow:hidden;border-collapse:separate"
  >
    <tr>
      ${levels.map(([level, count]) => segment(LEVEL_COLOURS[level], Math.max(1, Math.round((100 * count) / all))))}
    </tr>
  </table>`;
}

const segment = (colour: string, percent: number): Html =>
  html`<td
    width="${percent}%"
    height="12"
    bgcolor="${colour}"
    style="width:${percent}%;height:12px;background:${colour};font-size:0;line-height:0"
  >
    &nbsp;
  </td>`;

const CELL = `padding:8px 0;border-bottom:${LINE};${SOFT_LINE}`;

const levelRow = (level: SupportLevel, count: number, { language }: Message): Html =>
  html`<tr>
    <td style="${CELL}">
      <span aria-hidden="true" style="display:inline-block;width:22px;color:${LEVEL_COLOURS[level]}"
        >${LEVEL_SIGNS[level]}</span
      >${capital(LEVEL_WORDS[level][language])}
    </td>
    <td align="right" style="${CELL};text-align:right;font-weight:600;font-variant-numeric:tabular-nums">
      ${count}
    </td>
  </tr>`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function events(figures: SiteFigures, { language }: Message): Html {
  const told = eventsOf(figures, language);
  if (told.length === 0)
    return html`<p style="margin:0 0 28px;font-size:15px;line-height:1.5">${say('nothing', language)}</p>`;
  return html`<ul style="margin:0 0 28px;padding:0 0 0 20px;font-size:15px;line-height:1.6">
    ${told.map((event) => html`<li>${event}</li>`)}
  </ul>`;
}
