import type { Endpoint } from '../../model/endpoint.ts';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import { parseCSeq } from '../../wire/sip/cseq.ts';
import { headerValue } from '../../wire/sip/headers.ts';
import type { SipMessage, SipResponse } from '../../wire/sip/message.ts';
import { parseSip } from '../../wire/sip/parse.ts';
import { parseVia } from '../../wire/sip/via.ts';
import type { Refusal } from '../channel.ts';
import type { Cookie } from './cookie.ts';

type Source = Pick<Endpoint, 'transport' | 'address'>;

export interface OwnAnswer {
  response: SipResponse;
  /** The port that was asked; the answer may come from another of the same host. */
  port: number;
  /** Whether only Call-ID, CSeq and source tell whose answer this is, because the device damaged the Via. */
  isLoose: boolean;
}

/**
 * Whether bytes from `source` answer a probe of ours to that place: its cookie in Call-ID and top Via branch, or, where the Via
 * was damaged, in the Call-ID alone; the CSeq of our OPTIONS. Any status from 100 to 699 is an answer (RFC 3261 11.2).
 */
export function readAnswer(bytes: Uint8Array, source: Source, cookie: Cookie): Outcome<OwnAnswer, Refusal> {
  const parsed = parseSip(bytes);
  if (!parsed.ok)
    return failure(parsed.fault === 'not-sip' || parsed.fault === 'empty' ? 'not-sip' : 'malformed');
  const message = parsed.value;
  const match = matchProbe(message, source, cookie);
  if (message.kind === 'request') return failure(match === null ? 'unsolicited' : 'own-echo');
  const cseq = parseCSeq(headerValue(message, 'CSeq') ?? '');
  if (match === null || cseq?.method !== 'OPTIONS' || cseq.number !== 1) return failure('unsolicited');
  return success({ response: message, ...match });
}

/** Null where the cookie of no probe to `source` came back. A Call-ID of somebody else's is not outweighed by a branch of ours. */
function matchProbe(
  message: SipMessage,
  source: Source,
  cookie: Cookie,
): Pick<OwnAnswer, 'port' | 'isLoose'> | null {
  const branch = parseVia(headerValue(message, 'Via') ?? '')?.params.get('branch') ?? '';
  const callId = headerValue(message, 'Call-ID');
  const byBranch = cookie.portFrom(branch, source);
  const port = callId === null ? byBranch : cookie.portFrom(callId, source);
  return port === null ? null : { port, isLoose: byBranch !== port };
}
