import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { SelfSigned } from '../platform/certificates.ts';

/** A real web server on loopback, and what came to it. */
export interface WebServer {
  address: string;
  port: number;
  /** What each connection said, and how the other side ended it. */
  connections: { asked: string; end: 'open' | 'FIN' | 'RST' }[];
}

/** How a server of the test answers; it writes bytes itself, so that they are those of a phone. */
export type Answer = (socket: Socket, asked: string) => void;

/** Answers with these bytes and closes. */
export const says =
  (bytes: string | Uint8Array): Answer =>
  (socket) =>
    void socket.end(bytes);

async function listen(
  server: Server,
  event: string,
  answer: Answer,
  at: { address: string; port?: number },
): Promise<WebServer> {
  const web: WebServer = { port: 0, ...at, connections: [] };
  const sockets = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    const connection: WebServer['connections'][number] = { asked: '', end: 'open' };
    web.connections.push(connection);
    sockets.add(socket);
    socket
      .on('data', (bytes) => {
        connection.asked += bytes.toString('latin1');
        // A ClientHello begins with a 22.
        if (connection.asked.endsWith('\r\n\r\n') || bytes[0] === 22) answer(socket, connection.asked);
      })
      .on('end', () => (connection.end = 'FIN'))
      .on('error', () => (connection.end = 'RST'));
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(web.port, web.address, resolve);
  });
  web.port = (server.address() as AddressInfo).port;
  return web;
}

/** Serves HTTP at an address of 127.0.0.0/8, on a free port where none is given, until the test ends. */
export const serve = (answer: Answer, address = '127.0.0.1', port = 0): Promise<WebServer> =>
  listen(createTcp({ allowHalfOpen: true }), 'connection', answer, { address, port });

export const serveTls = (
  { key, cert }: SelfSigned,
  answer: Answer,
  address = '127.0.0.1',
): Promise<WebServer> =>
  listen(createHttps({ key, cert }).removeAllListeners('secureConnection'), 'secureConnection', answer, {
    address,
  });
