import type { Behaviour } from './behaviours.ts';
import { avahi, baresip, kamailio, linphone, miniupnpd, sipp, type Program } from './programs.ts';
import type { Place } from './network.ts';

/** An endpoint that must be found: who answers there, byte for byte as it names itself, and how it is heard of. */
export interface Expected {
  place: Place | `tls ${number}`;
  status: number | null;
  userAgent?: string | null;
  server?: string | null;
  channels: readonly string[];
}

export interface Host {
  /** Its last byte of the address. */
  number: number;
  what: string;
  programs: readonly Program[];
  /** Where a phone tells its MAC; by default one that nobody sells. */
  mac?: string;
  /** The MAC address that it tells of itself, where the neighbour table has another. */
  toldMac?: string;
  isExcluded?: true;
  /** Behaviours of host.ts, and what they hold when they are up. */
  behaviour?: Behaviour;
  userAgent?: string;
  holds?: readonly Place[];
  /** Of one device; empty where nothing may be listed. */
  found: readonly Expected[];
}

const udp = (status: number, name: Pick<Expected, 'userAgent' | 'server'>, port = 5060): Expected => ({
  place: `udp ${port}`,
  status,
  ...name,
  channels: ['sip-options'],
});
const over = (place: Expected['place'], expected: Expected): Expected => ({ ...expected, place });

const sippPhone = (number: number, status: string, userAgent: string): Host => ({
  number,
  what: `a phone of sipp that answers ${status}`,
  programs: [sipp(status, userAgent)],
  found: [udp(parseInt(status, 10), { userAgent })],
});

/** A host of host.ts that is found over UDP on 5060, over TCP as well where it listens there. */
const odd = (
  number: number,
  what: string,
  behaviour: Behaviour,
  userAgent: string,
  alsoTcp = false,
): Host => {
  const answer = udp(200, userAgent === '' ? {} : { userAgent });
  return {
    number,
    what,
    programs: [],
    behaviour,
    userAgent,
    holds: alsoTcp ? ['udp 5060', 'tcp 5060'] : ['udp 5060'],
    found: alsoTcp ? [answer, over('tcp 5060', answer)] : [answer],
  };
};

const never = (number: number, what: string, behaviour: Behaviour, ...holds: Place[]): Host => ({
  number,
  what,
  programs: [],
  behaviour,
  holds,
  found: [],
});

const BARESIP = udp(404, { server: 'baresip v1.0.0 (x86_64/linux)' });
const KAMAILIO = udp(200, { server: 'kamailio (5.6.3 (x86_64/linux))' });
const LINPHONE = udp(200, {});
const mdnsOf = (place: Place): Expected => ({ place, status: null, channels: ['mdns'] });

/** A phone that answers, announces itself or asks to be asked, and may not be. */
const excluded = (
  number: number,
  what: string,
  behaviour: Behaviour,
  userAgent: string,
  ...holds: Place[]
): Host => ({
  ...never(number, `${what}, excluded`, behaviour, ...holds),
  userAgent,
  isExcluded: true,
});

/** The hosts that a test asks about by name. */
export const DOOR_STATION = 31;
export const PNP_PHONE = 34;
export const WEB_PHONE = 38;
/** Where devices say by SSDP that their description is. */
export const DESCRIPTIONS: ReadonlyMap<number, string> = new Map([
  [42, '/rootDesc.xml'],
  [43, '/rootDesc.xml'],
]);

