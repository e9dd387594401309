import type { SystemNet } from '../../src/engine/scoped-net.ts';
import type { Datagram, ListeningSocket, Neighbour } from '../../src/platform/ports.ts';
import { failure } from '../../src/model/outcome.ts';
import type { SimulatedClock } from './clock.ts';

/** What a simulated host does with a datagram: the datagrams that it sends back, from wherever it likes. */
export type Host = (datagram: Datagram) => { bytes: Uint8Array; from?: { address: string; port: number } }[];

export interface SentDatagram {
  at: number;
  bytes: Uint8Array;
  to: { address: string; port: number };
}

/** A LAN without a real port: hosts by `address:port`, everything that was sent, and how many sockets are open. */
export interface SimulatedNet extends SystemNet {
  readonly sent: readonly SentDatagram[];
  readonly openSockets: number;
  /** The system's neighbour table; tests fill it. */
  readonly neighbours: Neighbour[];
  /** Delivers a datagram to every listener, as multicast and broadcast do. */
  multicast(datagram: Datagram): void;
}

export function createSimulatedNet(
  clock: SimulatedClock,
  hosts: ReadonlyMap<string, Host> = new Map(),
  delayMs = 5,
  openStream: SystemNet['openStream'] = () => Promise.resolve(failure('unreachable')),
): SimulatedNet {
  const sent: SentDatagram[] = [];
  const listeners = new Set<(datagram: Datagram) => void>();
  const neighbours: Neighbour[] = [];
  let open = 0;
  const closing = (closed: () => void) => () => {
    open -= 1;
    closed();
    return Promise.resolve();
  };
  const listen = (localAddress: string, localPort: number): Promise<ListeningSocket> => {
    open += 1;
    let mine: ((datagram: Datagram) => void) | null = null;
    return Promise.resolve({
      localAddress,
      localPort,
      onDatagram: (handler) => {
        mine = handler;
        listeners.add(handler);
      },
      close: closing(() => mine !== null && listeners.delete(mine)),
    });
  };
  return {
    sent,
    get openSockets() {
      return open;
    },
    neighbours,
    link: {
      resolved: () => null,
      macs: () => null,
      request: () => Promise.resolve(true),
      room: () => 1024,
      droppedCount: () => 0,
    },
    readNeighbours: () => Promise.resolve([...neighbours]),
    httpGet: () => Promise.resolve(failure('unreachable' as const)),
    multicast: (datagram) => listeners.forEach((listener) => listener(datagram)),
    localAddressFor: () => Promise.resolve('10.0.0.200'),
    openStream,
    openUdp: ({ address, port }) => {
      open += 1;
      let hear: (datagram: Datagram) => void = () => undefined;
      return Promise.resolve({
        localAddress: address,
        localPort: port === 0 ? 40_000 : port,
        onDatagram: (handler) => (hear = handler),
        sendMulticastFrom: () => undefined,
        holdsBytes: false,
        send(bytes, to, toPort, left) {
          sent.push({ at: clock.monotonic(), bytes, to: { address: to, port: toPort } });
          left?.(null);
          const answers = hosts.get(`${to}:${toPort}`)?.({ bytes, address, port }) ?? [];
          for (const answer of answers)
            void clock.sleep(delayMs).then(() =>
              hear({
                bytes: answer.bytes,
                address: answer.from?.address ?? to,
                port: answer.from?.port ?? toPort,
              }),
            );
        },
        close: closing(() => (hear = () => undefined)),
      });
    },
    joinGroup: (group, port) => listen(group, port),
    openBroadcast: (port) => listen('0.0.0.0', port),
  };
}
