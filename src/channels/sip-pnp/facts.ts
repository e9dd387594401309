import type { Fact, Field } from '../../model/fact.ts';
import { parseMac } from '../../model/mac.ts';
import { bounded } from '../../model/text.ts';
import { headerValue, headerValues } from '../../wire/sip/headers.ts';
import type { SipRequest } from '../../wire/sip/message.ts';
import { parseParameters } from '../../wire/sip/params.ts';
import { parseNameAddr, parseSipUri } from '../../wire/sip/uri.ts';

/** Whether a request asks for a device profile: event package `ua-profile` of RFC 6080, compared without case. */
export function isPnpSubscribe(request: SipRequest): boolean {
  const event = headerValue(request, 'Event') ?? '';
  return request.method === 'SUBSCRIBE' && (event.split(';')[0] ?? '').trim().toLowerCase() === 'ua-profile';
}

/** What a PnP SUBSCRIBE says of who sent it, in every documented way of writing it. */
export function factsOf(request: SipRequest): Fact[] {
  const facts: Fact[] = [];
  const add = (field: Field, value: string | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') facts.push({ field, value: bounded(value) });
  };
  const event = headerValue(request, 'Event') ?? '';
  const parameters = parseParameters(event.slice(event.indexOf(';') + 1));
  add('sip.user_agent', headerValue(request, 'User-Agent'));
  // Panasonic writes "vender".
  add('pnp.vendor', parameters.get('vendor') ?? parameters.get('vender'));
  add('pnp.model', parameters.get('model'));
  add('pnp.version', parameters.get('version'));
  add('pnp.mac', macOf(request));
  add('sip.allow', headerValues(request, 'Allow').join(', '));
  add('sip.supported', headerValues(request, 'Supported').join(', '));
  add('sip.serial_number', headerValue(request, 'X-Serialnumber'));
  add('sip.mac', headerValue(request, 'Mac'));
  return facts;
}

/** The MAC is a user part: in From first, then To, the request URI, and Contact. AudioCodes sends none. */
function macOf(request: SipRequest): string | null {
  const users = [
    parseNameAddr(headerValue(request, 'From') ?? '')?.uri,
    parseNameAddr(headerValue(request, 'To') ?? '')?.uri,
    request.requestUri,
    parseNameAddr(headerValue(request, 'Contact') ?? '')?.uri,
  ].map((uri) => (uri === undefined ? null : (parseSipUri(uri)?.user ?? null)));
  for (const user of users) {
    // `MAC%3a…` (Snom, Grandstream; unescaped here), `MAC:…`, `MAC=…` (Planet), `MAC…` (Yealink, Akuvox).
    const mac = parseMac(/^mac[:=]?(.+)$/i.exec(user ?? '')?.[1] ?? '');
    if (mac !== null) return mac;
  }
  return null;
}
