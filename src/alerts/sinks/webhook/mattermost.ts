import type { Message } from '../../../model/alert.ts';
import { say } from '../../words.ts';
import { fitted, sectionsOf } from './fit.ts';

/** Signs of a post; a longer one comes in several posts. */
const MOST_SIGNS = 16_383;

/** An incoming webhook of Mattermost: a post in its Markdown. */
export const mattermostBody = (message: Message): string =>
  JSON.stringify({ text: fitted(message, render, (text) => text.length <= MOST_SIGNS) });

function render(message: Message): string {
  const [heading, ...sections] = sectionsOf(message);
  return [
    `#### ${literal((heading ?? []).join(' '))}`,
    ...sections.map((lines) => lines.map(literal).join('\n')),
    ...(message.link === null ? [] : [`[${say('read on', message.language)}](${target(message.link)})`]),
  ].join('\n\n');
}

/** A URL that nothing in it can end. */
const target = (url: string): string =>
  url.replace(/[()<>\s\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);

/**
 * Text without markup. `<` cannot stay: Mattermost reads `<!channel>` and `<url|text>` as Slack does, before its own markup. A mention
 * (`@all`), an entity that stands for one (`&#64;`) and an address that becomes a link are parted by a sign without width.
 */
const literal = (text: string): string =>
  text
    .replace(/[\\`*_[\]#~|]/g, '\\$&')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/[@&]|:(?=\/\/)|www(?=\.)/gi, '$&\u200b')
    .replace(/^(\s*)([-+])/, '$1\\$2');
