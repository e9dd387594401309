import { statSync } from 'node:fs';
import { AppError, type ErrorCode } from '../model/app-error.ts';
import { hostPort } from '../model/endpoint.ts';
import { formatFault } from '../model/fault.ts';
import { printable } from '../model/text.ts';
import { systemClock } from '../platform/clock.ts';
import { readText } from '../platform/files.ts';
import type { Conversation } from '../platform/ports.ts';
import { postJsonTo } from '../platform/post-json.ts';
import { openConversation } from '../platform/stream.ts';
import * as asterisk from '../registrations/asterisk-ami/index.ts';
import type { Mapping } from '../registrations/csv/columns.ts';
import { readCsv } from '../registrations/csv/index.ts';
import * as freeswitch from '../registrations/freeswitch/index.ts';
import { readKamailio } from '../registrations/kamailio/index.ts';
import {
  MAX_ANSWER_BYTES,
  type SourceFault,
  type SourceOutcome,
  type SourceReport,
} from '../registrations/source.ts';
import { parseHostPort } from '../wire/sip/uri.ts';
import { readAddress } from './import.ts';

/** Longest that a PBX may be silent. */
const SILENCE_MS = 10_000;

export interface SourceOptions {
  user?: string;
  secretFile?: string;
  tls?: true;
  map?: Mapping;
}

/** What was read, and the name of its source for people. */
export interface Read {
  source: string;
  report: SourceReport;
}

/** Reads one source; `where` is the argument of its command. Throws AppError; null when the signal ended it. */
export type ReadSource = (where: string, options: SourceOptions, signal: AbortSignal) => Promise<Read | null>;

export const readAsteriskAt: ReadSource = (where, { user = '', secretFile, tls = false }, signal) => {
  if (!isOneLine(user)) throw new AppError('USAGE', '--user is a name, on one line.');
  const credentials = { user, secret: readSecret(secretFile, process.env) };
  const place = placeOf('asterisk', where, tls ? asterisk.DEFAULT_TLS_PORT : asterisk.DEFAULT_PORT);
  const hint = 'Check host and port, user, secret, the right "system" and "permit" in manager.conf.';
  return converse({ ...place, tls, signal, hint }, (stream) =>
    asterisk.readAsterisk({ stream, credentials, clock: systemClock }),
  );
};

export const readFreeswitchAt: ReadSource = (where, { secretFile }, signal) => {
  const credentials = { secret: readSecret(secretFile, process.env) };
  const place = placeOf('freeswitch', where, freeswitch.DEFAULT_PORT);
  const hint = 'Check host and port, password and access list in event_socket.conf.xml.';
  return converse({ ...place, tls: false, signal, hint }, (stream) =>
    freeswitch.readFreeswitch({ stream, credentials }),
  );
};

export const readKamailioAt: ReadSource = async (where, { user, secretFile }, signal) => {
  const url = readUrl(where);
  const credentials = user === undefined ? null : { user, secret: readSecret(secretFile, process.env) };
  const post = postJsonTo({ url, credentials, silenceMs: SILENCE_MS, mostBytes: MAX_ANSWER_BYTES, signal });
  const hint = 'Check the URL, and that jsonrpcs answers over xhttp to this address.';
  return orThrow(`kamailio ${url.host}`, await readKamailio(post), hint);
};

export const readCsvAt: ReadSource = (file, { map = {} }) => {
  const { text } = readText(file, 'INPUT_INVALID');
  const read = readCsv({ file, text, mapping: map, readAddress });
  if (!read.ok) throw new AppError('INPUT_INVALID', `${file} cannot be imported:`, { faults: read.fault });
  for (const warning of read.value.warnings)
    process.stderr.write(`${printable(formatFault(warning))} The row is left out.\n`);
  return Promise.resolve({ source: file, report: read.value });
};

