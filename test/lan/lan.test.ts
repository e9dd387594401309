import { beforeAll, describe, expect, it } from 'vitest';
import { sweepSite, type Swept } from './auditor.ts';
import { addressOf, LAN, whyNot } from './network.ts';
import type { Frame } from './pcap.ts';
import { connectionsOf, isSent, mostIn, troubleOf, troubleOfConnection, type Scope } from './promise.ts';
import { DESCRIPTIONS, DOOR_STATION, NEEDS, PNP_PHONE, SITE, WEB_PHONE, type Expected } from './site.ts';

const reason = whyNot([...NEEDS, 'tcpdump']);

const excluded = new Set(SITE.filter(({ isExcluded }) => isExcluded).map(({ number }) => addressOf(number)));
const scope: Scope = {
  mayBeSentTo: (address) => address.startsWith(`${LAN.prefix}.`) && !excluded.has(address),
  descriptions: new Map([...DESCRIPTIONS].map(([number, path]) => [addressOf(number), path])),
};

/** News of a device as a whole: which of its endpoints carries them says nothing. */
const OF_NO_ENDPOINT = new Set(['neighbours', 'http']);

/** An endpoint in one line. */
const lineOf = (address: string, { place, status, userAgent, server, channels }: Expected): string => {
  const heardBy = channels.filter((channel) => !OF_NO_ENDPOINT.has(channel)).sort();
  return JSON.stringify([`${place} at ${address}`, status, userAgent ?? null, server ?? null, heardBy]);
};
const placeOf = (line: string): string => (JSON.parse(line) as [string])[0];
const expected = SITE.flatMap(({ number, found }) => found.map((one) => lineOf(addressOf(number), one)));

