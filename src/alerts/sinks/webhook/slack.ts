import type { Message } from '../../../model/alert.ts';
import { headingOf } from '../../message-text.ts';
import { say } from '../../words.ts';
import { escapedUpTo, fitted, sectionsOf } from './fit.ts';

// https://docs.slack.dev/reference/block-kit: blocks in a message, signs in a header, in a text, in the text of a notification.
const MOST_BLOCKS = 50;
const MOST_HEADER = 150;
const MOST_TEXT = 3000;
const MOST_NOTIFICATION = 1000;

type Block = Readonly<Record<string, unknown>>;

/** An incoming webhook of Slack: Block Kit. */
export const slackBody = (message: Message): string =>
  JSON.stringify(fitted(message, render, ({ blocks }) => blocks.length <= MOST_BLOCKS));

function render(message: Message): { text: string; blocks: Block[] } {
  const [, ...sections] = sectionsOf(message);
  const heading = headingOf(message);
  return {
    // What a notification shows.
    text: escapedUpTo(heading, MOST_NOTIFICATION, escape),
    blocks: [
      { type: 'header', text: plain(escapedUpTo(heading, MOST_HEADER, escape)) },
      ...sections.flatMap((lines) =>
        packed(lines).map((text): Block => ({ type: 'section', text: plain(text) })),
      ),
      ...(message.link === null ? [] : [linkBlock(message.link, say('read on', message.language))]),
    ],
  };
}

/** Lines, escaped, in as few texts as hold them. */
function packed(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines.map((raw) => escapedUpTo(raw, MOST_TEXT, escape))) {
    const longer = `${texts.at(-1) ?? ''}\n${line}`;
    if (texts.length > 0 && longer.length <= MOST_TEXT) texts.splice(-1, 1, longer);
    else texts.push(line);
  }
  return texts;
}

/** Text in which Slack reads no markup and no emoji; it is escaped all the same, since `<!channel>` would wake a thousand people. */
const plain = (text: string): Block => ({ type: 'plain_text', text, emoji: false });

/** No button: Slack reports a click on one to the app, and warns the person when nobody listens there. */
const linkBlock = (url: string, words: string): Block => ({
  type: 'section',
  text: { type: 'mrkdwn', text: `<${escape(url).replaceAll('|', '%7C')}|${words}>`, verbatim: true },
});

/** The three signs that Slack's markup is made of (https://docs.slack.dev/messaging/formatting-message-text). */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
