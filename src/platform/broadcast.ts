import type { ListeningSocket } from './ports.ts';
import { openUdp } from './udp.ts';

/**
 * Hears what is sent to a UDP port of this host or broadcast on any of its networks. The port is not shared: a server that needs it
 * would else lose datagrams to us. It has no way to send. Throws AppError PORT_TAKEN, NO_PERMISSION or NETWORK.
 */
export async function openBroadcast(port: number): Promise<ListeningSocket> {
  const socket = await openUdp({ address: '0.0.0.0', port });
  return {
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    onDatagram: (handler) => socket.onDatagram(handler),
    close: () => socket.close(),
  };
}
