import { Option, type Command } from 'commander';
import { AppError } from '../../model/app-error.ts';
import { parseListen } from '../config.ts';
import { LANGUAGES, type Language } from '../../model/text.ts';

/** Adds one command to the program; `exit` sets the exit code of a run that ends without an error. */
export type AddCommand = (program: Command, exit: (code: number) => void) => void;

export interface CommonOptions {
  config?: string;
  dataDir?: string;
  lang?: Language;
}

/** Findings that a device is printed with, newest first. */
export const LATEST_FINDINGS = 10;

export const configOption = (): Option =>
  new Option(
    '--config <file>',
    'configuration file (else $SIPCENSUS_CONFIG, ./sipcensus.yaml, /etc/sipcensus/sipcensus.yaml)',
  );
export const dataDirOption = (): Option =>
  new Option(
    '--data-dir <folder>',
    'where the inventory is kept (else $SIPCENSUS_DATA_DIR, $STATE_DIRECTORY, ./data)',
  );
export const languageOption = (): Option =>
  new Option('--lang <language>', 'language of tables and reasons').choices(LANGUAGES);

/** Reads a whole number of an option. Throws AppError USAGE. */
export const wholeNumber =
  (option: string, least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new AppError(
        'USAGE',
        `${option} takes a whole number from ${least} to ${most}; it was "${text}".`,
      );
    return value;
  };

/** Reads a comma-separated list. Throws AppError USAGE for a word that is not `known`. */
export const listOf =
  <W extends string>(option: string, known: readonly W[]) =>
  (text: string): W[] =>
    text.split(',').map((part) => {
      const word = known.find((candidate) => candidate === part.trim());
      if (word === undefined)
        throw new AppError('USAGE', `${option} does not know "${part.trim()}".`, {
          hint: `It takes: ${known.join(', ')}.`,
        });
      return word;
    });

/** Reads `address:port` of an option. Throws AppError USAGE. */
export function listenAddress(text: string): { host: string; port: number } {
  const listen = parseListen(text);
  if (listen === null)
    throw new AppError(
      'USAGE',
      `--listen takes an address and a port, such as 127.0.0.1:8560; it was "${text}".`,
    );
  return listen;
}

/** Aborts on the first SIGINT or SIGTERM, so that what was found is still told; a second one ends the program at once. */
export function interruption(): {
  signal: AbortSignal;
  ended: Promise<void>;
  wasInterrupted: () => boolean;
  dispose(): void;
} {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    ended: new Promise((resolve) =>
      controller.signal.addEventListener('abort', () => resolve(), { once: true }),
    ),
    wasInterrupted: () => controller.signal.aborted,
    dispose: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}

/** Writes to stdout, piece by piece, and waits until it is taken, so that a pipe gets all of it before the program ends. */
export async function print(text: string | Iterable<string>): Promise<void> {
  let waiting = '';
  for (const piece of typeof text === 'string' ? [text] : text) {
    waiting += piece;
    if (waiting.length < WRITTEN_AT_ONCE) continue;
    await write(waiting);
    waiting = '';
  }
  await write(waiting);
}

/** Characters of one write: a small one for each device would cost more than making it. */
const WRITTEN_AT_ONCE = 256 * 1024;

const write = (text: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(text, () => resolve()));
