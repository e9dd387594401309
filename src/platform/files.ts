import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError, type ErrorCode } from '../model/app-error.ts';

/** A text file of ours or the user's, with the name that messages show. */
export interface TextFile {
  file: string;
  text: string;
}

const REASONS: Record<string, string> = {
  ENOENT: 'it does not exist',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is no folder',
};

/** Why the system refused a file, in words. */
export const fileTrouble = (error: unknown): string =>
  REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;

/** A text that a person wrote is a thousandth of this; what is larger is refused before it fills the memory. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads a UTF-8 file. Throws AppError with `code` when it cannot be read. */
export function readText(file: string, code: ErrorCode): TextFile {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES)
      throw new AppError(code, `${file} is too large.`, {
        faults: [
          {
            file,
            line: 1,
            column: 1,
            message: `the file has ${size} bytes; at most ${MOST_BYTES} are read.`,
          },
        ],
      });
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(code, `${file} cannot be read: ${fileTrouble(error)}.`, { cause: error });
  }
}

/** Null where there is no such file. */
export const readTextIfAny = (file: string): string | null =>
  existsSync(file) ? readFileSync(file, 'utf8') : null;

/** Reads every file of a folder whose name ends in one of `endings`, in the order of their names. Throws like `readText`. */
export function readFolder(folder: string, endings: readonly string[], code: ErrorCode): TextFile[] {
  try {
    return readdirSync(folder)
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .sort()
      .map((name) => readText(join(folder, name), code));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(code, `The folder ${folder} cannot be read: ${fileTrouble(error)}.`, { cause: error });
  }
}

/** `0001-first-tables.sql` and its text, for the store's migrations. */
export const readMigrations = (folder: string): { name: string; sql: string }[] =>
  readFolder(folder, ['.sql'], 'DATABASE').map(({ file, text }) => ({ name: basename(file), sql: text }));

/** What a folder holds, as one text that changes whenever a file in it is added, removed or written; null while it cannot be read. */
export function folderState(folder: string): string | null {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => {
        const { size, mtimeMs, ino } = statSync(join(folder, name));
        return `${name} ${size} ${mtimeMs} ${ino}`;
      })
      .join('\n');
  } catch {
    return null;
  }
}