export const SITE: readonly Host[] = [
  {
    number: 11,
    what: 'baresip over UDP and TCP',
    programs: [baresip()],
    found: [BARESIP, over('tcp 5060', BARESIP)],
  },
  {
    number: 12,
    what: 'baresip with a certificate',
    programs: [baresip('/O=Acme/CN=001565aabbcc')],
    found: [BARESIP, over('tcp 5060', BARESIP), over('tls 5061', BARESIP)],
  },
  {
    number: 13,
    what: 'kamailio',
    programs: [kamailio],
    found: [KAMAILIO, over('tcp 5060', KAMAILIO), over('tls 5061', KAMAILIO)],
  },
  {
    number: 14,
    what: 'linphone, which names nobody',
    programs: [linphone],
    found: [LINPHONE, over('tcp 5060', LINPHONE)],
  },
  sippPhone(15, '200 OK', 'Polycom/5.5.0.20556 PolycomVVX-VVX_410-UA/5.5.0.20556'),
  sippPhone(16, '401 Unauthorized', 'snom710/8.7.3.201309022318'),
  sippPhone(17, '404 Not Found', 'Desk_Phone_IP_CP200_V1 R6.14.0      SIP  190802'),
  {
    ...sippPhone(18, '405 Method Not Allowed', 'Panasonic_KX-UT113/01.133 (0080f0c8c381)'),
    // Behind a repeater that puts its own address in place of the phone's: the neighbour table has another than the phone tells.
    toldMac: '0080f0c8c381',
  },
  sippPhone(
    19,
    '480 Temporarily Unavailable',
    'Grandstream GXP2010 (gxp2010e.bin:1.2.1.4/boot55e.bin:1.1.6.6)',
  ),
  sippPhone(20, '503 Service Unavailable', 'AVM FRITZ!Box 7430 146.07.31 (Sep  2 2023)'),
  {
    ...odd(21, 'a phone with two ports', 'two ports', 'Linksys/SPA962-6.1.5(a)'),
    holds: ['udp 5060', 'udp 5062'],
    found: [5060, 5062].map((port) => udp(200, { userAgent: 'Linksys/SPA962-6.1.5(a)' }, port)),
  },
  odd(22, 'a phone that answers from another port', 'other port', 'Aastra 6731i/3.2.2.3077'),
  odd(23, 'a phone that damages the Via', 'damaged via', 'Cisco/SPA504G-7.6.2c'),
  odd(24, 'a phone that says 100 and then 200', 'trying first', 'Yealink SIP-T44U 108.87.0.20'),
  odd(25, 'a phone that answers fifty times', 'fifty times', 'Zultys ZIP 2 3.50'),
  odd(26, 'a phone that names nobody', 'answers', ''),
  odd(27, 'a phone that writes to TCP byte by byte', 'byte by byte', 'Cisco-CP7960G/8.0', true),
  {
    ...odd(
      28,
      'a phone that answers twice in one segment',
      'both in one segment',
      'Mitel-5304-SIP-Phone 06.05.00.06 08000FA9F751',
      true,
    ),
    mac: '08:00:0f:a9:f7:51',
  },
  {
    ...odd(
      29,
      'a phone that sends a keep-alive first',
      'keep-alive first',
      'ALE 8028s-GE 1.51.52.2204 487a55023075',
      true,
    ),
    mac: '48:7a:55:02:30:75',
  },
  odd(
    30,
    'a phone whose answer names other hosts',
    'names others',
    "LinphoneiOS/4.3.1 (IŞIK iPhone'u) LinphoneSDK/4.4.0",
  ),
  {
    ...odd(DOOR_STATION, 'a door station', 'door station', 'AXIS A8105-E Network Video Door Station', true),
    found: [udp(200, { userAgent: 'AXIS A8105-E Network Video Door Station' })],
  },
  {
    number: 32,
    what: 'a phone that announces its service by avahi-daemon, and answers as well',
    programs: [
      sipp('200 OK', 'Grandstream GXP280 1.2.5.2'),
      avahi('desk-reception', 'GXP280 reception', [
        { type: '_sip._udp', port: 5060, texts: ['model=GXP280', 'vendor=Grandstream'] },
        { type: '_http._tcp', port: 80 },
      ]),
    ],
    found: [{ ...udp(200, { userAgent: 'Grandstream GXP280 1.2.5.2' }), channels: ['mdns', 'sip-options'] }],
  },
  {
    number: 33,
    what: 'a phone that only announces its service by avahi-daemon',
    programs: [avahi('desk-attic', 'Attic', [{ type: '_sip._udp', port: 5070 }])],
    found: [mdnsOf('udp 5070')],
  },
  {
    ...odd(PNP_PHONE, 'a phone that looks for provisioning from 5059', 'pnp', 'Yealink W52P 25.81.0.10'),
    mac: '00:15:65:f4:f9:41',
    holds: ['udp 5060', 'udp 5059'],
    found: [
      { ...udp(200, { userAgent: 'Yealink W52P 25.81.0.10' }, 5059), status: null, channels: ['sip-pnp'] },
      udp(200, { userAgent: 'Yealink W52P 25.81.0.10' }),
    ],
  },
  excluded(35, 'a phone', 'door station', 'Cisco/SPA303-7.4.7', 'udp 5060', 'tcp 5060'),
  excluded(36, 'a media server that names its description', 'media server', '', 'udp 1900', 'tcp 8200'),
  excluded(
    37,
    'a phone that looks for provisioning',
    'pnp',
    'Yealink W52P 25.81.0.10',
    'udp 5060',
    'udp 5059',
  ),
  { ...odd(WEB_PHONE, 'a phone with a web page', 'web page', 'Sangoma P325'), holds: ['udp 5060', 'tcp 80'] },
  {
    number: 41,
    what: 'a printer named SIP-2000, announced by avahi-daemon',
    programs: [avahi('SIP-2000', 'SIP-2000', [{ type: '_ipp._tcp', port: 631, texts: ['ty=SIP-2000'] }])],
    found: [],
  },
  { number: 42, what: 'a router, by miniupnpd', programs: [miniupnpd], found: [] },
  never(43, 'a media server', 'media server', 'udp 1900', 'tcp 8200'),
  never(44, 'an echo', 'echo', 'udp 5060'),
  never(45, 'a web server on 5060', 'web', 'tcp 5060'),
  never(46, 'a host that hears and says nothing', 'silent', 'udp 5060'),
  never(47, 'a header without end', 'endless header', 'tcp 5060'),
  never(48, 'a port of SIP over TLS without TLS', 'no tls', 'tcp 5061'),
  never(49, 'an answer to somebody else', 'stray', 'udp 5060'),
  { number: 50, what: 'a host with everything closed', programs: [], found: [] },
];

/** Programs of Debian that the site needs, and what it is built with. */
export const NEEDS = [
  ...new Set([
    'ip',
    'setpriv',
    'openssl',
    ...SITE.flatMap(({ programs }) => programs.map(({ needs }) => needs)),
  ]),
];
