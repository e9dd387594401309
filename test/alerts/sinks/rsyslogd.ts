import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

const PROGRAM = '/usr/sbin/rsyslogd';

/** Why the tests with a real rsyslogd cannot run here; null where they can. */
export const noRsyslog = existsSync(PROGRAM) ? null : 'rsyslog is not installed';

/** One message as rsyslogd understood it. */
export interface Understood {
  facility: string;
  severity: string;
  timestamp: string;
  hostname: string;
  appName: string;
  procId: string;
  msgId: string;
  data: string;
  text: string;
}

const NAMES = [
  'facility',
  'severity',
  'timestamp',
  'hostname',
  'appName',
  'procId',
  'msgId',
  'data',
  'text',
] as const;
const SEPARATOR = '\t';
const TEMPLATE = [
  ...[
    '%syslogfacility-text%',
    '%syslogseverity-text%',
    '%timereported:::date-rfc3339%',
    '%hostname%',
    '%app-name%',
  ],
  ...['%procid%', '%msgid%', '%structured-data%', '%msg%'],
].join('\\t');

const configOf = (folder: string, udp: number, tcp: number): string => `
global(workDirectory="${folder}" net.enableDNS="off" parser.escapeControlCharactersOnReceive="on")
module(load="imudp")
module(load="imtcp")
template(name="parts" type="string" string="${TEMPLATE}\\n")
ruleset(name="all") { action(type="omfile" file="${folder}/received" template="parts" flushOnTXEnd="on") }
input(type="imudp" address="127.0.0.1" port="${udp}" ruleset="all")
input(type="imtcp" address="127.0.0.1" port="${tcp}" ruleset="all")
`;

export interface Rsyslog {
  udp: number;
  tcp: number;
  understood(): Understood[];
  stop(): Promise<void>;
}

/** Debian's rsyslogd on two loopback ports, in a folder of its own. */
export async function startRsyslog(): Promise<Rsyslog> {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-rsyslog-'));
  const [udp, tcp] = [await freePort('udp'), await freePort('tcp')];
  const config = join(folder, 'rsyslog.conf');
  writeFileSync(config, configOf(folder, udp, tcp));
  const child = spawn(PROGRAM, ['-n', '-f', config, '-i', join(folder, 'pid')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const pipe of [child.stdout, child.stderr])
    pipe.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  for (let tries = 0; !(await isUp(tcp)); tries += 1) {
    if (child.exitCode === null && tries < 100) continue;
    await stop();
    throw new Error(`rsyslogd does not start:\n${said}`);
  }
  const received = join(folder, 'received');
  return {
    udp,
    tcp,
    stop,
    understood: () =>
      (existsSync(received) ? readFileSync(received, 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const parts = line.split(SEPARATOR);
          return Object.fromEntries(
            NAMES.map((name, index) => [name, parts[index] ?? '']),
          ) as unknown as Understood;
        }),
  };
}

async function isUp(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  if (!isConnected) await new Promise((resolve) => setTimeout(resolve, 50));
  return isConnected;
}
