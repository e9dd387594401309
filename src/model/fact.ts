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
  'sip.loose_match':
    'why an answer to our probe was not matched in full: `via` where the device damaged the Via',
  'tls.subject': 'subject of the TLS certificate, unverified: `CN=001565aabbcc,O=Acme` (RFC 4514)',
  'tls.issuer': 'issuer of the TLS certificate, unverified, written like the subject',
  'tls.alt_names':
    'subject alternative names of the TLS certificate, such as `DNS:phone.example, IP Address:192.0.2.7`',
  'http.status': 'status code of the answer to GET /, three digits',
  'http.server': 'Server header of that answer (RFC 9110 10.2.4)',
  'http.realm': 'a realm of its WWW-Authenticate header (RFC 9110 11.6.1)',
  'http.title': 'title of the page, on one line, character references as sent',
  'arp.mac': 'MAC address behind the address, from the neighbour table (ARP, NDP), 12 lower-case hex digits',
  'arp.shared_mac':
    'MAC address that stands behind several IPv4 addresses in the neighbour table: a repeater or a router, and no phone',
  'dhcp.mac': 'MAC address of a DHCP client: chaddr, else option 61, 12 lower-case hex digits (RFC 2131 2)',
  'dhcp.host_name': 'host name that a DHCP client gives, option 12 (RFC 2132 3.14)',
  'dhcp.vendor_class':
    'vendor class of a DHCP client, option 60, without NULs and blanks around it (RFC 2132 9.13)',
  'dhcp.parameters': 'settings that a DHCP client asks for, option 55, in its order: 1,3,6,15 (RFC 2132 9.8)',
  'pnp.vendor': 'vendor (or vender) parameter of a ua-profile Event',
  'pnp.model': 'model parameter of a ua-profile Event',
  'pnp.version': 'version parameter of a ua-profile Event',
  'pnp.mac': 'MAC address in From, To or request URI of a PnP SUBSCRIBE, 12 lower-case hex digits',
  'registration.mac': 'MAC address that a PBX tells of a registration, 12 lower-case hex digits',
  'mdns.service': 'service type that the device announces, such as _sip._udp (RFC 6763 7)',
  'mdns.instance': 'name of such a service, as announced: often chosen by the user (RFC 6763 4.1.1)',
  'mdns.txt': 'one key=value of its TXT record, the key in small letters (RFC 6763 6.3)',
  'mdns.host': 'host name that its SRV record gives (RFC 2782)',
  'mdns.address': 'IPv6 address that it gives for that host (RFC 3596): where to ask, and no more',
  'mdns.query': 'service type that the device looks for (RFC 6762 5)',
  'ssdp.server': 'SERVER header of an SSDP answer or NOTIFY: system, UPnP version, product',
  'ssdp.st': 'a device or service type (`urn:…`) of ST or NT',
  'ssdp.usn': 'a name of the device, `uuid:…`: USN up to `::`, or UDN of its description',
  'ssdp.manufacturer': 'manufacturer of a UPnP description',
  'ssdp.model_name': 'modelName of a UPnP description',
  'ssdp.model_number': 'modelNumber of a UPnP description',
  'ssdp.friendly_name': 'friendlyName of a UPnP description: often chosen by the user',
  'ssdp.serial_number': 'serialNumber of a UPnP description: the MAC of some makers',
  'ssdp.device_type': 'deviceType of a UPnP description, or of a device embedded in it',
} as const;

export type Field = keyof typeof FIELDS;

/** What is another with every answer of one phone, and says nothing new of it: a phone in a call answers 486. */
export const VOLATILE_FIELDS: ReadonlySet<Field> = new Set(['sip.to_tag', 'sip.status']);

/** A named piece of a sighting: `sip.user_agent` says `Acme P10W/1.10`. Values are bounded and never judged. */
export interface Fact {
  field: Field;
  value: string;
}
