import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerTo, readRequest, type Answer, type Request } from './answer.ts';

interface Self {
  address: string;
  /** Written as it stands into every answer; empty for a host that names nobody. */
  userAgent: string;
}

const naming = ({ userAgent }: Self): string[] => (userAgent === '' ? [] : [`User-Agent: ${userAgent}`]);

/** Hears datagrams on a port. */
function onUdp(port: number, hear: (bytes: Buffer, from: RemoteInfo, socket: UdpSocket) => void): UdpSocket {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, from) => hear(bytes, from, socket)).bind(port);
  return socket;
}

/** Answers every OPTIONS on a port by datagrams of its own making. */
function answerByUdp(port: number, answers: (request: Request) => Buffer[]): void {
  onUdp(port, (bytes, from, socket) => {
    const request = readRequest(bytes);
    if (request === null) return;
    for (const answer of answers(request)) socket.send(answer, from.port, from.address);
  });
}

const plain = (self: Self, request: Request, options: Answer = {}): Buffer =>
  answerTo(request, { ...options, add: [...naming(self), ...(options.add ?? [])] });

/** Hands over what came on each connection to a port; what goes wrong with a connection is the other side's affair. */
function onTcp(
  port: number,
  hear: (bytes: Buffer, socket: Socket) => void,
  greet?: (socket: Socket) => void,
): void {
  createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined).on('data', (bytes) => hear(bytes, socket));
    greet?.(socket);
  }).listen(port);
}

/** Who answers over TCP in an odd manner answers over UDP as well as anybody. */
function answerByTcp(self: Self, write: (answer: Buffer, socket: Socket) => void | Promise<void>): void {
  answerByUdp(5060, (request) => [plain(self, request)]);
  onTcp(5060, (bytes, socket) => {
    const request = readRequest(bytes);
    if (request !== null) void write(plain(self, request), socket);
  });
}

/** An excluded host of the site, and a place outside the scope: nothing may be sent there, whatever a message says. */
const TRAPS = ['10.77.0.35', '10.78.0.9'] as const;

const answering =
  (options: Answer, ports: readonly number[] = [5060]) =>
  (self: Self): void =>
    ports.forEach((port) => answerByUdp(port, (request) => [plain(self, request, options)]));

