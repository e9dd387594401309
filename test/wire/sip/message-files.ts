import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const CAPTURES = 'test/captures/sip';
export const TORTURE = ['test/torture/valid', 'test/torture/invalid'] as const;

export interface MessageFile {
  name: string;
  bytes: Uint8Array;
}

/** The messages of a folder: what ends in .txt or .sip. The folder is the list. */
export const messagesOf = (folder: string): MessageFile[] =>
  readdirSync(folder)
    .filter((name) => /\.(txt|sip)$/.test(name))
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));

/** What a folder's expectations.yaml expects of each of its messages. */
export const expectationsOf = (folder: string): Map<string, Record<string, unknown>> =>
  new Map(
    Object.entries(
      parse(readFileSync(join(folder, 'expectations.yaml'), 'utf8')) as Record<
        string,
        Record<string, unknown>
      >,
    ),
  );
