import type { Fact, Field } from '../../model/fact.ts';
import { bounded } from '../../model/text.ts';
import type { Certificate } from '../../platform/ports.ts';
import { headerOrder, headerValue, headerValues } from '../../wire/sip/headers.ts';
import type { SipResponse } from '../../wire/sip/message.ts';
import { parseChallenge } from '../../wire/sip/params.ts';
import { audioCodecs, sdpNames } from '../../wire/sip/sdp.ts';
import { parseNameAddr } from '../../wire/sip/uri.ts';

const PLAIN_HEADERS: readonly (readonly [Field, string])[] = [
  ['sip.user_agent', 'User-Agent'],
  ['sip.server', 'Server'],
  ['sip.contact', 'Contact'],
  ['sip.serial_number', 'X-Serialnumber'],
  ['sip.mac', 'Mac'],
  ['sip.content_type', 'Content-Type'],
];

// These may stand in several header fields of one name: RFC 3261 7.3.1 makes one list of them.
const LIST_HEADERS: readonly (readonly [Field, string])[] = [
  ['sip.allow', 'Allow'],
  ['sip.supported', 'Supported'],
  ['sip.allow_events', 'Allow-Events'],
  ['sip.accept', 'Accept'],
];

/** What an answer to OPTIONS says of who sent it. Any status says as much: 486 and 404 carry the same headers as 200. */
export function factsOf(answer: SipResponse): Fact[] {
  const facts: Fact[] = [{ field: 'sip.status', value: String(answer.statusCode) }];
  const add = (field: Field, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') facts.push({ field, value: bounded(value) });
  };
  for (const [field, name] of PLAIN_HEADERS) add(field, headerValue(answer, name));
  for (const [field, name] of LIST_HEADERS) add(field, headerValues(answer, name).join(', '));
  add('sip.instance', parseNameAddr(headerValue(answer, 'Contact') ?? '')?.params.get('+sip.instance'));
  add(
    'sip.realm',
    parseChallenge(headerValue(answer, 'WWW-Authenticate') ?? headerValue(answer, 'Proxy-Authenticate') ?? '')
      ?.realm,
  );
  add('sip.header_order', headerOrder(answer));
  add('sip.to_tag', parseNameAddr(headerValue(answer, 'To') ?? '')?.params.get('tag'));
  const { origin, session } = sdpNames(answer.body);
  add('sip.sdp_origin', origin);
  add('sip.sdp_session', session);
  add('sip.codecs', audioCodecs(answer.body).join(','));
  return facts;
}

/** The answer came back with a damaged Via: Call-ID, CSeq and source say that it is ours (RFC 3261 17.1.3 would want the branch). */
export const LOOSE_MATCH: Fact = { field: 'sip.loose_match', value: 'via' };

/** What a TLS listener shows of itself: many makers write themselves and the MAC address into the certificate. */
export const certificateFacts = ({ subject, issuer, altNames }: Certificate): Fact[] =>
  [
    { field: 'tls.subject' as const, value: bounded(subject) },
    { field: 'tls.issuer' as const, value: bounded(issuer) },
    { field: 'tls.alt_names' as const, value: bounded(altNames) },
  ].filter(({ value }) => value !== '');
