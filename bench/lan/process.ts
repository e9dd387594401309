import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeAtEnd } from './closing.ts';

export interface Measured {
  seconds: number;
  /** Of its own work and the kernel's for it: what hardly changes when others use the machine too. */
  cpuSeconds: number;
  peakMiB: number;
  output: string;
  /** Null when it ended well, otherwise how it ended and its last words. */
  fault: string | null;
}

const POLL_MS = 50;
const LONGEST_FAULT = 300;

/**
 * Runs a program to its end, its output in a file so that nobody's reading costs it time. After `capSeconds` it is asked to stop, as by
 * Ctrl-C, and ten seconds later made to.
 */
export async function measureProcess(
  command: readonly string[],
  { folder, capSeconds }: { folder: string; capSeconds: number },
): Promise<Measured> {
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'w'));
  const startedAt = performance.now();
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' },
    stdio: ['ignore', stdout, stderr],
  });
  const close = closeAtEnd(() => child.kill('SIGKILL'));
  const timers = [
    setTimeout(() => child.kill('SIGINT'), capSeconds * 1000),
    setTimeout(() => child.kill('SIGKILL'), (capSeconds + 10) * 1000),
  ];
  const ended = once(child, 'exit').then(() => performance.now());
  const usage = await usageOf(child.pid ?? 0, ended);
  const seconds = ((await ended) - startedAt) / 1000;
  timers.forEach(clearTimeout);
  close();
  for (const file of [stdout, stderr]) if (file !== undefined) closeSync(file);
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const lastWords = text('stderr').trim().slice(0, LONGEST_FAULT);
  let fault = child.exitCode === 0 ? null : `ended with ${child.exitCode ?? child.signalCode}: ${lastWords}`;
  if (seconds > capSeconds) fault = `cut off after ${capSeconds} s`;
  return { seconds, ...usage, output: text('stdout'), fault };
}

interface Usage {
  cpuSeconds: number;
  peakMiB: number;
}

/** The kernel's own figures of a process; they are lost with it, so they are read again and again. */
async function usageOf(pid: number, ended: Promise<number>): Promise<Usage> {
  let usage: Usage = { cpuSeconds: 0, peakMiB: 0 };
  let isRunning = true;
  void ended.then(() => (isRunning = false));
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- changed by the line above
  while (isRunning) {
    usage = readUsage(pid) ?? usage;
    await Promise.race([sleep(POLL_MS), ended]);
  }
  return usage;
}

/** Linux tells times in hundredths of a second to every program (USER_HZ). */
const TICKS = 100;

/** Null when the process has just ended. */
function readUsage(pid: number): Usage | null {
  try {
    const peakKiB = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // Fields 14 and 15 (proc(5)), counted behind the name, which may hold blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    if (peakKiB === undefined) return null;
    return {
      cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS,
      peakMiB: Number(peakKiB) / 1024,
    };
  } catch {
    return null;
  }
}
