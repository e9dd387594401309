import { spawnSync } from 'node:child_process';
import { inFolder } from './programs.ts';
import { dotted, type Network } from './addresses.ts';

/** Something that sweeps a network: how it is started, and which addresses its output names. */
export interface Contestant {
  name: string;
  /** How often it is run over the network for one result; svmap asks once where the others ask up to three times. */
  passes: number;
  /** How many bits longer than the case's its network is: a slow one is measured on a part, and compared by the address. */
  narrower: number;
  /** Too slow for more than one run. */
  isSlow: boolean;
  command(network: Network): string[];
  read(output: string): Reading;
}

export interface Reading {
  found: string[];
  /** Null where the program does not say it. */
  sent: number | null;
  /** What it says it could not do, and how often. */
  refused: Record<string, number>;
}

/** The program itself, as people run it: identification, policy and JSON are part of what is measured. */
export const product = (program: string, options: readonly string[], passes = 1): Contestant => ({
  name: 'product',
  passes,
  narrower: 0,
  isSlow: false,
  command: ({ text }) => [process.execPath, program, 'scan', ...options, '--format', 'json', text],
  read: readScan,
});

export const AS_FAST_AS_IT_GOES = ['--rate', '0', '--i-know'];

interface ScanOutput {
  summary: { sweep: { sent: number; refused: Record<string, number> } | null };
  devices: { endpoints: { address: string }[] }[];
}

function readScan(output: string): Reading {
  const scan = parseScan(output);
  if (scan === null) return { found: [], sent: null, refused: {} };
  const { summary, devices } = scan;
  return {
    found: devices.flatMap(({ endpoints }) => endpoints.map(({ address }) => address)),
    sent: summary.sweep?.sent ?? null,
    refused: summary.sweep?.refused ?? {},
  };
}

/** Null when the program was killed before it had written all. */
function parseScan(output: string): ScanOutput | null {
  try {
    return JSON.parse(output) as ScanOutput;
  } catch {
    return null;
  }
}

const readAddresses = (output: string): Reading => ({
  found: output.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [],
  sent: null,
  refused: {},
});

export const reference: Contestant = {
  name: 'node reference',
  passes: 1,
  narrower: 0,
  isSlow: false,
  command: ({ text }) => [process.execPath, inFolder('reference.ts'), text],
  read: readAddresses,
};

export const sweeper = (program: string): Contestant => ({
  name: 'C sweeper',
  passes: 1,
  narrower: 0,
  isSlow: false,
  command: ({ base, bits }) => [program, dotted(base), String(bits)],
  read: readAddresses,
});

/** Debian's sipvicious; null where it is not installed. It asks one by one, so that a sixteenth of a network takes a sixteenth. */
export function svmap({ passes, narrower }: Pick<Contestant, 'passes' | 'narrower'>): Contestant | null {
  if (spawnSync('svmap', ['--version']).status !== 0) return null;
  return {
    name: passes === 1 ? 'svmap' : `svmap, ${passes} passes`,
    passes,
    narrower,
    isSlow: true,
    command: ({ text }) => ['svmap', text],
    // A row of its table: | 10.0.12.7:5060 | Acme P10/1.10 | ...
    read: (output) => ({
      found: [...output.matchAll(/^\|\s*([\d.]+):\d+\s*\|/gm)].map(([, address]) => address ?? ''),
      sent: null,
      refused: {},
    }),
  };
}
