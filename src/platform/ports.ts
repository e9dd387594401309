import type { Endpoint } from '../model/endpoint.ts';

/** The clock every room but this one asks; tests hand in one that they move themselves. Milliseconds. */
export interface Clock {
  /** Wall clock: milliseconds since the epoch, UTC. */
  now(): number;
  /** A clock that never jumps, for intervals. */
  monotonic(): number;
  /** Resolves after `ms`, at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Structured log: a stable event name and its values. No line per packet. */
export interface Log {
  info(event: string, values?: Record<string, unknown>): void;
  warn(event: string, values?: Record<string, unknown>): void;
  error(event: string, values?: Record<string, unknown>): void;
}

export interface Datagram {
  bytes: Uint8Array;
  address: string;
  port: number;
}

/** A socket that only hears. There is no way to send through it. */
export interface ListeningSocket {
  readonly localAddress: string;
  readonly localPort: number;
  onDatagram(handler: (datagram: Datagram) => void): void;
  close(): Promise<void>;
}

/** Why a datagram may not leave; nothing was sent. */
export type SendRefusal = 'out-of-scope' | 'rate-limited' | 'queue-full';

/** A socket that sends only what the scope and the pace allow. */
export interface ProbeSocket extends ListeningSocket {
  /**
   * Sends one datagram, or says why not. `left` is called when it has been handed to the network, or with the errno code
   * (`ENETUNREACH`, `EPERM`, …) when the system refused it.
   */
  send(bytes: Uint8Array, to: Endpoint, left?: (error: string | null) => void): SendRefusal | null;
}

/** Where the packets of a channel go through: the only network an active channel ever sees. */
export interface ScopedNet {
  /** The local address from which the system would reach `address`; no packet is sent to find out. */
  localAddressFor(address: string): Promise<string>;
  openProbeSocket(localAddress: string): Promise<ProbeSocket>;
  /** Waits for the pace: resolves to how many datagrams (at least one) may be sent now. */
  takeTurn(most: number, signal: AbortSignal): Promise<number>;
  /** Milliseconds until this host may be sent to again; 0 when it may be now, null when it never may (out of scope). */
  waitFor(address: string): number | null;
}

/** A socket of one interface that can ask one multicast group, and nobody else; answers come back to it. */
export interface GroupSocket extends ListeningSocket {
  /** Sends one datagram to the group, or says why not. */
  ask(bytes: Uint8Array): SendRefusal | null;
}

/** What a channel sees of the network that asks a multicast group of this LAN: it can join it, ask it, and send nowhere else. */
export interface GroupNet extends ListeningNet {
  /** Opens a socket on every named interface, each with a port of its own, from which only this group can be asked. */
  openGroupSockets(group: string, port: number, interfaceNames: readonly string[]): Promise<GroupSocket[]>;
}

/** What a passive channel sees of the network: groups it can join, and no way to send. */
export interface ListeningNet {
  /** Joins a multicast group on every named interface, bound to the group address itself and never to the wildcard. */
  joinGroup(group: string, port: number, interfaceNames: readonly string[]): Promise<ListeningSocket>;
  /** Whether an address is inside the scope. */
  isInScope(address: string): boolean;
}
