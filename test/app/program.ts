import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built program, run as a user runs it. */
export interface Running {
  stdout(): string;
  stderr(): string;
  /** Resolves when one of the outputs matches; rejects when the program ends before. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  interrupt(): void;
  ended: Promise<Ended>;
}

const children = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();

/** Starts `sipcensus ARGS` from the build, with `input` on its standard input. */
export function start(
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Running {
  const child = spawn(process.execPath, ['dist/app/main.js', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env },
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const look = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  child.stdin.end(options.input ?? '');
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => {
      children.delete(child);
      resolve({ code, stdout, stderr });
    }),
  );
  return {
    stdout: () => stdout,
    stderr: () => stderr,
    interrupt: () => void child.kill('SIGINT'),
    ended,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (match === null) return;
          watchers.delete(look);
          resolve(match);
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without ${String(pattern)}:\n${stdout}\n${stderr}`)));
      }),
  };
}

/** Runs `sipcensus ARGS` to its end. */
export const run = (
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> => start(args, options).ended;

/** Ends what a test has left running; only processes that this file has started. */
export function stopAll(): void {
  for (const child of children) child.kill('SIGKILL');
}

/** A folder that is removed by `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sipcensus-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
