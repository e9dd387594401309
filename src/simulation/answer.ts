import type { Datagram } from '../platform/ports.ts';
import { headerValue, headerValues } from '../wire/sip/headers.ts';
import type { SipRequest } from '../wire/sip/message.ts';
import { parseSip } from '../wire/sip/parse.ts';
import { parseVia } from '../wire/sip/via.ts';
import { render, type Values } from './form.ts';
import { valuesOf, type SimulatedPhone } from './phone.ts';
import { createRandom } from './random.ts';

// RFC 3261 8.2.6.1: a 100 carries no tag of its own.
const TRYING = [
  'SIP/2.0 100 Trying',
  'Via: ${via}',
  'From: ${from}',
  'To: ${to}',
  'Call-ID: ${callId}',
  'CSeq: ${cseq}',
  'Content-Length: 0',
].join('\n');

/**
 * The datagrams that a phone sends back to who sent it this one, in order. None where it is silent, and for anything but an
 * OPTIONS request with the header fields that RFC 3261 8.1.1 demands.
 */
export function answersTo(phone: SimulatedPhone, datagram: Datagram): Uint8Array[] {
  const { answer } = phone.model;
  const parsed = parseSip(datagram.bytes);
  if (answer === null || !parsed.ok || parsed.value.kind !== 'request' || parsed.value.method !== 'OPTIONS')
    return [];
  const echoed = echoOf(parsed.value, datagram);
  if (echoed === null) return [];

  const has = new Set(answer.manners);
  const values = { ...valuesOf(phone), ...echoed, status: answer.status };
  if (has.has('drops-rport')) values.via = values.via.replace(/;\s*rport(?:=\d*)?/i, '');
  // A retransmitted request gets the same answer, its tag included (RFC 3261 17.2.2).
  const random = createRandom(`${phone.mac} ${values.callId}`);
  const final = render(answer.form, values, random, has.has('lf-only') ? '\n' : '\r\n');
  return [
    ...(has.has('trying-first') ? [render(TRYING, values, random)] : []),
    final,
    ...(has.has('twice') ? [final] : []),
  ];
}

/** What an answer repeats of its request (RFC 3261 8.2.6.2), or null when the request lacks a part of it. */
function echoOf(request: SipRequest, { address, port }: Datagram) {
  const via = headerValues(request, 'Via').join(', ');
  const from = headerValue(request, 'From');
  const to = headerValue(request, 'To');
  const callId = headerValue(request, 'Call-ID');
  const cseq = headerValue(request, 'CSeq');
  if (!via || !from || !to || !callId || !cseq) return null;
  return {
    via,
    // RFC 3581 4: where the request came from, in the first Via that asks for it.
    viaFilled: via.replace(/;\s*rport(?![=\w])/i, `;rport=${port};received=${address}`),
    branch: parseVia(via)?.params.get('branch') ?? '',
    from,
    to,
    callId,
    cseq,
  } satisfies Values;
}