export const BEHAVIOURS = {
  answers: answering({}),
  'two ports': answering({}, [5060, 5062]),

  /** Phones behind a helper of their own firewall do so. */
  'other port': (self: Self): void => {
    const other = createSocket('udp4').bind(5090);
    onUdp(5060, (bytes, from) => {
      const request = readRequest(bytes);
      if (request !== null) other.send(plain(self, request), from.port, from.address);
    });
  },

  'damaged via': answering({
    change: (line) => line.replace(/^Via:.*/i, 'Via: SIP/2.0/UDP 0.0.0.0;branch=z9hG4bK0'),
  }),

  'trying first': (self: Self): void =>
    void onUdp(5060, (bytes, from, socket) => {
      const request = readRequest(bytes);
      if (request === null) return;
      socket.send(answerTo(request, { status: '100 Trying' }), from.port, from.address);
      setTimeout(() => socket.send(plain(self, request), from.port, from.address), 300);
    }),

  'fifty times': (self: Self): void =>
    answerByUdp(5060, (request) => Array.from({ length: 50 }, () => plain(self, request))),

  /** CVE-2020-12695 and poisoned sources: whatever it names, it is what sent the datagram. */
  'names others': answering({
    add: [
      ...TRAPS.map((trap) => `Contact: <sip:phone@${trap}:5060>`),
      ...TRAPS.map((trap) => `Alert-Info: <http://${trap}/ring.wav>`),
      `Warning: 399 ${TRAPS[1]} "elsewhere"`,
    ],
    change: (line) => line.replace(/^(Via:.*)/i, `$1;received=${TRAPS[1]}`),
  }),

  /** What a fragile device does not have to suffer: its other ports are open, too. */
  'door station': (self: Self): void => answerByTcp(self, (answer, socket) => void socket.write(answer)),

  'byte by byte': (self: Self): void =>
    answerByTcp(self, async (answer, socket) => {
      for (const byte of answer) {
        socket.write(Buffer.of(byte));
        await sleep(1);
      }
    }),
  'both in one segment': (self: Self): void =>
    answerByTcp(self, (answer, socket) => void socket.write(Buffer.concat([answer, answer]))),
  /** RFC 5626 3.5.1. */
  'keep-alive first': (self: Self): void =>
    answerByTcp(
      self,
      (answer, socket) => void socket.write(Buffer.concat([Buffer.from('\r\n\r\n'), answer])),
    ),

  /** It speaks no SIP of its own. */
  echo: (): void => void onUdp(5060, (bytes, from, socket) => socket.send(bytes, from.port, from.address)),
  silent: (): void => void onUdp(5060, () => undefined),
  /** An answer, but to somebody else. */
  stray: answering({
    change: (line) =>
      line.replace(/^(Call-ID|Via):.*/i, (_, name: string) =>
        name === 'Via' ? 'Via: SIP/2.0/UDP 10.77.0.9:5060;branch=z9hG4bKother' : 'Call-ID: other@10.77.0.9',
      ),
  }),
  web: (): void =>
    void createHttpServer((_, response) => response.end('<html>not a phone</html>'))
      .on('clientError', (_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\nServer: web/1\r\n\r\n'))
      .listen(5060),
  /** It would send whoever asks for its page elsewhere. */
  'web page': (self: Self): void => {
    answerByUdp(5060, (request) => [plain(self, request)]);
    const elsewhere = { Location: `http://${TRAPS[1]}/index.htm` };
    createHttpServer((_, response) => response.writeHead(302, elsewhere).end()).listen(80);
  },
  'endless header': (): void =>
    onTcp(5060, (bytes, socket) => {
      if (readRequest(bytes) === null) return;
      socket.write('SIP/2.0 200 OK\r\n');
      const more = setInterval(() => socket.write(`X-Filler: ${'x'.repeat(1000)}\r\n`), 5);
      socket.once('close', () => clearInterval(more));
    }),
  /** Something else took the port of SIP over TLS. */
  'no tls': (): void =>
    onTcp(
      5061,
      () => undefined,
      (socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
    ),

  /** A W52P that boots again and again: it looks for its provisioning server from 5059, and takes SIP on 5060. */
  pnp: (self: Self): void => {
    answerByUdp(5060, (request) => [plain(self, request)]);
    const heard = createSocket('udp4').on('message', (bytes) => {
      process.stdout.write(`${bytes.toString('latin1').split('\r\n')[0] ?? ''}\n`);
    });
    heard.bind(5059, () => {
      heard.setMulticastInterface(self.address);
      let call = 0;
      setInterval(() => heard.send(subscribe(self, (call += 1)), 5060, '224.0.1.75'), 2000);
    });
  },

  'media server': ({ address }: Self): void => {
    const answers = withAddress('minidlna-1.3.0_msearch-all-answers.txt', address)
      .replaceAll(/\r?\n/g, '\r\n')
      .split('\r\n\r\n\r\n');
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.on('message', (bytes, from) => {
      if (!bytes.toString('latin1').startsWith('M-SEARCH')) return;
      for (const answer of answers)
        if (answer !== '') socket.send(`${answer}\r\n\r\n`, from.port, from.address);
    });
    socket.bind(1900, () => socket.addMembership('239.255.255.250', address));
    const description = withAddress('minidlna-1.3.0_description.xml', address);
    createHttpServer((request, response) => {
      process.stdout.write(`${request.method ?? ''} ${request.url ?? ''}\n`);
      response.setHeader('Content-Type', 'text/xml').end(description);
    }).listen(8200);
  },
} as const;

export type Behaviour = keyof typeof BEHAVIOURS;

/** The form of test/captures/sip/pnp-form-yealink_subscribe_udp.txt. */
const subscribe = ({ address, userAgent }: Self, call: number): string =>
  [
    'SUBSCRIBE sip:MAC001565f4f941@224.0.1.75 SIP/2.0',
    `Via: SIP/2.0/UDP ${address}:5059;branch=z9hG4bK${call}`,
    `From: <sip:MAC001565f4f941@224.0.1.75>;tag=${call}`,
    'To: <sip:MAC001565f4f941@224.0.1.75>',
    `Call-ID: ${call}@${address}`,
    'CSeq: 1 SUBSCRIBE',
    `Contact: <sip:MAC001565f4f941@${address}:5059>`,
    'Max-Forwards: 70',
    `User-Agent: ${userAgent}`,
    'Expires: 0',
    'Event: ua-profile;profile-type="device";vendor="yealink";model="W52P";version="25.81.0.10"',
    'Accept: application/url',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

const withAddress = (file: string, address: string): string =>
  readFileSync(new URL(`../captures/ssdp/${file}`, import.meta.url), 'utf8').replaceAll(
    '10.66.0.54',
    address,
  );
