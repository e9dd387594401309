import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bitmapOf, dotted, type Network } from './addresses.ts';
import { closeAtEnd } from './closing.ts';

export const inFolder = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Compiles a C file of this folder into `folder`; resolves to the program's path. Throws what the compiler says. */
export function compile(name: string, folder: string): string {
  const program = join(folder, name);
  const { status, stderr } = spawnSync('cc', ['-O2', '-o', program, inFolder(`${name}.c`)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cc cannot build ${name}.c:\n${stderr}`);
  return program;
}

/** What a fleet has counted: requests that came, answers that left, both kinds lost on purpose, requests that found it full. */
export interface FleetCount {
  asked: number;
  answered: number;
  lost: number;
  dropped: number;
}

export interface FleetOptions {
  program: string;
  /** For the file of who lives. */
  folder: string;
  namespace: string;
  network: Network;
  live: readonly number[];
  lossPercent: number;
}

/** Starts the fleet in its namespace. Resolves when it listens, to what ends it and tells what it counted. */
export async function startFleet(options: FleetOptions): Promise<() => Promise<FleetCount>> {
  const { program, folder, namespace, network, live, lossPercent } = options;
  const file = join(folder, 'live');
  writeFileSync(file, bitmapOf(network, live));
  const args = [dotted(network.base), network.bits, file, inFolder('user-agents.txt'), lossPercent].map(
    String,
  );
  const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = closeAtEnd(() => child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  if ((await lines.next()).value !== 'ready') throw new Error('The fleet does not start.');
  return async () => {
    child.kill('SIGTERM');
    const count = JSON.parse(String((await lines.next()).value)) as FleetCount;
    if (child.exitCode === null) await once(child, 'exit');
    close();
    return count;
  };
}
