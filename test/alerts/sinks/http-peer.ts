import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Posted {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HttpPeer {
  url: string;
  posted: Posted[];
  /** Connections that are open now, and all that ever were. */
  open(): number;
  visits(): number;
  /** From now on nothing is answered. */
  hold(): void;
  /** From now on everything is refused, and all that was sent stands in the answer, its status line too. */
  refuse(): void;
  close(): Promise<void>;
}

/** A web server on 127.0.0.1 that takes whatever is posted. */
export async function openHttp(): Promise<HttpPeer> {
  const posted: Posted[] = [];
  let visits = 0;
  let open = 0;
  let answer: (request: Posted, response: ServerResponse) => void = (_, response) => response.end('{}');
  const server = createServer(
    (request, response) =>
      void take(request).then(
        (taken) => {
          posted.push(taken);
          answer(taken, response);
        },
        () => undefined,
      ),
  );
  server.on('connection', (socket) => {
    visits += 1;
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    open: () => open,
    visits: () => visits,
    hold: () => void (answer = () => undefined),
    refuse: () => {
      answer = ({ headers, body }, response) => {
        const { authorization = '' } = headers;
        response.writeHead(401, `not with ${authorization}`, { 'X-Said': authorization });
        response.end(JSON.stringify({ headers, body }));
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

async function take(request: IncomingMessage): Promise<Posted> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: Buffer.concat(chunks).toString() };
}
