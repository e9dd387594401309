import { failure, success } from '../../model/outcome.ts';
import type { Post } from '../../platform/ports.ts';
import { decodeUtf8 } from '../../wire/sip/utf8.ts';
import { gather, type SourceOutcome } from '../source.ts';
import { readDump } from './dump.ts';

/** The only question ever asked: it reads, and changes nothing. It holds the table while it is written, so it is asked once. */
export const METHOD = 'ul.dump';

/** Reads the location table by JSON-RPC (module jsonrpcs over xhttp). */
export async function readKamailio(post: Post): Promise<SourceOutcome> {
  const answer = await post(JSON.stringify({ jsonrpc: '2.0', method: METHOD, id: 1 }));
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status === 401 || status === 403) return failure({ kind: 'refused', detail: `HTTP ${status}` });
  const dump = readDump(decodeUtf8(body));
  if (dump.ok) return success(gather(dump.value));
  // A fault of JSON-RPC may come with any status; without one the status tells more than the text.
  return status === 200 || dump.fault.kind === 'denied'
    ? dump
    : failure({ kind: 'not-expected', detail: `HTTP ${status}` });
}
