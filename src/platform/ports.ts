import type { Endpoint } from '../model/endpoint.ts';
import type { Outcome } from '../model/outcome.ts';

/** The clock every room but this one asks; tests hand in one that they move themselves. Milliseconds. */
export interface Clock {
  /** Wall clock: milliseconds since the epoch, UTC. */
  now(): number;
  /** A clock that never jumps, for intervals. */
  monotonic(): number;
  /** Resolves when the program has had a look at whatever has arrived meanwhile; takes no time of its own. */
  turn(): Promise<void>;
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
  /** Whether the system still reads from the bytes of a datagram that was sent: they must not be changed then. */
  readonly holdsBytes: boolean;
}

/** Where a connection goes to. */
export interface StreamEndpoint extends Endpoint {
  transport: 'tcp' | 'tls';
}

/** Why there is no connection, closed. */
export type ConnectFault =
  | 'unreachable' // refused, no host, or nothing in time
  | 'no-tls' // connected, but what is there does not speak TLS, or no version and cipher that we do
  | 'failed'; // this machine could not: no route, no permission, no descriptors left

/** What a TLS listener shows of itself. Nobody has verified it. */
export interface Certificate {
  /** Distinguished name as RFC 4514 writes it, common name first: `CN=001565aabbcc,O=Acme`. */
  subject: string;
  issuer: string;
  /** Subject alternative names such as `DNS:phone.example, IP Address:192.0.2.7`; '' for none. */
  altNames: string;
}

/** A connection to one endpoint, for one message and what comes back. */
export interface ProbeConnection {
  readonly localAddress: string;
  readonly localPort: number;
  /** Null over TCP. */
  readonly certificate: Certificate | null;
  /** Sends the one message that the connection was opened for; anything more is refused. */
  send(bytes: Uint8Array): SendRefusal | null;
  /** Hands over bytes in the pieces they come in; null when no more will come. */
  onBytes(handler: (bytes: Uint8Array | null) => void): void;
  /** Ends it by FIN, when the host may be sent to again, and waits a little for the other side's. Nothing is left of it then. */
  close(): Promise<void>;
}

/**
 * An address of this link that was sent to: the system is still asking who has it (`resolving`, and keeps for it what it is handed), or nobody
 * has (`silent`). Any other address is `open`.
 */
export type LinkState = 'open' | 'resolving' | 'silent';

/** What the system tells of resolving the addresses of a link (ARP). */
export interface LinkSystem {
  /** The addresses behind which somebody has answered; null where the system does not tell. */
  resolved(): Pick<ReadonlySet<string>, 'has'> | null;
  /** The MAC addresses behind which addresses, 12 lower-case hex digits; null where the system does not tell. */
  macs(): ReadonlyMap<string, string> | null;
  /** Has the system resolve these addresses by ARP, and send nothing else to them; false where it refuses to. */
  request(addresses: readonly string[]): Promise<boolean>;
  /** How many more addresses the system can resolve or know at once. */
  room(): number;
  /** How many datagrams it has accepted and dropped before they left. */
  droppedCount(): number;
}

