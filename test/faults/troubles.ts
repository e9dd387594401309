import BetterSqlite3 from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Daemon } from './daemon.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** The data directory as the daemon sees it, in whatever namespace that is. */
export interface Place {
  daemon: Daemon;
  data: string;
  database: string;
}

/** Something that keeps the database from being written, for a while. */
export interface Trouble {
  name: string;
  network: string;
  /** Why it cannot be made here; null where it can. */
  whyNot: string | null;
  lastsMs: number;
  /** Shell that prepares the data directory. */
  around?: string;
  /** What the status says of it. */
  tells: RegExp;
  /** Makes it, and returns the way to end it. */
  begin(place: Place): () => void;
}

function fill(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (let piece = Buffer.alloc(1 << 16); piece.length > 0; piece = piece.subarray(0, piece.length >> 1))
      try {
        for (;;) writeSync(handle, piece);
      } catch {
        // Full, for a piece of this size.
      }
  } finally {
    closeSync(handle);
  }
}

const attribute = (change: '+i' | '-i', files: readonly string[]): void =>
  void execFileSync('chattr', [change, ...files], { stdio: 'ignore' });

/** Whether nobody can go on writing to a file that is open already once it has that attribute: so on ext4, and not on tmpfs. */
function isImmutableHere(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sipcensus-faults-'));
  const file = join(folder, 'try');
  const handle = openSync(file, 'w');
  try {
    attribute('+i', [file]);
    writeSync(handle, 'x');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  } finally {
    closeSync(handle);
    if (isRoot) attribute('-i', [file]);
    rmSync(folder, { recursive: true });
  }
}

export const TROUBLES: readonly Trouble[] = [
  {
    name: 'is on a full disk',
    network: '127.93.1.0/27',
    whyNot: isRoot ? null : 'needs root, to mount a small disk in a namespace of its own',
    lastsMs: 12_000,
    around: 'mount -t tmpfs -o size=16m sipcensus-faults "$DATA"',
    tells: /disk is full/,
    begin({ data }) {
      const file = join(data, 'other-program');
      fill(file);
      return () => rmSync(file);
    },
  },
  {
    name: 'has come to the largest size that a file may have',
    network: '127.93.2.0/27',
    whyNot: process.platform === 'linux' ? null : 'needs prlimit',
    lastsMs: 12_000,
    tells: /the disk reports an error|disk is full/,
    begin({ daemon, database }) {
      const limit = (bytes: number | 'unlimited'): void =>
        void execFileSync('prlimit', [`--pid=${daemon.pid}`, `--fsize=${bytes}:unlimited`]);
      limit(Math.max(4096, statSync(database).size >> 1));
      return () => limit('unlimited');
    },
  },
  {
    name: 'may only be read',
    network: '127.93.3.0/27',
    whyNot:
      isRoot && isImmutableHere()
        ? null
        : 'needs root, and a file system that keeps immutable files as ext4 does',
    lastsMs: 12_000,
    tells: /the disk reports an error|cannot be written/,
    begin({ database }) {
      const files = [database, `${database}-wal`];
      attribute('+i', files);
      return () => attribute('-i', files);
    },
  },
  {
    name: 'is locked by another program',
    network: '127.93.4.0/27',
    whyNot: null,
    lastsMs: 30_000,
    tells: /locked by another program/,
    begin({ database }) {
      const other = new BetterSqlite3(database);
      other.exec('begin immediate');
      return () => void other.close();
    },
  },
];
