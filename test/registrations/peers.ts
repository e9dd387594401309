import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Conversation } from '../../src/platform/ports.ts';

/** A stream of prepared pieces; what is sent on it is kept. After the last piece the other side has hung up. */
export function streamOf(
  pieces: readonly (string | Uint8Array)[],
): Conversation & { readonly sent: string[] } {
  const left = pieces.map((piece) => Buffer.from(piece));
  const sent: string[] = [];
  return {
    sent,
    send: (text) => void sent.push(text),
    close: () => undefined,
    receive: () => {
      const value = left.shift();
      return Promise.resolve(
        value === undefined
          ? { ok: false, fault: { kind: 'closed', detail: 'end' } }
          : { ok: true, value: new Uint8Array(value) },
      );
    },
  };
}

/** Bytes in pieces of `size`. */
export const cutInto = (text: string, size: number): Uint8Array[] => {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
};

export interface Peer {
  port: number;
  /** Every line or command that came in, in order. */
  heard: string[];
  /** Whether anybody has ever connected. */
  connected(): boolean;
  close(): void;
}

/** Listens on a loopback port of its own. */
export async function listen(serve: (socket: Socket, heard: string[]) => void): Promise<Peer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket, heard);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    heard,
    connected: () => sockets.size > 0,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Calls `hear` with each piece that ends with `end`. */
export function onPieces(socket: Socket, end: string, hear: (piece: string) => void): void {
  let rest = '';
  socket.on('data', (bytes) => {
    const pieces = (rest + bytes.toString()).split(end);
    rest = pieces.pop() ?? '';
    for (const piece of pieces) hear(piece);
  });
}

const packet = (fields: Record<string, string>): string =>
  `${Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\r\n')}\r\n\r\n`;

export interface AmiSite {
  /** What each action is answered with, besides the login: packets without ActionID. */
  answers: Record<string, Record<string, string>[]>;
}

/** Speaks AMI as the facts have it: greeting, challenge, login, lists of events, each with the ActionID of its question. */
export const asteriskOf = (site: AmiSite, user = 'sipcensus', secret = 'geheim'): Promise<Peer> =>
  listen((socket, heard) => {
    socket.write('Asterisk Call Manager/7.0.3\r\n');
    onPieces(socket, '\r\n\r\n', (text) => {
      const fields = Object.fromEntries(
        text.split('\r\n').map((line) => line.split(': ', 2) as [string, string]),
      );
      heard.push(text);
      const id = { ActionID: fields['ActionID'] ?? '' };
      // What belongs to the question of another manager must not be taken for the answer.
      socket.write(packet({ Response: 'Error', Message: 'Not yours', ActionID: 'another-1' }));
      const answer = (...packets: Record<string, string>[]): void =>
        packets.forEach((one) => void socket.write(packet({ ...one, ...id })));
      const action: string = fields['Action'] ?? '';
      switch (action) {
        case 'Challenge':
          return answer({ Response: 'Success', Challenge: '840415273' });
        case 'Login': {
          const key = createHash('md5').update(`840415273${secret}`).digest('hex');
          if (fields['Key'] !== key || fields['Username'] !== user)
            return answer({ Response: 'Error', Message: 'Authentication failed' });
          answer({ Response: 'Success', Message: 'Authentication accepted' });
          // An event of nobody's question, as every manager gets one when the PBX is up.
          return void socket.write(packet({ Event: 'FullyBooted', Status: 'Fully Booted' }));
        }
        case 'Logoff':
          return void socket.end(packet({ Response: 'Goodbye', Message: 'Thanks for all the fish.', ...id }));
        default: {
          const key = [action, fields['Peer']].filter((word) => word !== undefined).join(' ');
          return answer(
            ...(site.answers[key] ?? [
              {
                Response: 'Error',
                Message: `Invalid/unknown command: ${action}. Use Action: ListCommands to show available commands.`,
              },
            ]),
          );
        }
      }
    });
  });

export const LIST_START = { Response: 'Success', EventList: 'start', Message: 'A listing follows' };

