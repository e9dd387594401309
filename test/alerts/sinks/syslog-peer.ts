import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Static } from 'typebox';
import Value from 'typebox/value';
import { config } from '../../../src/alerts/sinks/syslog/config.ts';
import { parseSyslog, unframe, type ParsedSyslog } from './syslog-parser.ts';

export interface SyslogPeer {
  port: number;
  /** What has arrived, octet by octet; a stream is taken apart when its sender has ended it. */
  octets: () => Uint8Array[];
  records: () => ParsedSyslog[];
  /** Connections that are open now, and all that ever were; of UDP, datagrams. */
  open: () => number;
  visits: () => number;
  /** From now on nothing is kept, and over TCP the end of a connection is not answered for half a second. */
  hold: () => void;
  /** From now on connections are broken off; of UDP, nothing can be refused. */
  refuse?: () => void;
  close: () => Promise<void>;
}

export type SyslogSettings = Static<typeof config>;
export type Transport = SyslogSettings['transport'];

/** Settings with the defaults that a configuration has. */
export const syslogSettings = (change: Partial<SyslogSettings> = {}): SyslogSettings => ({
  ...(Value.Default(config, { host: '127.0.0.1' }) as SyslogSettings),
  ...change,
});

/** A syslog server of the test's own, on 127.0.0.1. */
export const openSyslog = (transport: Transport, tls: TlsOptions = {}): Promise<SyslogPeer> =>
  transport === 'udp'
    ? openUdp()
    : openStream(
        transport === 'tls' ? createTlsServer(tls) : createServer({ allowHalfOpen: true }),
        transport === 'tls' ? 'secureConnection' : 'connection',
      );

async function openUdp(): Promise<SyslogPeer> {
  const datagrams: Uint8Array[] = [];
  const socket = createSocket('udp4').on('message', (datagram) => datagrams.push(datagram));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    octets: () => datagrams,
    records: () => datagrams.map(parseSyslog),
    open: () => 0,
    visits: () => datagrams.length,
    hold: () => undefined,
    close: () => new Promise<void>((resolve) => void socket.close(resolve)),
  };
}

async function openStream(server: Server, event: 'connection' | 'secureConnection'): Promise<SyslogPeer> {
  const ended: Uint8Array[] = [];
  const open = new Set<Socket>();
  let visits = 0;
  let isHeld = false;
  let isRefusing = false;
  // A client that does not believe us breaks the handshake off.
  server.on('tlsClientError', (_: Error, socket: Socket) => socket.destroy());
  server.on('connection', (socket: Socket) => {
    visits += 1;
    open.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)));
  });
  server.on(event, (socket: Socket) => {
    if (isRefusing) return socket.destroy();
    if (isHeld)
      return socket
        .on('error', () => undefined)
        .resume()
        .on('end', () => setTimeout(() => socket.destroy(), 500));
    const chunks: Uint8Array[] = [];
    socket.on('error', () => undefined).on('data', (chunk: Uint8Array) => chunks.push(chunk));
    return socket.on('end', () => {
      ended.push(...unframe(Buffer.concat(chunks)));
      socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    octets: () => ended,
    records: () => ended.map(parseSyslog),
    open: () => open.size,
    visits: () => visits,
    hold: () => void (isHeld = true),
    refuse: () => void (isRefusing = true),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