/** Throws AppError USAGE. */
function placeOf(
  name: string,
  where: string,
  defaultPort: number,
): { source: string; host: string; port: number } {
  const target = parseHostPort(where);
  if (target === null)
    throw new AppError('USAGE', `"${where}" is no host and port.`, {
      hint: `Write for example 192.168.10.1:${defaultPort}.`,
    });
  const port = target.port ?? defaultPort;
  return { source: `${name} ${hostPort(target.host, port)}`, host: target.host, port };
}

/** Throws AppError USAGE: a password in a URL would show in the list of processes. */
function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new AppError('USAGE', `"${text}" is no URL.`, {
      hint: 'Write for example http://192.168.10.1:5060/RPC.',
    });
  if (url.username !== '' || url.password !== '')
    throw new AppError('USAGE', 'A secret may not stand in the URL.', {
      hint: 'Use --user and --secret-file.',
    });
  return url;
}

interface Place {
  source: string;
  host: string;
  port: number;
  tls: boolean;
  signal: AbortSignal;
  hint: string;
}

async function converse(
  { source, hint, ...target }: Place,
  read: (stream: Conversation) => Promise<SourceOutcome>,
): Promise<Read | null> {
  const stream = await openConversation({ ...target, silenceMs: SILENCE_MS });
  if (!stream.ok) return orThrow(source, stream, hint);
  try {
    return orThrow(source, await read(stream.value), hint);
  } finally {
    stream.value.close();
  }
}

function orThrow(source: string, outcome: SourceOutcome, hint: string): Read | null {
  if (outcome.ok) return { source, report: outcome.value };
  if (outcome.fault.kind === 'interrupted') return null;
  throw sourceError(source, outcome.fault, hint);
}

const TROUBLE: Record<SourceFault['kind'], { code: ErrorCode; words: string }> = {
  unreachable: { code: 'NETWORK', words: 'cannot be reached' },
  silent: { code: 'NETWORK', words: 'does not answer' },
  closed: { code: 'NETWORK', words: 'hung up in the middle' },
  interrupted: { code: 'NETWORK', words: 'was not asked to the end' },
  'too-long': { code: 'INPUT_INVALID', words: 'answers more than is read' },
  'not-expected': { code: 'INPUT_INVALID', words: 'does not answer as it should' },
  refused: { code: 'NO_PERMISSION', words: 'refuses the login' },
  denied: { code: 'NO_PERMISSION', words: 'does not give its registrations' },
};

/** A source's trouble for people, with what to look at first. Its own words are a stranger's. */
function sourceError(source: string, fault: SourceFault, hint: string): AppError {
  const { code, words } = TROUBLE[fault.kind];
  return new AppError(code, `${source} ${words}: ${printable(fault.detail)}.`, {
    hint: `${hint} docs/how-to/import-registrations.md shows how it is set up.`,
  });
}

/**
 * The secret of --secret-file, else of $SIPCENSUS_PBX_SECRET; it is never printed. Warns when others may read the file. Throws
 * AppError USAGE without one, CONFIG_UNREADABLE and CONFIG_INVALID as files do.
 */
function readSecret(file: string | undefined, environment: NodeJS.ProcessEnv): string {
  const text =
    file === undefined ? environment['SIPCENSUS_PBX_SECRET'] : readText(file, 'CONFIG_UNREADABLE').text;
  if (text === undefined)
    throw new AppError('USAGE', 'No secret to log in with.', {
      hint: 'Put it in a file that only you can read and name that with --secret-file, or set $SIPCENSUS_PBX_SECRET.',
    });
  if (file !== undefined) warnIfOpen(file);
  const secret = text.replace(/\r?\n$/, '');
  if (!isOneLine(secret))
    throw new AppError('CONFIG_INVALID', `${file ?? '$SIPCENSUS_PBX_SECRET'} holds no secret.`, {
      hint: 'It is one line of text, and nothing else stands in the file.',
    });
  return secret;
}

/** Whether a text can go into a line of a protocol without ending it. */
const isOneLine = (text: string): boolean => /^[^\u0000-\u001f\u007f]+$/.test(text);

function warnIfOpen(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  process.stderr.write(`sipcensus: others may read ${file}, which holds a secret: chmod 600 ${file}\n`);
}
