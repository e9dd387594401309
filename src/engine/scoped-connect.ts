import { failure, success, type Outcome } from '../model/outcome.ts';
import type { Clock, ConnectFault, ProbeConnection, ScopedNet, StreamEndpoint } from '../platform/ports.ts';
import type { StreamConnection } from '../platform/tcp.ts';
import type { Scope } from '../scope/scope.ts';
import type { LinkWindow } from './link-window.ts';
import type { HostPace, Pace } from './pace.ts';
import type { Sparing } from './sparing.ts';

/** The system's side, from platform/tcp. */
export interface StreamSystem {
  openStream(
    to: StreamEndpoint,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Outcome<StreamConnection, ConnectFault>>;
}

export interface ConnectParts {
  scope: Scope;
  pace: Pace;
  hosts: HostPace;
  link: LinkWindow;
  /** Who is found to be fragile on the way. */
  sparing?: Sparing;
  clock: Clock;
  system: StreamSystem;
  /** Most connections at once, over all hosts. */
  mostConnections: number;
}

/**
 * The way out for connections. Connecting, the one message, and the end each count as something sent to the host: the first waits for
 * its turn, the last for the host's gap, so that handshakes never make more than four packets in a second. A phone has few sockets
 * and needs them for its PBX: it gets one connection at a time.
 */
export function createConnect(parts: ConnectParts): ScopedNet['connect'] {
  const { scope, pace, hosts, link, system } = parts;
  const open = new Set<string>();
  return async (to, timeoutMs, signal) => {
    const { address } = to;
    if (!scope.includes(address) || parts.sparing?.spares(to) === true) return failure('out-of-scope');
    if (open.size >= parts.mostConnections) return failure('queue-full');
    if (open.has(address) || hosts.waitFor(address) > 0 || !pace.spend()) return failure('rate-limited');
    hosts.mark(address);
    link.mark(address);
    open.add(address);
    const opened = await system.openStream(to, timeoutMs, signal);
    // The last packets of the handshake have left just now.
    hosts.mark(address);
    if (opened.ok) return success(guard(opened.value, address, parts, () => open.delete(address)));
    open.delete(address);
    return opened;
  };
}

function guard(
  connection: StreamConnection,
  address: string,
  { hosts, clock }: ConnectParts,
  onClosed: () => void,
): ProbeConnection {
  let hasSent = false;
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    for (let ms = hosts.waitFor(address); ms > 0; ms = hosts.waitFor(address))
      await clock.sleep(Math.ceil(ms));
    hosts.mark(address);
    await connection.close();
    onClosed();
  };
  return {
    localAddress: connection.localAddress,
    localPort: connection.localPort,
    certificate: connection.certificate,
    onBytes: (handler) => connection.onBytes(handler),
    send(bytes) {
      if (hasSent) return 'rate-limited';
      hasSent = true;
      hosts.mark(address);
      connection.send(bytes);
      return null;
    },
    close: () => (closing ??= close()),
  };
}
