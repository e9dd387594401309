import { AppError } from '../model/app-error.ts';
import type { Outcome } from '../model/outcome.ts';
import type { LocalNetwork } from '../platform/interfaces.ts';
import type {
  FetchFault,
  LinkSystem,
  ListeningNet,
  ListeningSocket,
  Neighbour,
  ProbeSocket,
  ScopedNet,
} from '../platform/ports.ts';
import type { UdpSocket } from '../platform/udp.ts';
import type { Scope } from '../scope/scope.ts';
import type { LinkWindow } from './link-window.ts';
import { createConnect, type ConnectParts, type StreamSystem } from './scoped-connect.ts';

/** The system's side, from platform/udp and platform/tcp. */
export interface SystemNet extends StreamSystem {
  openUdp(local: { address: string; port: number }): Promise<UdpSocket>;
  localAddressFor(address: string): Promise<string>;
  joinGroup(group: string, port: number, interfaceAddresses: readonly string[]): Promise<ListeningSocket>;
  openBroadcast(port: number): Promise<ListeningSocket>;
  readNeighbours(): Promise<readonly Neighbour[]>;
  httpGet(url: string, signal: AbortSignal): Promise<Outcome<Uint8Array, FetchFault>>;
  link: LinkSystem;
}

/** Most datagrams that one socket holds unsent; more would only wait in the system's buffer. */
const MOST_UNSENT = 512;

/** Longest wait for one host that keeps the others waiting; who is to be left alone for longer is left out of the sweep. */
const LONGEST_WAIT_MS = 2000;

export interface ScopedNetParts extends ConnectParts {
  system: SystemNet;
  link: LinkWindow;
}

/**
 * The only network an active channel sees. Nothing leaves it outside the scope, faster than the pace, or twice to one host within
 * the host's gap, whatever the channel asks for: the promise not to do harm lives here.
 */
export function createScopedNet(parts: ScopedNetParts): ScopedNet {
  const { scope, pace, hosts, link, system } = parts;
  const refuseOutside = (address: string): void => {
    if (!scope.includes(address))
      throw new AppError('SCOPE_REFUSED', `${address} is outside the scope: nothing is sent there.`);
  };
  return {
    async localAddressFor(address) {
      refuseOutside(address);
      return system.localAddressFor(address);
    },
    async openProbeSocket(localAddress) {
      return guard(await system.openUdp({ address: localAddress, port: 0 }), parts);
    },
    connect: createConnect(parts),
    takeTurn: (most, signal) => pace.takeTurn(most, signal),
    waitFor(address) {
      if (!scope.includes(address)) return null;
      const ms = Math.max(hosts.waitFor(address), link.waitFor(address));
      return ms > LONGEST_WAIT_MS ? null : ms;
    },
    leaveAlone: (address, ms) => hosts.leaveAlone(address, ms),
    spares: (to) => parts.sparing?.spares(to) === true,
    linkState: (address) => link.stateOf(address),
    droppedCount: () => system.link.droppedCount(),
  };
}

function guard(socket: UdpSocket, { scope, hosts, pace, link }: ScopedNetParts): ProbeSocket {
  let unsent = 0;
  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    onDatagram: (handler) => socket.onDatagram(handler),
    close: () => socket.close(),
    get holdsBytes() {
      return socket.holdsBytes;
    },
    send(bytes, to, left) {
      const { address } = to;
      if (!scope.includes(address)) return 'out-of-scope';
      if (unsent >= MOST_UNSENT) return 'queue-full';
      if (hosts.waitFor(address) > 0 || link.waitFor(address) > 0 || !pace.spend()) return 'rate-limited';
      hosts.mark(address);
      link.mark(address);
      unsent += 1;
      socket.send(bytes, address, to.port, (error) => {
        unsent -= 1;
        left?.(error);
      });
      return null;
    },
  };
}

/** The network of a passive channel: it can join groups on named interfaces, and has no way to send. */
export function createListeningNet(parts: {
  scope: Scope;
  system: Pick<SystemNet, 'joinGroup' | 'openBroadcast' | 'readNeighbours'>;
  networks: () => readonly LocalNetwork[];
}): ListeningNet {
  return {
    isInScope: (address) => parts.scope.includes(address),
    neighbours: () => parts.system.readNeighbours(),
    openBroadcast: (port) => parts.system.openBroadcast(port),
    joinGroup(group, port, interfaceNames) {
      if (parts.scope.isEmpty)
        throw new AppError('SCOPE_REFUSED', 'Without a scope no group is joined.', {
          hint: 'Say what may be audited: scope.include in the configuration.',
        });
      return parts.system.joinGroup(
        group,
        port,
        interfaceNames.map((name) => addressOf(name, parts.networks())),
      );
    },
  };
}

/** The IPv4 address of an interface, by its name or own address. Throws AppError CONFIG_INVALID. */
export function addressOf(name: string, networks: readonly LocalNetwork[]): string {
  const found = networks.find((network) => network.interface === name || network.address === name);
  if (found !== undefined) return found.address;
  throw new AppError('CONFIG_INVALID', `There is no interface "${name}" with an IPv4 address.`, {
    hint: `This machine has ${[...new Set(networks.map((network) => network.interface))].join(', ')}.`,
  });
}
