import { readFileSync } from 'node:fs';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { fileTrouble } from './files.ts';

/** Where a secret stands. */
export interface SecretSource {
  file?: string;
  environment?: string;
}

/** Longest secret: a key or a password is a tenth of it. */
const MOST_CHARACTERS = 4096;

/** Reads a secret, without the line end of its file; the fault says which place and what is wrong with it, and never the secret. */
export function readSecret(
  { file, environment }: SecretSource,
  variables: Readonly<Record<string, string | undefined>>,
): Outcome<string, string> {
  if (file !== undefined) return fromFile(file);
  const text = environment === undefined ? undefined : variables[environment];
  return text === undefined || text === ''
    ? failure(`the environment variable ${environment ?? '?'} is not set`)
    : success(text);
}

function fromFile(file: string): Outcome<string, string> {
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (text === '') return failure(`${file} is empty`);
    return text.length > MOST_CHARACTERS ? failure(`${file} is too long for a secret`) : success(text);
  } catch (error) {
    return failure(`${file} cannot be read: ${fileTrouble(error)}`);
  }
}
