import { AppError } from '../model/app-error.ts';
import { failure, type Outcome } from '../model/outcome.ts';
import type { Clock, DescribingNet, FetchFault, GroupSocket } from '../platform/ports.ts';
import type { UdpSocket } from '../platform/udp.ts';
import { mayFetch } from '../scope/location.ts';
import type { HostPace } from './pace.ts';
import { addressOf, createListeningNet } from './scoped-net.ts';

/** The groups of this LAN that may be asked: mDNS (RFC 6762 3) and SSDP (UPnP Device Architecture 1.1, 1.3.2). Never 224.0.1.75. */
const MAY_BE_ASKED: ReadonlySet<string> = new Set(['224.0.0.251:5353', '239.255.255.250:1900']);

/** Every host of the LAN hears each of these: UPnP wants its copies 200 ms apart, and no channel needs more in an hour. */
const GAP_MS = 200;
const MOST_IN_AN_HOUR = 64;
const HOUR_MS = 3_600_000;

type ListeningParts = Parameters<typeof createListeningNet>[0];

export interface GroupParts extends ListeningParts {
  system: ListeningParts['system'] & {
    openUdp(local: { address: string; port: number }): Promise<UdpSocket>;
    httpGet(url: string, signal: AbortSignal): Promise<Outcome<Uint8Array, FetchFault>>;
  };
  clock: Clock;
  /** When each host was last sent to, shared with the sweeps; without it only the channel's own limits hold. */
  hosts?: HostPace;
}

/** The network of a channel that asks a multicast group: what it sends goes to that group, on this link only, and to no host. */
export function createGroupNet(parts: GroupParts): DescribingNet {
  return {
    ...createListeningNet(parts),
    async fetchDescription(location, source, signal) {
      if (!parts.scope.includes(source) || !mayFetch(location, source)) return failure('refused');
      if (!(await isTurnOf(source, parts, signal))) return failure(signal.aborted ? 'aborted' : 'refused');
      const got = await parts.system.httpGet(location, signal);
      parts.hosts?.mark(source);
      return got;
    },
    async openGroupSockets(group, port, interfaceNames) {
      if (parts.scope.isEmpty)
        throw new AppError('SCOPE_REFUSED', 'Without a scope no group is asked.', {
          hint: 'Say what may be audited: scope.include in the configuration.',
        });
      if (!MAY_BE_ASKED.has(`${group}:${port}`))
        throw new AppError('SCOPE_REFUSED', `The group ${group}:${port} is never asked.`);
      const networks = parts.networks();
      const sockets = await Promise.all(
        interfaceNames.map((name) => parts.system.openUdp({ address: addressOf(name, networks), port: 0 })),
      );
      return sockets.map((socket) => {
        socket.sendMulticastFrom(socket.localAddress);
        return toGroup(socket, group, port, parts);
      });
    },
  };
}

/** Longest that a description waits for its host's turn; who is to be left alone for longer is asked for none. */
const LONGEST_WAIT_MS = 10_000;

/** Waits until the host may be sent to, and takes its turn; false where it may not be for long. */
async function isTurnOf(
  address: string,
  { hosts, clock }: GroupParts,
  signal: AbortSignal,
): Promise<boolean> {
  let ms = hosts?.waitFor(address) ?? 0;
  for (; ms > 0 && ms <= LONGEST_WAIT_MS && !signal.aborted; ms = hosts?.waitFor(address) ?? 0)
    await clock.sleep(Math.ceil(ms), signal);
  if (ms > 0 || signal.aborted) return false;
  hosts?.mark(address);
  return true;
}

function toGroup(socket: UdpSocket, group: string, port: number, { clock }: GroupParts): GroupSocket {
  let sentAt: number[] = [];
  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    onDatagram: (handler) => socket.onDatagram(handler),
    close: () => socket.close(),
    ask(bytes) {
      const now = clock.monotonic();
      sentAt = sentAt.filter((at) => now - at < HOUR_MS);
      const last = sentAt.at(-1);
      if (sentAt.length >= MOST_IN_AN_HOUR || (last !== undefined && now - last < GAP_MS))
        return 'rate-limited';
      sentAt.push(now);
      socket.send(bytes, group, port);
      return null;
    },
  };
}
