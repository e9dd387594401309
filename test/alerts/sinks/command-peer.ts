import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Script {
  /** Folder of this script alone, for what it leaves. */
  folder: string;
  program: string;
  /** What it has written into a file of its folder; '' where there is none. */
  left: (name: string) => string;
  remove: () => void;
}

/** A small real program: a shell script in a folder of its own, which it knows as `$folder`. */
export function script(lines: string, mode = 0o755): Script {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-command-'));
  const program = join(folder, 'tell');
  writeFileSync(program, `#!/bin/sh\nfolder='${folder}'\n${lines}\n`, { mode });
  const left = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  return { folder, program, left, remove: () => rmSync(folder, { recursive: true }) };
}

/** Numbers of the processes whose command line names this text; zombies have none. */
export const processesNaming = (text: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => id !== process.pid && commandLineOf(id).includes(text));

function commandLineOf(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
