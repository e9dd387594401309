import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The LAN of these tests. It exists only in namespaces that `createNetwork` makes. */
export const LAN = { prefix: '10.77.0', network: '10.77.0.0/24', gateway: '10.77.0.254' } as const;
export const addressOf = (number: number): string => `${LAN.prefix}.${number}`;

/** `udp 5060`: what a program holds when it is up. */
export type Place = `${'udp' | 'tcp'} ${number}`;

/** One machine of the LAN: a namespace of its own, joined to the switch by a wire whose other end has its name. */
export interface Machine {
  address: string;
  mac: string;
  /** Starts a program there, in a process group of its own. */
  start(command: readonly string[], folder?: string): ChildProcess;
}

export interface Network {
  add(number: number, options?: { mac?: string }): Machine;
  /** Starts a program in the switch, which sees every wire. `nameOf(number)` is the end of that machine's wire. */
  startInSwitch(command: readonly string[]): ChildProcess;
  nameOf(number: number): string;
  /** Resolves when the program holds all of them; rejects when it ends, or has not come up in time. */
  holds(child: ChildProcess, places: readonly Place[]): Promise<void>;
  /** Ends every program that was started here, and takes the network down. */
  remove(): Promise<void>;
}

const FAMILY = 'sipcensus-lan-';

/** Why these tests cannot run here; null where they can. */
export function whyNot(programs: readonly string[]): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root, for network namespaces';
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `needs ${missing.join(', ')} for its network namespaces`;
  try {
    ip('netns', 'add', `${FAMILY}${process.pid}-try`);
    ip('-n', `${FAMILY}${process.pid}-try`, 'link', 'add', 'lan', 'type', 'bridge');
  } catch {
    return 'this machine forbids network namespaces with a bridge';
  } finally {
    removeLeftOvers(process.pid);
  }
  return null;
}

const isInstalled = (program: string): boolean =>
  ['/usr/bin', '/usr/sbin'].some((folder) => existsSync(`${folder}/${program}`));

function ip(...words: string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Many words to `ip` at once: each start of it takes a while. */
function batch(lines: readonly string[], namespace?: string): void {
  const where = namespace === undefined ? [] : ['-n', namespace];
  execFileSync('ip', [...where, '-batch', '-'], {
    input: lines.join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** Namespaces of that process, and those of runs that were killed before they could tidy up. */
function removeLeftOvers(pid: number): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const [, owner = ''] = new RegExp(`^${FAMILY}(\\d+)-`).exec(line) ?? [];
    const [name = ''] = line.split(' ');
    if (owner !== '' && (Number(owner) === pid || !existsSync(`/proc/${owner}`))) ip('netns', 'del', name);
  }
}

/** A switch, and nothing plugged in. */
export function createNetwork(): Network {
  removeLeftOvers(process.pid);
  const namespaceOf = (name: string): string => `${FAMILY}${process.pid}-${name}`;
  const inSwitch = namespaceOf('switch');
  const children = new Set<ChildProcess>();
  ip('netns', 'add', inSwitch);
  // A plain switch: it learns no groups, so that every machine hears every multicast at once.
  ip('-n', inSwitch, ...'link add lan type bridge stp_state 0 forward_delay 0 mcast_snooping 0'.split(' '));
  ip('-n', inSwitch, 'link', 'set', 'lan', 'up');

  const start = (namespace: string, command: readonly string[], folder?: string): ChildProcess => {
    // The kernel ends it with us, also when we are killed.
    const words = ['netns', 'exec', namespace, 'setpriv', '--pdeathsig', 'TERM', ...command];
    const child = spawn('ip', words, {
      cwd: folder,
      detached: true,
      env: { ...process.env, ...(folder === undefined ? {} : { HOME: folder }) },
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    child.on('error', () => undefined);
    // A program that nobody reads stands still when its pipe is full.
    const said: string[] = [];
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text: string) => void said.push(text));
    outputs.set(child, said);
    return child;
  };

  return {
    nameOf: (number) => `host${number}`,
    add(number, { mac = `02:77:00:00:00:${number.toString(16).padStart(2, '0')}` } = {}) {
      const namespace = namespaceOf(String(number));
      const wire = `host${number}`;
      batch([
        `netns add ${namespace}`,
        `link add lan netns ${namespace} address ${mac} type veth peer name ${wire} netns ${inSwitch}`,
      ]);
      batch([`link set ${wire} master lan up`], inSwitch);
      // A packet that leaves the LAN is to be seen on the wire, not to die of a missing route.
      const up = ['lo', 'lan'].map((device) => `link set ${device} up`);
      const address = `address add ${addressOf(number)}/24 broadcast + dev lan`;
      batch([address, ...up, `route add default via ${LAN.gateway}`], namespace);
      return {
        address: addressOf(number),
        mac,
        start: (command, folder) => start(namespace, command, folder),
      };
    },
    startInSwitch: (command) => start(inSwitch, command),
    holds: async (child, places) => {
      for (let tries = 0; places.some((place) => !isHeld(child.pid, place)); tries += 1) {
        if (child.exitCode !== null || child.signalCode !== null || tries > MOST_TRIES)
          throw new Error(`${child.spawnargs.join(' ')} holds no ${places.join(', ')}:\n${saidBy(child)}`);
        await sleep(100);
      }
    },
    async remove() {
      await Promise.all([...children].map(end));
      removeLeftOvers(process.pid);
    },
  };
}

const outputs = new WeakMap<ChildProcess, string[]>();
/** All that a program has written so far. */
export const saidBy = (child: ChildProcess): string => (outputs.get(child) ?? []).join('');

/** A minute: on a busy machine forty programs come up at once. */
const MOST_TRIES = 600;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The kernel's own table of the network that this process is in. */
function isHeld(pid: number | undefined, place: Place): boolean {
  const [transport = '', port = ''] = place.split(' ');
  const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
  // 0A is LISTEN, 07 an unconnected UDP socket.
  const held = new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex} [0-9A-F:]+ (?:0A|07) `, 'm');
  return [transport, `${transport}6`].some((table) => {
    try {
      return held.test(readFileSync(`/proc/${pid ?? 0}/net/${table}`, 'utf8'));
    } catch {
      return false;
    }
  });
}

/** Kamailio forks: what it has forked is in its group, and ends with it. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => {
    try {
      process.kill(-(child.pid ?? NaN), name);
    } catch {
      // It has ended in this moment.
    }
  };
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}
