import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { selfSigned } from '../platform/certificates.ts';
import { CERTIFICATE, KEY } from '../platform/self-signed.ts';

export const USER = 'sipcensus';
export const PASSWORD = 'correct horse: "battery" \\ staple';

/** A certificate of 127.0.0.1 and a file that holds it, made by openssl. */
export function makeCertificate(altNames = 'IP:127.0.0.1') {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-mail-'));
  const caFile = join(folder, 'ca.pem');
  const { key, cert } = selfSigned('/CN=mail.example', { altNames });
  writeFileSync(caFile, cert);
  return { key, cert, caFile, remove: () => rmSync(folder, { recursive: true }) };
}
export type Certificate = ReturnType<typeof makeCertificate>;

export interface SmtpPeer {
  port: number;
  /** Every mail as it came, byte for byte. */
  mails: { raw: string; from: string; to: string[]; user: string | undefined; isSecure: boolean }[];
  /** Users that tried to log in. */
  logins: string[];
  visits(): number;
  open(): number;
  close(): Promise<void>;
}

/** A real mail server on a port of 127.0.0.1: it takes what `options` do not refuse. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
  const mails: SmtpPeer['mails'] = [];
  const logins: string[] = [];
  let visits = 0;
  const server: SMTPServer = new SMTPServer({
    closeTimeout: 200,
    key: KEY,
    cert: CERTIFICATE,
    authOptional: true,
    onConnect: (_, callback) => callback(),
    onAuth: ({ username, password }, _, callback) => {
      logins.push(username ?? '');
      if (username === USER && password === PASSWORD) callback(null, { user: username });
      else callback(new Error('no such user'));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          raw: Buffer.concat(chunks).toString('utf8'),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user as string | undefined,
          isSecure: session.secure,
        });
        callback();
      });
    },
    ...options,
  });
  // A client that trusts us not breaks off in the middle of the handshake.
  server.on('error', () => undefined);
  server.server.on('connection', () => void (visits += 1));
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    visits: () => visits,
    open: () => server.connections.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A server that says what a test tells it to, and writes down every line it gets. `null` is no answer. */
export async function startScript(
  greeting: string | null,
  answer: (line: string) => string | null = () => null,
) {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (greeting !== null) socket.write(`${greeting}\r\n`);
    socket.on('data', (chunk) => {
      for (const line of chunk
        .toString('utf8')
        .split('\r\n')
        .filter((text) => text !== '')) {
        lines.push(line);
        const reply = answer(line);
        if (reply !== null) socket.write(`${reply}\r\n`);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    open: () => sockets.size,
    say: (line: string) => sockets.forEach((socket) => socket.write(`${line}\r\n`)),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
