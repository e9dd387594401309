import type { Message } from '../../../model/alert.ts';
import { VERSION } from '../../../model/product.ts';
import { clean } from '../../message-text.ts';
import { say } from '../../words.ts';

/** `Sent by sipcensus 0.1.0, Head office. …`: who sent it, and where that is changed. */
export const senderLine = ({ site, language }: Message): string =>
  `${say('sender', language)} ${VERSION}, ${clean(site.name)}. ${say('recipients', language)}`;