/** A ContactList event with every field of the facts. */
export const contact = (change: Record<string, string> = {}): Record<string, string> => ({
  Event: 'ContactList',
  ObjectType: 'contact',
  ObjectName: '1001;@5f4dcc3b5aa765d61d8327deb882cf99',
  ViaAddr: '192.168.99.50',
  ViaPort: '5060',
  QualifyTimeout: '3.000000',
  CallId: '1-2@192.168.99.50',
  RegServer: '',
  PruneOnBoot: 'no',
  Path: '',
  Endpoint: '1001',
  AuthenticateQualify: 'no',
  Uri: 'sip:1001@127.94.0.10:5062;transport=udp;x-ast-orig-host=192.168.99.50:5060',
  QualifyFrequency: '60',
  UserAgent: 'Yealink SIP-T46S 66.84.0.15',
  ExpirationTime: '1795553762',
  OutboundProxy: '',
  Status: 'Reachable',
  RoundtripUsec: '12034',
  ...change,
});

export const contactList = (...contacts: Record<string, string>[]): Record<string, string>[] => [
  LIST_START,
  ...contacts,
  { Event: 'ContactListComplete', EventList: 'Complete', ListItems: String(contacts.length) },
];

/** Speaks the event socket as the facts have it. `answers` are bodies by command without `api `. */
export const freeswitchOf = (
  answers: Record<string, string>,
  options: { secret?: string; greeting?: string } = {},
): Promise<Peer> =>
  listen((socket, heard) => {
    socket.write(options.greeting ?? 'Content-Type: auth/request\n\n');
    onPieces(socket, '\n\n', (command) => {
      heard.push(command);
      if (command.startsWith('auth '))
        return void socket.write(
          `Content-Type: command/reply\nReply-Text: ${command === `auth ${options.secret ?? 'geheim'}` ? '+OK accepted' : '-ERR invalid'}\n\n`,
        );
      if (command === 'exit') return void socket.end('Content-Type: command/reply\nReply-Text: +OK bye\n\n');
      const body = answers[command.replace(/^api /, '')] ?? '-ERR no reply\n';
      socket.write(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`);
    });
  });

export const PROFILES = `<?xml version="1.0" encoding="ISO-8859-1"?>
<profiles>
<profile>
<name>internal</name>
<type>profile</type>
<data>sip:mod_sofia@192.0.2.1:5060</data>
<state>RUNNING (2)</state>
</profile>
<alias>
<name>192.0.2.1</name>
<type>alias</type>
<data>internal</data>
<state>ALIASED</state>
</alias>
<profile>
<name>external</name>
<type>profile</type>
<data>sip:mod_sofia@192.0.2.1:5080</data>
<state>RUNNING (0)</state>
</profile>
</profiles>
`;

/** One registration with every element of the facts. */
export const registration = (change: Record<string, string> = {}): string =>
  `    <registration>\n${Object.entries({
    'call-id': '1-2@192.168.99.50',
    user: '1000@example.com',
    contact:
      '&quot;user&quot; &lt;sip:1000@192.168.99.50:5060;transport=udp;fs_nat=yes;fs_path=sip%3A1000%40127.94.0.20%3A5066&gt;',
    agent: 'snom370/8.7.5.48',
    status: 'Registered(UDP-NAT)(unknown) EXP(2026-01-01 10:00:00) EXPSECS(3500)',
    'ping-status': 'Reachable',
    'ping-time': '0.00',
    host: 'pbx1',
    'network-ip': '127.94.0.20',
    'network-port': '5066',
    'sip-auth-user': '1000',
    'sip-auth-realm': 'example.com',
    'mwi-account': '1000@example.com',
    ...change,
  })
    .map(([name, value]) => `        <${name}>${value}</${name}>`)
    .join('\n')}\n    </registration>\n`;

export const registrationsXml = (...registrations: string[]): string =>
  `<?xml version="1.0" encoding="ISO-8859-1"?>\n<profile>\n<registrations>\n${registrations.join('')}</registrations>\n</profile>\n`;
