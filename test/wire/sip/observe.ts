import { parseCSeq } from '../../../src/wire/sip/cseq.ts';
import { headerList, headerOrder, headerValue } from '../../../src/wire/sip/headers.ts';
import type { SipMessage } from '../../../src/wire/sip/message.ts';
import { parseChallenge, parseParameters } from '../../../src/wire/sip/params.ts';
import { audioCodecs } from '../../../src/wire/sip/sdp.ts';
import { parseNameAddr, parseSipUri, type HostPort } from '../../../src/wire/sip/uri.ts';
import { parseVia } from '../../../src/wire/sip/via.ts';

/** Everything that the codec reads out of one message, by the names that the expectation files use. */
export function observe(message: SipMessage) {
  const value = (name: string): string => headerValue(message, name) ?? '';
  const via = parseVia(value('Via'));
  const [from, to, contact] = ['From', 'To', 'Contact'].map((name) => parseNameAddr(value(name)));
  const cseq = parseCSeq(value('CSeq'));
  const event = value('Event');
  return {
    ...(message.kind === 'request'
      ? {
          method: message.method,
          uri: message.requestUri,
          user: parseSipUri(message.requestUri)?.user ?? null,
        }
      : { status: message.statusCode, reason: message.reasonPhrase }),
    agent: headerValue(message, 'User-Agent') ?? headerValue(message, 'Server'),
    headers: message.headers.length,
    order: headerOrder(message),
    body: message.body.length,
    quirks: [...message.quirks].sort(),
    via: via === null ? null : `${via.transport} ${written(via.sentBy)}`,
    branch: via?.params.get('branch') ?? null,
    rport: via?.params.get('rport') ?? null,
    from: from?.uri ?? null,
    fromName: from?.displayName ?? null,
    fromTag: from?.params.get('tag') ?? null,
    to: to?.uri ?? null,
    toName: to?.displayName ?? null,
    toTag: to?.params.get('tag') ?? null,
    toUser: parseSipUri(to?.uri ?? '')?.user ?? null,
    contact: contact?.uri ?? null,
    contactHost: written(parseSipUri(contact?.uri ?? '')),
    contactParams: Object.fromEntries(contact?.params ?? []),
    cseq: cseq === null ? null : `${cseq.number} ${cseq.method}`,
    event: Object.fromEntries(parseParameters(event.slice(event.indexOf(';') + 1))),
    supported: headerList(message, 'Supported'),
    accept: headerList(message, 'Accept'),
    realm: parseChallenge(value('WWW-Authenticate'))?.realm ?? null,
    codecs: audioCodecs(message.body),
  };
}

const written = (place: HostPort | null): string | null =>
  place === null ? null : `${place.host}${place.port === null ? '' : ` ${place.port}`}`;
