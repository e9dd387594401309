import { spawn, type ChildProcess } from 'node:child_process';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { bounded, printable } from '../model/text.ts';

export interface ProgramRun {
  /** Absolute path; no shell reads it or its arguments. */
  program: string;
  arguments: readonly string[];
  /** All of its environment beside PATH and LANG, which are ours. */
  environment: Readonly<Record<string, string>>;
  /** What it may read on its standard input. */
  input: string;
  /** After so many milliseconds it is told to end. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface ProgramEnd {
  exitCode: number;
  /** The last line that it wrote to standard error, bounded and printable; '' for none. */
  said: string;
}

/** Why there is no exit code, closed; `detail` is for people. */
export interface ProgramFault {
  kind: 'not-started' | 'no-resources' | 'killed' | 'too-long' | 'interrupted';
  detail: string;
}

/** How long a program may take to end after SIGTERM, until SIGKILL. */
export const GRACE_MS = 1000;
/** How long its last words are waited for when it has ended. */
const DRAIN_MS = 250;

/** How much of its standard error is kept: the end of it. */
const MOST_KEPT = 4096;
const MOST_SHOWN = 200;

/**
 * Runs a program in a process group of its own and waits for its exit; whatever of its group is left then is killed. What it writes is
 * read and thrown away but the end of its standard error. Never throws.
 */
export async function runProgram(run: ProgramRun): Promise<Outcome<ProgramEnd, ProgramFault>> {
  if (run.signal.aborted) return failure(FAULTS.interrupted);
  try {
    return await ended(start(run), run);
  } catch (error) {
    return failure(startFault(error));
  }
}

function start({ program, arguments: args, environment, input }: ProgramRun): ChildProcess {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', LANG = 'C.UTF-8' } = process.env;
  const child: ChildProcess = spawn(program, args, {
    env: { PATH, LANG, ...environment },
    cwd: '/',
    // Its own group, so that what it has started ends with it.
    detached: true,
    shell: false,
    stdio: 'pipe',
  });
  // A program need not read: EPIPE is no fault. Where descriptors are short there are no pipes, and `error` comes next.
  child.stdin?.on('error', () => undefined).end(input);
  child.stdout?.on('error', () => undefined).resume();
  return child;
}

function ended(
  child: ChildProcess,
  { timeoutMs, signal }: ProgramRun,
): Promise<Outcome<ProgramEnd, ProgramFault>> {
  return new Promise((resolve, reject) => {
    let why: ProgramFault | null = null;
    let grace: NodeJS.Timeout | undefined;
    const end = (fault: ProgramFault): void => {
      why ??= fault;
      killGroup(child, 'SIGTERM');
      grace ??= setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
    };
    const abort = (): void => end(FAULTS.interrupted);
    const limit = setTimeout(() => end(FAULTS['too-long']), timeoutMs);
    const settle = (): void => {
      clearTimeout(limit);
      clearTimeout(grace);
      signal.removeEventListener('abort', abort);
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy();
    };
    const lastLine = tailOf(child);
    signal.addEventListener('abort', abort, { once: true });
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', () => {
      killGroup(child, 'SIGKILL');
      clearTimeout(grace);
      // Who has left the group may hold the pipes open for ever.
      grace = setTimeout(() => settle(), DRAIN_MS);
    });
    child.once('close', (exitCode, by) => {
      settle();
      if (why !== null) return resolve(failure(why));
      if (exitCode === null)
        return resolve(failure({ kind: 'killed', detail: `ended by ${by ?? 'a signal'}` }));
      resolve(success({ exitCode, said: lastLine() }));
    });
  });
}

/** Ends what is left of its group: nothing, in most cases. */
function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody is left.
  }
}

function tailOf(child: ChildProcess): () => string {
  let kept = '';
  child.stderr?.on('error', () => undefined).setEncoding('utf8');
  child.stderr?.on('data', (text: string) => (kept = (kept + text).slice(-MOST_KEPT)));
  return () => printable(bounded(kept.trim().split('\n').at(-1) ?? '', MOST_SHOWN));
}

const FAULTS = {
  interrupted: { kind: 'interrupted', detail: 'interrupted' },
  'too-long': { kind: 'too-long', detail: 'it took too long and was ended' },
} as const satisfies Record<string, ProgramFault>;

/** What the system lacks now and may have later: processes, descriptors, memory. */
const SHORTAGES = new Set<string | undefined>(['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM']);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist, or what should run it does not',
  EACCES: 'no permission to run it',
  ENOTDIR: 'it does not exist',
};

function startFault(error: unknown): ProgramFault {
  const { code, message } = error as NodeJS.ErrnoException;
  if (SHORTAGES.has(code))
    return { kind: 'no-resources', detail: `the system has no room for it: ${code ?? ''}` };
  return { kind: 'not-started', detail: REASONS[code ?? ''] ?? printable(bounded(message, MOST_SHOWN)) };
}
