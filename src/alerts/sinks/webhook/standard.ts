import { createHmac } from 'node:crypto';
import type { Message } from '../../../model/alert.ts';
import { failure, success, type Outcome } from '../../../model/outcome.ts';
import { isoTime } from '../../../model/iso-time.ts';
import { messageJson } from '../../message-json.ts';
import type { DeliveryFault } from '../../sink.ts';

/** The event of Standard Webhooks: type, time of what happened, and all there is to say. */
export const standardBody = (message: Message): string =>
  JSON.stringify({
    type: `sipcensus.alerts.${message.reason}`,
    timestamp: isoTime(message.at),
    data: messageJson(message),
  });

/** What a signature covers: the id of the message, the seconds of this attempt, the body. */
export interface Signed {
  id: string;
  timestamp: number;
  body: string;
}

/** Least bytes of a key that the specification allows. */
const LEAST_KEY_BYTES = 24;

/**
 * The headers of Standard Webhooks, with a signature for each secret in `secrets`; null for none. The fault is `auth`, and quotes no
 * secret.
 */
export function standardHeaders(
  signed: Signed,
  secrets: string | null,
): Outcome<Record<string, string>, DeliveryFault> {
  const headers = { 'webhook-id': signed.id, 'webhook-timestamp': String(signed.timestamp) };
  if (secrets === null) return success(headers);
  const keys = secrets.trim().split(/\s+/).map(keyOf);
  if (!keys.every((key) => key.length >= LEAST_KEY_BYTES))
    return failure({
      reason: 'auth',
      retry: false,
      detail: `the signing secret is not the base64 of ${LEAST_KEY_BYTES} bytes or more`,
    });
  return success({ ...headers, 'webhook-signature': keys.map((key) => signatureOf(signed, key)).join(' ') });
}

/** Empty for what is no base64: Node would read what it can of it. */
function keyOf(secret: string): Buffer {
  const text = secret.replace(/^whsec_/, '');
  return Buffer.from(/^[A-Za-z0-9+/]+={0,2}$/.test(text) ? text : '', 'base64');
}

const signatureOf = ({ id, timestamp, body }: Signed, key: Buffer): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