describe.skipIf(reason !== null)(
  `a LAN of ${SITE.length} hosts in network namespaces${reason === null ? '' : ` (${reason})`}`,
  () => {
    let swept: Swept;
    let found: string[];
    /** What the auditor has sent. */
    let sent: Frame[];

    beforeAll(async () => {
      swept = await sweepSite();
      found = swept.inventory.devices
        .flatMap(({ endpoints }) => endpoints)
        .map((one) =>
          lineOf(one.address, { ...one, place: `${one.transport} ${one.port}` as Expected['place'] }),
        );
      sent = swept.frames.filter(({ fromMac }) => fromMac === swept.auditor.mac);
    }, 240_000);

    it('is found whole: recall 1.0', () => {
      const places = new Set(found.map(placeOf));
      expect(expected.map(placeOf).filter((place) => !places.has(place))).toEqual([]);
    });

    it('shows nothing that is no SIP device, nor what is excluded: precision 1.0', () => {
      const places = new Set(expected.map(placeOf));
      expect(found.map(placeOf).filter((place) => !places.has(place))).toEqual([]);
    });

    it('is told with the names that the hosts give themselves, byte for byte, and with all ways of hearing', () => {
      expect(found.sort()).toEqual(expected.sort());
    });

    it('makes one device of each host, with its MAC address', () => {
      const devices = swept.inventory.devices.map(({ mac, endpoints }) =>
        [mac, ...new Set(endpoints.map(({ address }) => address))].join(' '),
      );
      const hosts = SITE.filter(({ found: endpoints }) => endpoints.length > 0).map(
        ({ number, toldMac, mac }) => `${toldMac ?? macOf(number, mac)} ${addressOf(number)}`,
      );
      expect(devices.sort()).toEqual(hosts.sort());
    });

    it('is swept in less than a minute', () => {
      const { startedAt, endedAt } = swept.inventory.summary;
      expect(Date.parse(endedAt) - Date.parse(startedAt)).toBeLessThan(60_000);
    });

    it('has its repeated answers, echoes and strangers counted', () => {
      const { refused } = swept.inventory.summary.sweep;
      const atLeast = { duplicate: 49, 'own-echo': 1, unsolicited: 1, 'not-sip': 1, malformed: 1 };
      for (const [counted, times] of Object.entries(atLeast))
        expect(refused[counted] ?? 0, counted).toBeGreaterThanOrEqual(times);
    });

    describe('and every packet that the auditor sends there', () => {
      it('is of the sweep that is meant: datagrams, connections, questions to both groups', () => {
        const places = placesOf(sent);
        for (const place of ['udp 10.77.0.11:5060', 'tcp 10.77.0.11:5060', 'tcp 10.77.0.12:5061'])
          expect(places).toContain(place);
        for (const group of ['224.0.0.251:5353', '239.255.255.250:1900'])
          expect(places).toContain(`udp ${group}`);
      });

      it('is an OPTIONS, an M-SEARCH, a question of mDNS, or of a connection within the scope', () => {
        expect(sent.flatMap((frame) => troubleOf(frame, scope) ?? [])).toEqual([]);
      });

      it('carries over a connection one OPTIONS, or one GET, and nothing else', () => {
        const connections = connectionsOf(sent);
        expect(connections.flatMap((one) => troubleOfConnection(one, scope) ?? [])).toEqual([]);
      });

      it('gets the page of a phone that is made to be asked, where its firmware is missing, and once', () => {
        const pages = connectionsOf(sent).filter(({ written }) => written.toString().startsWith('GET / '));
        const places = pages.map(({ address, port }) => `${address}:${port}`);
        expect(places).toEqual([`${addressOf(WEB_PHONE)}:80`]);
      });

      it('goes to no excluded host, though these announce themselves and ask to be asked', () => {
        const toExcluded = sent.filter(({ kind, to }) => kind !== 'arp' && excluded.has(to));
        expect(placesOf(toExcluded)).toEqual([]);
      });

      it('answers no phone that looks for provisioning, and does not go to its group', () => {
        expect(placesOf(sent.filter(({ kind, to }) => kind !== 'igmp' && to === '224.0.1.75'))).toEqual([]);
        expect(placesOf(sent.filter(({ kind, fromPort }) => kind === 'udp' && fromPort === 5060))).toEqual(
          [],
        );
        const heard = swept
          .saidBy(PNP_PHONE)
          .split('\n')
          .filter((line) => line !== '');
        expect(heard.filter((line) => !line.startsWith('OPTIONS '))).toEqual([]);
      });

      it('is of the only connection to that port, which ends with FIN', () => {
        const connections = connectionsOf(sent);
        const ports = connections.map(({ address, port }) => `${address}:${port}`);
        expect(ports.filter((port, at) => ports.indexOf(port) !== at)).toEqual([]);
        const unended = connections.filter(({ written, isEnded }) => written.length > 0 && !isEnded);
        expect(unended.map(({ address, port }) => `${address}:${port}`)).toEqual([]);
      });

      it('connects to no door station', () => {
        const connecting = sent.filter(({ kind, to }) => kind === 'tcp' && to === addressOf(DOOR_STATION));
        expect(placesOf(connecting)).toEqual([]);
      });

      it('is the third copy of a probe at most, and none comes after the answer', () => {
        const probes = Map.groupBy(sent.filter(isProbe), callIdOf);
        for (const copies of probes.values()) {
          expect(copies.length).toBeLessThanOrEqual(3);
          // One Call-ID is of one probe, sent to one place.
          const different = new Set(
            copies.map(({ to, toPort, payload }) => `${to}:${toPort} ${payload.toString()}`),
          );
          expect(different.size).toBe(1);
        }
        const answers = swept.frames.filter(
          ({ kind, payload }) => kind === 'udp' && payload.toString().startsWith('SIP/2.0 '),
        );
        const late = answers.flatMap((answer) =>
          (probes.get(callIdOf(answer)) ?? []).filter(({ at }) => at > answer.at),
        );
        expect(placesOf(late)).toEqual([]);
      });

      it('is one of four in a second, and of twenty in a minute, to that host', () => {
        const toHosts = sent.filter((frame) => isSent(frame) && scope.mayBeSentTo(frame.to));
        for (const [seconds, most] of [
          [1, 4],
          [60, 20],
        ] as const) {
          const { key, count } = mostIn(seconds, toHosts, ({ to }) => to);
          expect(count, `${key} in ${seconds} s`).toBeLessThanOrEqual(most);
        }
      });

      it('is one of two hundred in a second to all, as is every ARP request', () => {
        const requests = sent.filter(({ kind, toMac }) => kind === 'arp' && toMac === BROADCAST);
        for (const [what, together] of Object.entries({ packets: sent.filter(isSent), requests })) {
          const { count } = mostIn(1, together, () => 'all');
          expect(count, what).toBeLessThanOrEqual(200);
        }
      });
    });
  },
);

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const macOf = (number: number, mac = `02770000${number.toString(16).padStart(4, '0')}`): string =>
  mac.replaceAll(':', '');
/** Where to, each place once. */
const placesOf = (frames: readonly Frame[]): string[] => [
  ...new Set(frames.map(({ kind, to, toPort }) => `${kind} ${to}:${toPort}`)),
];
const isProbe = ({ kind, payload }: Frame): boolean =>
  kind === 'udp' && payload.toString().startsWith('OPTIONS ');
const callIdOf = ({ payload }: Frame): string =>
  /\r\nCall-ID: *([^\r\n]+)/i.exec(payload.toString())?.[1] ?? '';
