import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { failure, success, type Outcome } from '../model/outcome.ts';
import type { Post, ConversationFault } from './ports.ts';
import { faultOf, silence } from './stream.ts';

export interface PostTarget {
  url: URL;
  /** Of HTTP Basic authentication; null for none. */
  credentials: { user: string; secret: string } | null;
  /** Longest time without a byte from the other side, in milliseconds. */
  silenceMs: number;
  /** Most bytes of an answer; more is a fault. */
  mostBytes: number;
  signal: AbortSignal;
}

/**
 * Asks one HTTP server by POST; redirects are not followed. Not by `fetch`: it refuses the ports 5060 and 5061, where a SIP proxy
 * answers HTTP beside SIP.
 */
export const postJsonTo =
  (target: PostTarget): Post =>
  async (body) => {
    const silent = new AbortController();
    const signal = AbortSignal.any([target.signal, silent.signal]);
    try {
      const answer = await send(target, body, signal, (error) => silent.abort(error));
      const read = await readAnswer(answer, target.mostBytes);
      // A body of unknown length that was broken off by us looks like one that has ended.
      signal.throwIfAborted();
      return read;
    } catch (error) {
      return failure(faultOf(signal.aborted ? signal.reason : error));
    }
  };

function send(
  { url, credentials, silenceMs }: PostTarget,
  body: string,
  signal: AbortSignal,
  onSilence: (error: Error) => void,
): Promise<IncomingMessage> {
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    ...(credentials === null ? {} : { auth: `${credentials.user}:${credentials.secret}` }),
    agent: false,
    signal,
  });
  request.setTimeout(silenceMs, () => onSilence(silence(silenceMs)));
  return new Promise((resolve, reject) => {
    request.on('error', reject).on('response', resolve).end(body);
  });
}

async function readAnswer(
  answer: IncomingMessage,
  mostBytes: number,
): Promise<Outcome<{ status: number; body: Uint8Array }, ConversationFault>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop destroys the answer, and the connection with it.
    if (size > mostBytes) return failure({ kind: 'too-long', detail: `more than ${mostBytes} bytes` });
    chunks.push(chunk);
  }
  return success({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) });
}
