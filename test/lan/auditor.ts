import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressOf, createNetwork, end, LAN, saidBy, sleep, type Machine, type Network } from './network.ts';
import { readFrames, type Frame } from './pcap.ts';
import { SITE, type Host } from './site.ts';

export interface Endpoint {
  address: string;
  port: number;
  transport: string;
  userAgent: string | null;
  server: string | null;
  status: number | null;
  channels: string[];
}

/** What `sipcensus scan --format json` prints. */
export interface Inventory {
  summary: { startedAt: string; endedAt: string; sweep: { refused: Record<string, number> } };
  devices: { mac: string | null; endpoints: Endpoint[] }[];
}

/** What came of one run of all channels over the whole LAN. */
export interface Swept {
  inventory: Inventory;
  /** Every frame on the wire of the auditor, whoever sent it. */
  frames: Frame[];
  auditor: Pick<Machine, 'address' | 'mac'>;
  /** What the programs of that host have written. */
  saidBy(number: number): string;
}

/** Its last byte of the address. */
const AUDITOR = 2;
const PROGRAM = join(process.cwd(), 'src/app/main.ts');
const HOST = join(process.cwd(), 'test/lan/host.ts');

const EXCLUSIONS = SITE.filter(({ isExcluded }) => isExcluded === true).flatMap(({ number }) => [
  '--exclude',
  addressOf(number),
]);
const SCAN = [
  ...['scan', LAN.network, ...EXCLUSIONS, '--port', '5060,5062', '--transport', 'udp,tcp,tls'],
  ...['--channels', 'all', '--seconds', '20', '--format', 'json'],
];

/** Builds the LAN, sweeps it once while every packet is captured, and takes it down again, whatever happens. */
export async function sweepSite(): Promise<Swept> {
  const network = createNetwork();
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-lan-'));
  try {
    const auditor = network.add(AUDITOR);
    const hosts = await Promise.all(
      SITE.map(async (host) => [host.number, await startHost(host, network, folder)] as const),
    );
    const capture = await startCapture(network, join(folder, 'all.pcap'));
    const output = await run(auditor, [...SCAN, '--data-dir', join(folder, 'data')]);
    // Whatever leaves late, the kernel's last words to closed connections included, leaves within this.
    await sleep(1000);
    const frames = await capture.end();
    const said = new Map(hosts.map(([number, children]) => [number, children.map(saidBy).join('')]));
    return {
      inventory: JSON.parse(output) as Inventory,
      frames,
      auditor,
      saidBy: (number) => said.get(number) ?? '',
    };
  } finally {
    await network.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startHost(host: Host, network: Network, folder: string): Promise<ChildProcess[]> {
  const { number, programs, behaviour, userAgent = '', holds = [], mac } = host;
  const machine = network.add(number, mac === undefined ? {} : { mac });
  const started = programs.map((program) => {
    const own = join(folder, `${number}-${program.needs}`);
    mkdirSync(own);
    return { child: machine.start(program.prepare(own, machine.address), own), holds: program.holds };
  });
  if (behaviour !== undefined) {
    const command = [process.execPath, HOST, behaviour, machine.address, userAgent];
    started.push({ child: machine.start(command), holds });
  }
  for (const { child, holds: places } of started) await network.holds(child, places);
  return started.map(({ child }) => child);
}

/** Captures whole frames on the auditor's wire. `end` fails where one was lost: what nobody saw is not proved. */
async function startCapture(network: Network, file: string): Promise<{ end(): Promise<Frame[]> }> {
  const how = ['-s', '0', '-B', '16384', '-U', '--immediate-mode', '-Z', 'root'];
  const tcpdump = network.startInSwitch(['tcpdump', '-i', network.nameOf(AUDITOR), '-w', file, ...how]);
  for (let tries = 0; !saidBy(tcpdump).includes('listening on'); tries += 1) {
    if (tries > 200) throw new Error(`tcpdump does not start:\n${saidBy(tcpdump)}`);
    await sleep(50);
  }
  return {
    async end() {
      await end(tcpdump);
      if (!/^0 packets dropped by kernel/m.test(saidBy(tcpdump))) throw new Error(saidBy(tcpdump));
      return readFrames(readFileSync(file));
    },
  };
}

/** Runs `sipcensus ARGS` on that machine to its end; resolves to what it printed. */
async function run(machine: Machine, args: readonly string[]): Promise<string> {
  const child = machine.start([process.execPath, PROGRAM, ...args]);
  let stdout = '';
  child.stdout?.on('data', (text: string) => (stdout += text));
  const code = await new Promise<number | null>((resolve) => void child.once('close', resolve));
  if (code !== 0) throw new Error(`sipcensus ${args.join(' ')} ended with ${code}:\n${saidBy(child)}`);
  return stdout;
}
