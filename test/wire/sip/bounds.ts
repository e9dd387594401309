import { MAX_RAW_BYTES } from '../../../src/model/sighting.ts';
import { MAX_FIELD_LENGTH } from '../../../src/model/text.ts';
import { MAX_HEADERS } from '../../../src/wire/sip/limits.ts';
import type { SipMessage } from '../../../src/wire/sip/message.ts';

/** Whether a message keeps no more of a stranger's bytes than it may. */
export function isBounded(message: SipMessage): boolean {
  const { headers, body } = message;
  const starts = message.kind === 'request' ? [message.method, message.requestUri] : [message.reasonPhrase];
  const texts = [...starts, ...headers.flatMap(({ name, value }) => [name, value])];
  return (
    texts.every((text) => text.length <= MAX_FIELD_LENGTH) &&
    headers.length <= MAX_HEADERS &&
    body.length <= MAX_RAW_BYTES
  );
}
