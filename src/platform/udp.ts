import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised';
import { AppError } from '../model/app-error.ts';
import { hostPort } from '../model/endpoint.ts';
import type { Datagram, ListeningSocket } from './ports.ts';

// Answers of a whole network arrive at once: with the system's default of 208 KiB some are lost before we read them.
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
// Probes to addresses without a host wait for ARP in the send buffer, 1.4 KiB each, and would hold up the rest.
const SEND_BUFFER_BYTES = 4 * 1024 * 1024;

/** A plain UDP socket: sends to whatever it is told. Only the scoped net and the simulated site hold one. */
export interface UdpSocket extends ListeningSocket {
  /** `left` gets null when the datagram has been handed to the system, or the errno code when it was refused. */
  send(bytes: Uint8Array, address: string, port: number, left?: (error: string | null) => void): void;
  /** Whether a datagram waits for room in the system's buffer: its bytes are read only then. */
  readonly holdsBytes: boolean;
  /** Multicast leaves by the interface that holds this address, and reaches listeners on this host too. */
  sendMulticastFrom(interfaceAddress: string): void;
}

/** Binds a UDP socket. Port 0 lets the system choose. Throws AppError PORT_TAKEN, NO_PERMISSION or NETWORK. */
export async function openUdp(local: { address: string; port: number; reuse?: boolean }): Promise<UdpSocket> {
  const isV6 = local.address.includes(':');
  // A literal address needs no resolver; Node would ask DNS's thread pool even so.
  const lookup = (
    host: string,
    _: unknown,
    found: (error: null, address: string, family: number) => void,
  ): void => found(null, host, isV6 ? 6 : 4);
  const promised = DgramAsPromised.createSocket({
    type: isV6 ? 'udp6' : 'udp4',
    reuseAddr: local.reuse ?? false,
    lookup,
  } as never);
  await bind(promised, local);
  const { socket } = promised;
  socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  socket.setSendBufferSize(SEND_BUFFER_BYTES);
  // ICMP errors surface here on some systems; a socket error is never a reason to stop hearing.
  socket.on('error', () => undefined);
  const bound = socket.address();
  return {
    localAddress: bound.address,
    localPort: bound.port,
    onDatagram: (handler) => {
      socket.on('message', (bytes: Buffer, from: RemoteInfo) => handler(toDatagram(bytes, from)));
    },
    send: (bytes, address, port, left) =>
      socket.send(bytes, port, address, (error) =>
        left?.(error === null ? null : ((error as NodeJS.ErrnoException).code ?? 'UNKNOWN')),
      ),
    get holdsBytes() {
      return socket.getSendQueueCount() > 0;
    },
    sendMulticastFrom(interfaceAddress) {
      socket.setMulticastInterface(interfaceAddress);
      socket.setMulticastTTL(1);
      socket.setMulticastLoopback(true);
    },
    close: () => promised.close().then(() => undefined),
  };
}

const toDatagram = (bytes: Uint8Array, from: RemoteInfo): Datagram => ({
  bytes,
  address: from.address.replace(/%.*$/, ''),
  port: from.port,
});

async function bind(promised: SocketAsPromised, local: { address: string; port: number }): Promise<void> {
  try {
    await promised.bind({ address: local.address, port: local.port });
  } catch (error) {
    throw bindError(error, local);
  }
}

function bindError(error: unknown, local: { address: string; port: number }): AppError {
  const place = `UDP ${hostPort(local.address, local.port)}`;
  switch ((error as NodeJS.ErrnoException).code ?? 'UNKNOWN') {
    case 'EADDRINUSE':
      return new AppError('PORT_TAKEN', `${place} is in use by another program.`, {
        hint: 'Stop that program or choose another address or port.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new AppError('NO_PERMISSION', `No permission to open ${place}.`, {
        hint: 'Ports below 1024 need the capability CAP_NET_BIND_SERVICE.',
        cause: error,
      });
    default:
      return new AppError('NETWORK', `${place} cannot be opened: ${(error as Error).message}.`, {
        hint: 'Is the address one of this machine? `ip address` shows them.',
        cause: error,
      });
  }
}

/**
 * Joins a multicast group on the interfaces that hold these addresses. The socket is bound to the group address: a bind of the
 * wildcard would take unicast SIP from a PBX on this host. It has no way to send.
 */
export async function joinGroup(
  group: string,
  port: number,
  interfaceAddresses: readonly string[],
): Promise<ListeningSocket> {
  const promised = DgramAsPromised.createSocket({ type: 'udp4', reuseAddr: true });
  await bind(promised, { address: group, port });
  const { socket } = promised;
  socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  socket.on('error', () => undefined);
  try {
    for (const address of interfaceAddresses) socket.addMembership(group, address);
  } catch (error) {
    await promised.close();
    throw new AppError(
      'NETWORK',
      `The multicast group ${group} cannot be joined: ${(error as Error).message}.`,
      {
        hint: 'Is the interface up, and does it support multicast? Containers without host networking do not.',
        cause: error,
      },
    );
  }
  return {
    localAddress: group,
    localPort: port,
    onDatagram: (handler) => {
      socket.on('message', (bytes: Buffer, from: RemoteInfo) => handler(toDatagram(bytes, from)));
    },
    close: () => promised.close().then(() => undefined),
  };
}

/**
 * The local address from which the system's routes would reach `address`. A connected UDP socket tells it without a packet.
 * Throws AppError NETWORK where there is no route.
 */
export async function localAddressFor(address: string): Promise<string> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.connect(9, address);
    await once(socket, 'connect');
    return socket.address().address.replace(/%.*$/, '');
  } catch (error) {
    throw new AppError('NETWORK', `There is no route to ${address}: ${(error as Error).message}.`, {
      hint: 'Check the network cable, the address and the default route.',
      cause: error,
    });
  } finally {
    socket.close();
  }
}
