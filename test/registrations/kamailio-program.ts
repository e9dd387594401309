import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MODULES = ['/usr/lib/x86_64-linux-gnu/kamailio/modules', '/usr/lib/aarch64-linux-gnu/kamailio/modules'];
const modules = MODULES.find((folder) => existsSync(folder));

/** Why the tests with a real Kamailio cannot run here; null where they can. */
export const noKamailio =
  existsSync('/usr/sbin/kamailio') && modules !== undefined ? null : 'Kamailio is not installed';

/** A registrar that keeps its table in memory and answers JSON-RPC on the port where it takes SIP. */
const configOf = (port: number): string => `#!KAMAILIO
debug=-1
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
dns=no
rev_dns=no
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
tcp_accept_no_cl=yes
mpath="${modules}/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
modparam("jsonrpcs", "transport", 1)
modparam("registrar", "received_avp", "$avp(RECEIVED)")
request_route {
  if (method != "REGISTER") { sl_send_reply("405", "Only REGISTER"); exit; }
  if (is_present_hf("X-Behind-Nat")) { $avp(RECEIVED) = "sip:" + $si + ":" + $sp; }
  save("location");
  exit;
}
event_route[xhttp:request] {
  if ($hu =~ "^/RPC") { jsonrpc_dispatch(); exit; }
  if ($hu =~ "^/forbidden") { xhttp_reply("403", "Forbidden", "text/plain", ""); exit; }
  xhttp_reply("404", "Not Found", "text/plain", "no such page");
}
`;

export interface Kamailio {
  url: string;
  register(phone: {
    address: string;
    user: string;
    contact: string;
    userAgent: string;
    behindNat?: boolean;
  }): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's Kamailio on a loopback port, in a folder of its own. */
export async function startKamailio(): Promise<Kamailio> {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-kamailio-'));
  const port = await freePort();
  const config = join(folder, 'kamailio.cfg');
  writeFileSync(config, configOf(port));
  const child = spawn(
    '/usr/sbin/kamailio',
    ['-DD', '-E', '-f', config, '-m', '16', '-M', '4', '-P', join(folder, 'pid'), '-Y', folder],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}/RPC`;
  for (let tries = 0; !(await isUp(url)); tries += 1) {
    if (child.exitCode !== null || tries > 100) throw new Error(`Kamailio does not start:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    register: (phone) => register(port, phone),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Free for TCP now; nothing else on the machine takes UDP ports of that range by chance. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const isUp = (url: string): Promise<boolean> =>
  fetch(url, { method: 'POST', body: '{"jsonrpc":"2.0","method":"core.version","id":1}' }).then(
    (answer) => answer.ok,
    () => false,
  );

async function register(
  port: number,
  { address, user, contact, userAgent, behindNat = false }: Parameters<Kamailio['register']>[0],
): Promise<void> {
  const socket = createSocket('udp4').bind(0, address);
  await once(socket, 'listening');
  const lines = [
    'REGISTER sip:pbx.example SIP/2.0',
    `Via: SIP/2.0/UDP ${address}:${socket.address().port};branch=z9hG4bK${user};rport`,
    'Max-Forwards: 70',
    `From: <sip:${user}@pbx.example>;tag=1`,
    `To: <sip:${user}@pbx.example>`,
    `Call-ID: ${user}@${address}`,
    'CSeq: 1 REGISTER',
    `Contact: ${contact}`,
    'Expires: 600',
    `User-Agent: ${userAgent}`,
    ...(behindNat ? ['X-Behind-Nat: yes'] : []),
    'Content-Length: 0',
  ];
  const answered = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1');
  const [answer] = await answered;
  socket.close();
  if (!answer.toString().startsWith('SIP/2.0 200')) throw new Error(answer.toString());
}
