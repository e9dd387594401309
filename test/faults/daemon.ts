import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindingJson } from '../../src/api/contract/finding.ts';
import type { StatusJson } from '../../src/api/contract/status.ts';
import type { SweepJson } from '../../src/api/contract/sweep.ts';
import { startSimulation } from '../../src/app/simulation.ts';

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { time: string; msg: string };

/** The real program `serve`, of the source, as a process of its own. */
export interface Daemon {
  url: string;
  /** Of the program itself, whatever started it. */
  pid: number;
  log(): LogLine[];
  /** Everything on its standard error. */
  stderr(): string;
  isAlive(): boolean;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what stands there
  get<T>(path: string): Promise<{ status: number; ms: number; body: T }>;
  post(path: string, body: unknown): Promise<number>;
  status(): Promise<StatusJson>;
  sweeps(): Promise<SweepJson[]>;
  /** The journal of one kind, the earliest first. */
  journal(kind: FindingJson['kind']): Promise<FindingJson[]>;
  kill(signal: NodeJS.Signals): void;
  /** How it ended, and when. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** What a test has started is ended with it; tests of one file run at the same time. */
export type Finally = (work: () => void | Promise<void>) => void;

/** A folder of its own, removed when the test ends. */
export function folderOfTest(atEnd: Finally): string {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-faults-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Phones on loopback that answer until the test ends, or the returned function is called. */
export async function phonesOn(
  network: string,
  phones: number,
  atEnd: Finally,
): Promise<() => Promise<void>> {
  const ending = new AbortController();
  const site = await startSimulation({ network, phones, seed: 7 }, ending.signal);
  const stop = (): Promise<void> => {
    ending.abort();
    return site.ended;
  };
  atEnd(stop);
  return stop;
}

/** A configuration that sweeps a network by a schedule of seconds, and does nothing else; `more` is YAML of other sections. */
export const sweeping = (
  network: string,
  { schedule, rate = 1000 }: { schedule: string; rate?: number },
  more = '',
): string => `
site: { id: faults, name: Faults }
scope: { include: [${network}] }
channels:
  sip-options: { ports: [5060, 5062], rate: ${rate}, waitMs: 200, jitterSeconds: 0, schedule: '${schedule}' }
${more}`;

/**
 * Starts the daemon; it is killed when the test ends. `around` is shell that runs before it, in the same process, with $DATA as its data
 * directory. Resolves when it serves.
 */
export async function startDaemon(parts: {
  folder: string;
  config: string;
  around?: string;
  /** In a mount namespace of its own, which nobody else sees. */
  isolated?: boolean;
  atEnd: Finally;
}): Promise<Daemon> {
  const { folder, around = '', atEnd } = parts;
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const config = join(folder, 'sipcensus.yaml');
  writeFileSync(config, parts.config);
  const shell = ['bash', '-c', `${around}\nexec "$@"`, 'bash'];
  const command = [
    ...(parts.isolated === true ? ['unshare', '--mount'] : []),
    ...shell,
    process.execPath,
    ...['src/app/main.ts', 'serve', '--config', config, '--data-dir', data, '--listen', '127.0.0.1:0'],
  ];
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DATA: data },
  });
  atEnd(() => void child.kill('SIGKILL'));
  return served(child);
}

async function served(child: ChildProcess): Promise<Daemon> {
  let stderr = '';
  const ended = new Promise<Awaited<Daemon['ended']>>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const [, found] = /^sipcensus is at (http\S+)$/m.exec(stderr) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => reject(new Error(`the daemon ended before it served:\n${stderr}`)));
  });
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
  const get = async <T>(path: string): Promise<{ status: number; ms: number; body: T }> => {
    const since = performance.now();
    const answer = await fetch(url + path, { signal: AbortSignal.timeout(10_000) });
    const text = await answer.text();
    const body = (/json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text) as T;
    return { status: answer.status, ms: performance.now() - since, body };
  };
  return {
    url,
    pid: child.pid!,
    stderr: () => stderr,
    log: () =>
      stderr
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as LogLine),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    get,
    async post(path, body) {
      const headers = { 'content-type': 'application/json', origin: url };
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      await answer.text();
      return answer.status;
    },
    status: async () => (await get<StatusJson>('/api/v1/status')).body,
    sweeps: async () => (await get<{ sweeps: SweepJson[] }>('/api/v1/sweeps')).body.sweeps,
    journal: async (kind) =>
      (await get<{ findings: FindingJson[] }>(`/api/v1/findings?kind=${kind}`)).body.findings,
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Resolves when the condition holds; throws with `what` after so long. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(100);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
