import type { Message } from '../../../model/alert.ts';
import { becauseOf, headingOf, timeOf } from '../../message-text.ts';
import { PRODUCT } from '../../../model/product.ts';
import { moreWords, say } from '../../words.ts';
import { alertCards } from './alert-cards.ts';
import { html, type Html } from './escape.ts';
import { figuresOf } from './figures.ts';
import { ACCENT, SANS, SOFT, TABLE, WIDE } from './look.ts';
import { senderLine } from './sender-line.ts';

/** The message as a page for mail programs: one file, nothing fetched, laid out in tables, as wide as the screen up to 600 pixels. */
export const htmlOf = (message: Message): string =>
  html`<!doctype html>
    <html lang="${message.language}" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>${headingOf(message)}</title>
      </head>
      <body style="margin:0;padding:0;font-family:${SANS};-webkit-text-size-adjust:100%">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${previewOf(message)}</div>
        <table ${WIDE}>
          <tr>
            <td align="center" style="padding:28px 16px">
              <table ${WIDE} style="width:100%;max-width:600px;text-align:left;font-family:${SANS}">
                <tr>
                  <td align="left">
                    <div role="main">
                      ${headOf(message)} ${bodyOf(message)} ${linkOf(message)}
                      <p style="margin:28px 0 0;font-size:12px;line-height:1.5;${SOFT}">
                        ${senderLine(message)}
                      </p>
                    </div>
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.html;

/** What an inbox shows beside the subject. */
function previewOf({ alerts, language }: Message): string {
  const [first] = alerts;
  return first === undefined ? '' : becauseOf(first, language);
}

function headOf(message: Message): Html {
  const { site, language, figures, at } = message;
  const times = figures === null ? [at] : [figures.from, figures.to];
  const when = times.map((ms) => timeOf(ms, site.timezone, language)).join(' – ');
  return html`<p style="margin:0 0 6px;font-size:13px;line-height:1.5">
      <strong>${PRODUCT}</strong><span style="${SOFT}"> · ${when}</span>
    </p>
    <h1
      style="margin:0 0 20px;font-size:23px;line-height:1.3;font-weight:700;letter-spacing:-.01em;word-break:break-word;overflow-wrap:anywhere"
    >
      ${headingOf(message)}
    </h1>`;
}

function bodyOf(message: Message): Html {
  const { reason, figures, alerts, more, language } = message;
  return html`${reason === 'test' ? paragraph(say('works', language)) : html``}
  ${figures === null ? html`` : figuresOf(figures, message)}
  ${figures === null || alerts.length === 0 ? html`` : html`<h2 style="margin:0 0 12px;font-size:17px;line-height:1.35;font-weight:700">${say('alerts', language)}</h2>`}
  ${alertCards(message)} ${more === 0 ? html`` : paragraph(`+ ${moreWords(more, language)}`)}`;
}

const paragraph = (text: string): Html =>
  html`<p style="margin:0 0 20px;font-size:15px;line-height:1.5">${text}</p>`;

/** A button. The address is the configuration's; one that is no web page shows no button. */
function linkOf({ link, language }: Message): Html {
  if (link === null || !/^https?:\/\//i.test(link)) return html``;
  return html`<table ${TABLE}>
    <tr>
      <td bgcolor="${ACCENT.ground}" style="border-radius:8px;background:${ACCENT.ground}">
        <a
          href="${link}"
          style="display:inline-block;padding:12px 20px;border-radius:8px;background:${ACCENT.ground};color:${ACCENT.text};font-size:15px;line-height:20px;font-weight:600;text-decoration:none"
          >${say('read on', language)}</a
        >
      </td>
    </tr>
  </table>`;
}
