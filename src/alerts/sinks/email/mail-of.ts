import type { Static } from 'typebox';
import type { Message } from '../../../model/alert.ts';
import { PRODUCT } from '../../../model/product.ts';
import type { Mail } from '../../../platform/mail.ts';
import { headingOf, linesOf } from '../../message-text.ts';
import type { config } from './config.ts';
import { htmlOf } from './html.ts';
import { senderLine } from './sender-line.ts';

/** A message as a mail: the same in text and HTML, and the same at every attempt. */
export function mailOf(message: Message, { from, to }: Pick<Static<typeof config>, 'from' | 'to'>): Mail {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    from: { name: PRODUCT, address: from },
    to,
    subject: headingOf(message),
    // RFC 3676 4.3: what follows `-- ` is the signature.
    text: [...linesOf(message), '', '-- ', senderLine(message), ''].join('\n'),
    html: htmlOf(message),
    at: message.at,
    messageId: idOf(message.id, domain),
    // No mail has this id, and all of one matter refer to it: a reader shows them as one conversation.
    thread: idOf(`group/${message.group}`, domain),
    headers: {
      // RFC 3834 5: no automatic answer is wanted. The other is what Exchange looks at ([MS-OXCMAIL] 2.2.3.2.14).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
  };
}

/** A `msg-id` of RFC 5322 3.6.4: what an atom cannot hold becomes `-`. */
const idOf = (name: string, domain: string): string => `<${atoms(name)}@${atoms(domain)}>`;

const MOST_ID = 200;

const atoms = (text: string): string =>
  text
    .slice(0, MOST_ID)
    .replace(/[^\w.+/-]/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^\.|\.$/g, '');