/** Where the packets of a channel go through: the only network an active channel ever sees. */
export interface ScopedNet {
  /** The local address from which the system would reach `address`; no packet is sent to find out. */
  localAddressFor(address: string): Promise<string>;
  openProbeSocket(localAddress: string): Promise<ProbeSocket>;
  /**
   * Connects, TLS handshake included, or says why not; one connection at a time to a host. It takes one turn of the pace, like a
   * datagram. Never throws.
   */
  connect(
    to: StreamEndpoint,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Outcome<ProbeConnection, SendRefusal | ConnectFault>>;
  /** Waits for the pace: resolves to how many datagrams (at least one) may be sent now. */
  takeTurn(most: number, signal: AbortSignal): Promise<number>;
  /**
   * Milliseconds until this host may be sent to; 0 when it may be now, null when it may not in this sweep: out of scope, excluded, or
   * left alone for longer than a sweep waits.
   */
  waitFor(address: string): number | null;
  /** This host is not to be sent to for so long, whatever asks for it; it said so itself (Retry-After), or fell silent. */
  leaveAlone(address: string, ms: number): void;
  /** Whether this place is not to be asked after all: the host has turned out to be a fragile one. */
  spares(to: Endpoint): boolean;
  /** Whether anybody is known to be behind an address that was sent to. */
  linkState(address: string): LinkState;
  /** How many datagrams of this machine the system has dropped before they left, since it was started. */
  droppedCount(): number;
}

/** What a web server answered to `GET /`, head and body as they came, cut at a bound; no bytes where it said nothing in time. */
export interface Page {
  bytes: Uint8Array;
  /** Null over plain HTTP. */
  certificate: Certificate | null;
}

/** The network of a channel that asks for web pages: it can get the root page of a host in the scope, and send nothing else. */
export interface PageNet extends Pick<ScopedNet, 'takeTurn' | 'waitFor'> {
  /**
   * One `GET /`, over TCP or TLS, bounded in bytes and time, no redirect followed; one connection at a time to a host, closed by FIN
   * when this resolves. It takes one turn of the pace. Never throws.
   */
  getPage(to: StreamEndpoint, signal: AbortSignal): Promise<Outcome<Page, SendRefusal | ConnectFault>>;
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

/** Why a document was not got, closed. */
export type FetchFault =
  | 'refused' // a place that may not be asked; nothing was sent
  | 'unreachable'
  | 'timeout'
  | 'aborted'
  | 'redirect' // any 3xx: it is not followed
  | 'bad-status' // neither 200 nor 3xx
  | 'too-large'
  | 'broken'; // no HTTP, or it ended too early

/** A group's net that also gets the description which a member of the group says it has. */
export interface DescribingNet extends GroupNet {
  /**
   * One GET of `location`, which a datagram from `source` named; bounded in bytes and time, and refused for every place but that very
   * address. Never throws.
   */
  fetchDescription(
    location: string,
    source: string,
    signal: AbortSignal,
  ): Promise<Outcome<Uint8Array, FetchFault>>;
}

/** Who is behind an address of this link, as the system's own table says. `mac` is 12 lower-case hex digits. */
export interface Neighbour {
  address: string;
  mac: string;
  interface: string;
  /** Whether it was heard from within the last half minute or so; false where the system does not say. */
  isFresh: boolean;
}

/** What a passive channel sees of the network: groups it can join, ports it can hear broadcasts on, and no way to send. */
export interface ListeningNet {
  /** Joins a multicast group on every named interface, bound to the group address itself and never to the wildcard. */
  joinGroup(group: string, port: number, interfaceNames: readonly string[]): Promise<ListeningSocket>;
  /** Hears what is broadcast to a port, on every interface; the port is not shared with another program. */
  openBroadcast(port: number): Promise<ListeningSocket>;
  /** Whether an address is inside the scope. */
  isInScope(address: string): boolean;
  /** The neighbours that the system knows; nothing is sent to ask for more. */
  neighbours(): Promise<readonly Neighbour[]>;
}

/** Why a conversation with a server that a person named could not begin, or ended; `detail` is for people. */
export interface ConversationFault {
  kind: 'unreachable' | 'silent' | 'closed' | 'too-long' | 'interrupted';
  detail: string;
}

/** A connection to one server that a person named, such as the management port of a PBX. No channel is handed one. */
export interface Conversation {
  send(text: string): void;
  /** The next bytes, however they were cut on their way. */
  receive(): Promise<Outcome<Uint8Array, ConversationFault>>;
  close(): void;
}

/** Asks one HTTP server that a person named one question; resolves to status and body. */
export type Post = (
  body: string,
) => Promise<Outcome<{ status: number; body: Uint8Array }, ConversationFault>>;
