import { join } from 'node:path';
import type { Knowledge } from '../engine/intake.ts';
import { loadRules, type RuleSet } from '../identify/load.ts';
import { createMatcher, type Matcher } from '../identify/match.ts';
import { selfTest } from '../identify/self-test.ts';
import { readVocabulary, type Vocabulary } from '../identify/vocabulary.ts';
import { AppError, type ErrorCode } from '../model/app-error.ts';
import type { Fault } from '../model/fault.ts';
import type { Outcome } from '../model/outcome.ts';
import { readFolder, readText, type TextFile } from '../platform/files.ts';
import type { Policy } from '../policy/policy.ts';
import { loadPolicy } from '../policy/load.ts';
import { FINGERPRINTS, VOCABULARY } from './paths.ts';

/** Reads rules and policy; the user's own rules come after the shipped ones. Throws AppError with every fault. */
export function loadKnowledge({
  policyFile,
  rulesFolder,
}: {
  policyFile: string;
  rulesFolder: string | null;
}): Knowledge {
  return { matcher: loadMatcher(rulesFolder), policy: readPolicy(policyFile) };
}

/** Rules alone, for identifying strings. Throws AppError RULES_INVALID. */
export const loadMatcher = (rulesFolder: string | null): Matcher =>
  createMatcher(readRules(ruleFiles([FINGERPRINTS, ...(rulesFolder === null ? [] : [rulesFolder])])));

/** Reads one policy file. Throws AppError POLICY_INVALID, or CONFIG_UNREADABLE when there is none. */
export function readPolicy(file: string): Policy {
  const { text } = readText(file, 'CONFIG_UNREADABLE');
  return orThrow(
    loadPolicy(text, file, { vendors: [...vocabulary().vendors] }),
    'POLICY_INVALID',
    `The policy in ${file} is not valid:`,
  );
}

/** Reads the rules of these folders and runs every example. Throws AppError RULES_INVALID with every fault. */
export function checkRules(folders: readonly string[]): { rules: number; examples: number; files: number } {
  const files = ruleFiles(folders);
  const ruleSet = readRules(files);
  const faults = selfTest(ruleSet);
  if (faults.length > 0)
    throw new AppError('RULES_INVALID', 'The rules do not do what their examples say:', { faults });
  const rules = [...ruleSet.rules.values()];
  return {
    rules: rules.length,
    examples: rules.reduce((sum, rule) => sum + rule.examples.length, 0),
    files: files.length,
  };
}

const ruleFiles = (folders: readonly string[]): TextFile[] =>
  folders.flatMap((folder) => readFolder(folder, ['.yaml', '.yml'], 'RULES_INVALID'));

const readRules = (files: readonly TextFile[]): RuleSet =>
  orThrow(loadRules(files, vocabulary()), 'RULES_INVALID', 'The rules are not valid:');

function vocabulary(): Vocabulary {
  const lists = {
    vendors: [readText(join(VOCABULARY, 'vendors.txt'), 'RULES_INVALID')],
    kinds: readText(join(VOCABULARY, 'kinds.txt'), 'RULES_INVALID'),
  };
  return orThrow(readVocabulary(lists), 'RULES_INVALID', 'The vocabulary is not valid:');
}

function orThrow<T>(outcome: Outcome<T, readonly Fault[]>, code: ErrorCode, message: string): T {
  if (!outcome.ok) throw new AppError(code, message, { faults: outcome.fault });
  return outcome.value;
}
