import type { Endpoint } from '../../model/endpoint.ts';
import { failure, success, type Outcome } from '../../model/outcome.ts';
import { parseCSeq } from '../../wire/sip/cseq.ts';
import { headerValue } from '../../wire/sip/headers.ts';
import type { SipMessage, SipResponse } from '../../wire/sip/message.ts';
import { parseSip } from '../../wire/sip/parse.ts';
import { parseVia } from '../../wire/sip/via.ts';
import type { Refusal, Targets } from '../channel.ts';
import type { Cookies } from './cookies.ts';

export type Source = Pick<Endpoint, 'transport' | 'address'>;

/** What was asked of whom, so that an answer can be told from anything else. */
export interface Asked {
  targets: Targets;
  cookies: Cookies;
}

export interface OwnAnswer {
  response: SipResponse;
  /** The number of the target that was asked, and what it is; the answer may come from another port of the same host. */
  index: number;
  target: Endpoint;
  /** Whether only Call-ID, CSeq and source tell whose answer this is, because the device damaged the Via. */
  isLoose: boolean;
}

/**
 * Whether bytes from `source` answer a probe of ours to that place: its cookie in Call-ID and top Via branch, or, where the Via
 * was damaged, in the Call-ID alone; the CSeq of our OPTIONS. Any status from 100 to 699 is an answer (RFC 3261 11.2).
 */
export function readAnswer(bytes: Uint8Array, source: Source, asked: Asked): Outcome<OwnAnswer, Refusal> {
  const parsed = parseSip(bytes);
  if (!parsed.ok)
    return failure(parsed.fault === 'not-sip' || parsed.fault === 'empty' ? 'not-sip' : 'malformed');
  const message = parsed.value;
  const match = matchProbe(message, source, asked);
  if (message.kind === 'request') return failure(match === null ? 'unsolicited' : 'own-echo');
  const cseq = parseCSeq(headerValue(message, 'CSeq') ?? '');
  if (match === null || cseq?.method !== 'OPTIONS' || cseq.number !== 1) return failure('unsolicited');
  return success({ response: message, ...match });
}

/** Null where the cookie of no probe to `source` came back. A Call-ID of somebody else's is not outweighed by a branch of ours. */
function matchProbe(
  message: SipMessage,
  source: Source,
  { targets, cookies }: Asked,
): Omit<OwnAnswer, 'response'> | null {
  const branch = parseVia(headerValue(message, 'Via') ?? '')?.params.get('branch') ?? '';
  const callId = headerValue(message, 'Call-ID');
  const byBranch = cookies.indexIn(branch);
  const index = callId === null ? byBranch : cookies.indexIn(callId);
  const target = index === null ? undefined : targets.at(index);
  if (index === null || target === undefined || !isFrom(target, source)) return null;
  return { index, target, isLoose: byBranch !== index };
}

export const isFrom = (target: Endpoint, { transport, address }: Source): boolean =>
  target.address === address && target.transport === transport;
