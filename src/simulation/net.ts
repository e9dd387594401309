import type { Datagram } from '../platform/ports.ts';

/** A socket of a simulated phone, bound to the phone's own loopback address. */
export interface SiteSocket {
  send(bytes: Uint8Array, address: string, port: number): void;
  /** What it sends to a multicast group leaves by the interface that holds this address. */
  sendMulticastFrom(interfaceAddress: string): void;
  onDatagram(handler: (datagram: Datagram) => void): void;
  close(): Promise<void>;
}

/** All that the simulated site needs of a network. */
export interface SiteNet {
  /** Throws AppError PORT_TAKEN, NO_PERMISSION or NETWORK. */
  openUdp(local: { address: string; port: number }): Promise<SiteSocket>;
}
