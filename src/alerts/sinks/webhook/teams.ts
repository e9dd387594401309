import type { Message } from '../../../model/alert.ts';
import { say } from '../../words.ts';
import { fitted, sectionsOf } from './fit.ts';

/** A message may have 28 KB (Teams, "limits and specifications"); what Teams puts around it counts too. */
const MOST_BYTES = 27 * 1024;

type Element = Readonly<Record<string, unknown>>;

/** An incoming webhook of Teams, made with Workflows: a message with one Adaptive Card. */
export const teamsBody = (message: Message): string =>
  fitted(
    message,
    (part) => JSON.stringify({ type: 'message', attachments: [attachmentOf(part)] }),
    (body) => Buffer.byteLength(body) <= MOST_BYTES,
  );

const attachmentOf = (message: Message): Element => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  contentUrl: null,
  content: {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: sectionsOf(message).flatMap((lines, section) =>
      lines.map((line, index) => paragraph(line, section === 0, index === 0)),
    ),
    actions:
      message.link === null
        ? []
        : [{ type: 'Action.OpenUrl', title: say('read on', message.language), url: message.link }],
    msteams: { width: 'Full' },
  },
});

/** A RichTextBlock and no TextBlock: it is the one in which no Markdown is read. A mention would need an entity, and there is none. */
const paragraph = (line: string, isHeading: boolean, isFirst: boolean): Element => ({
  type: 'RichTextBlock',
  spacing: isFirst ? 'Medium' : 'None',
  inlines: [
    { type: 'TextRun', text: literal(line), ...(isHeading ? { size: 'Large', weight: 'Bolder' } : {}) },
  ],
});

/** `{{DATE(…)}}` and `${…}` would be worked out, `<at>` be a mention if there were entities: a sign without width parts each. */
const literal = (text: string): string => text.replace(/[{$<](?=[{/a-z])/gi, '$&\u200b');
