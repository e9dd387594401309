import { createServer as createHttp, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';

/** A request that came in whole. */
export interface Heard {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server on a loopback port of its own that keeps what it hears. */
export interface WebTrap {
  port: number;
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  heard: Heard[];
  connections: number;
  /** Connections that the client has not ended yet. */
  open: number;
  /** Bytes that it has written on connections that are closed. */
  sent: number;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, heard: Heard) => void;
interface Place {
  address?: string;
  port?: number;
  tls?: { key: string | Buffer; cert: string | Buffer };
}

/** Answers each request, once its body is there, as `answer` says. */
export function httpTrap(answer: Answer, { tls, ...place }: Place = {}): Promise<WebTrap> {
  const heard: Heard[] = [];
  const server = tls === undefined ? createHttp() : createHttps(tls);
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      heard.push(one);
      answer(response, one);
    });
  });
  return listen(server, heard, { ...place, scheme: tls === undefined ? 'http' : 'https' });
}

/** Answers any connection with these bytes, once it has said something. */
export const rawTrap = (
  bytes: string,
  then: (socket: Socket) => void = (socket) => socket.end(),
): Promise<WebTrap> =>
  listen(
    createTcp((socket) => {
      socket.once('data', () => {
        socket.write(bytes);
        then(socket);
      });
    }),
  );

/** Takes connections and what is said on them, and says nothing. */
export const silentTrap = (onConnection: () => void = () => undefined): Promise<WebTrap> =>
  listen(
    createTcp((socket) => {
      socket.resume();
      onConnection();
    }),
  );

async function listen(
  server: Server,
  heard: Heard[] = [],
  { address = '127.0.0.1', port = 0, scheme = 'http' }: Place & { scheme?: string } = {},
): Promise<WebTrap> {
  const sockets = new Set<Socket>();
  const trap: WebTrap = { port, origin: '', heard, connections: 0, open: 0, sent: 0, close };
  server.on('connection', (socket: Socket) => {
    trap.connections += 1;
    trap.open += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      trap.open -= 1;
      trap.sent += socket.bytesWritten;
    });
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  trap.port = (server.address() as AddressInfo).port;
  trap.origin = `${scheme}://${address.includes(':') ? `[${address}]` : address}:${trap.port}`;
  return trap;

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
}
