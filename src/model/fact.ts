/**
 * Everything a channel can report, and nothing else: the closed list of named pieces of a sighting.
 * A new piece of evidence costs one line here and one rule in rules/fingerprints.
 */
export const FIELDS = {
  'sip.user_agent': 'User-Agent header (RFC 3261 20.41)',
  'sip.server': 'Server header (RFC 3261 20.35)',
  'sip.status': 'status code of the answer, three digits',
  'sip.allow': 'Allow header, methods as sent (RFC 3261 20.5)',
  'sip.supported': 'Supported header, option tags as sent (RFC 3261 20.37)',
  'sip.allow_events': 'Allow-Events header (RFC 6665 8.2.2)',
  'sip.accept': 'Accept header (RFC 3261 20.1)',
  'sip.realm': 'realm of a 401 or 407 challenge (RFC 3261 20.44)',
  'sip.contact': 'Contact header (RFC 3261 20.10)',
  'sip.instance': '+sip.instance of the Contact (RFC 5626 4.1)',
  'sip.serial_number': 'X-Serialnumber header: the MAC of some makers, a serial number of others',
  'sip.mac': 'Mac header',
  'sip.header_order': 'names of the header fields in the order and case they came in',
  'sip.to_tag': 'tag that the answering side added to To (RFC 3261 8.2.6.2); its shape tells the stack',
  'sip.content_type': 'Content-Type header of an answer with a body (RFC 3261 20.15)',
  'sip.sdp_origin': 'user name of the o= line of an SDP body (RFC 4566 5.2)',
  'sip.sdp_session': 'session name, the s= line of an SDP body (RFC 4566 5.3)',
  'sip.codecs': 'payload names of the audio lines of an SDP body, such as PCMA,PCMU,G729',
  'pnp.vendor': 'vendor (or vender) parameter of a ua-profile Event',
  'pnp.model': 'model parameter of a ua-profile Event',
  'pnp.version': 'version parameter of a ua-profile Event',
  'pnp.mac': 'MAC address in From, To or request URI of a PnP SUBSCRIBE, 12 lower-case hex digits',
} as const;

export type Field = keyof typeof FIELDS;

/** A named piece of a sighting: `sip.user_agent` says `Acme P10W/1.10`. Values are bounded and never judged. */
export interface Fact {
  field: Field;
  value: string;
}
