import { hash } from 'node:crypto';
import { join } from 'node:path';
import { knowTexts, readerKnowing, type KnownTexts } from '../document/known-yaml.ts';
import type { Knowledge } from '../engine/knowledge.ts';
import { createFirmwareReader } from '../identify/firmware-order.ts';
import { readDigest, writeDigest, type DigestSources } from '../identify/digest.ts';
import { loadRules, readRuleFiles, type FileDraft, type RuleSet } from '../identify/load.ts';
import { createMatcher, type Matcher } from '../identify/match.ts';
import { selfTest } from '../identify/self-test.ts';
import { readVocabulary, type SourceText, type Vocabulary } from '../identify/vocabulary.ts';
import { AppError, type ErrorCode } from '../model/app-error.ts';
import type { Fault } from '../model/fault.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';
import { VERSION } from '../model/product.ts';
import { readFolder, readText, readTextIfAny } from '../platform/files.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { EXAMPLE_POLICY, FINGERPRINTS, KNOWN_TEXTS, RULE_DIGEST, VOCABULARY } from './paths.ts';

/** What the knowledge is read from. `rulesFolder` is the user's own; its rules, and the vendors it names, come after the shipped ones. */
export interface KnowledgeSources {
  policyFile: string;
  rulesFolder: string | null;
}

/** Reads rules and policy. Throws AppError with every fault. */
export function loadKnowledge({ policyFile, rulesFolder }: KnowledgeSources): Knowledge {
  const ruleSet = readRuleSet(own(rulesFolder));
  return {
    matcher: createMatcher(ruleSet),
    policy: policyWith(ruleSet, policyFile),
    rulesHash: hashOf([...ruleFiles([FINGERPRINTS, ...own(rulesFolder)]), ...shippedWords()]),
  };
}

const hashOf = (files: readonly SourceText[]): string =>
  hash('sha256', [VERSION, ...files.map(({ text }) => text)].join('\0'), 'base64url');

/** Rules alone, for identifying strings. Throws AppError RULES_INVALID. */
export const loadMatcher = (rulesFolder: string | null): Matcher =>
  createMatcher(readRuleSet(own(rulesFolder)));

/** Reads one policy file. Throws AppError POLICY_INVALID, or CONFIG_UNREADABLE when there is none; RULES_INVALID as the rules do. */
export const readPolicy = (file: string, rulesFolder: string | null = null): Policy =>
  policyWith(readRuleSet(own(rulesFolder)), file);

/** The rules say how vendors are spelled and how their firmware counts. */
function policyWith({ vocabulary, firmware }: RuleSet, file: string): Policy {
  const { text } = readText(file, 'CONFIG_UNREADABLE');
  const known = {
    vendors: [...vocabulary.vendors],
    firmware: createFirmwareReader(firmware),
    read: readerKnowing(knownTexts()),
  };
  return orThrow(loadPolicy(text, file, known), 'POLICY_INVALID', `The policy in ${file} is not valid:`);
}

/** Reads the shipped rules and those of the user's folders, and runs every example. Throws AppError RULES_INVALID with every fault. */
export function checkRules(folders: readonly string[]): { rules: number; examples: number; files: number } {
  const ruleSet = rulesOrThrow(loadRules(ruleFiles([FINGERPRINTS, ...folders]), vocabulary(folders)));
  const faults = selfTest(ruleSet);
  if (faults.length > 0)
    throw new AppError('RULES_INVALID', 'The rules do not do what their examples say:', { faults });
  const rules = [...ruleSet.rules.values()];
  return {
    rules: rules.length,
    examples: rules.reduce((sum, rule) => sum + rule.examples.length, 0),
    files: ruleFiles([FINGERPRINTS, ...folders]).length,
  };
}

/** The rules with one file more, which is not on disk yet, and what its examples say. Throws AppError RULES_INVALID for the others. */
export function tryRuleFile(
  file: SourceText & { vendors: readonly string[] },
  rulesFolder: string | null,
): Outcome<Matcher, readonly Fault[]> {
  const known = vocabulary(own(rulesFolder));
  const words = { ...known, vendors: new Set([...known.vendors, ...file.vendors]) };
  const loaded = loadRules([...ruleFiles([FINGERPRINTS, ...own(rulesFolder)]), file], words);
  if (!loaded.ok) return loaded;
  const faults = selfTest(loaded.value);
  return faults.length > 0 ? failure(faults) : success(createMatcher(loaded.value));
}

/** What a draft is made with: the rules and the words that are known. Throws AppError RULES_INVALID. */
export function readRules(rulesFolder: string | null): RuleSet {
  return readRuleSet(own(rulesFolder));
}

const own = (rulesFolder: string | null): string[] => (rulesFolder === null ? [] : [rulesFolder]);

const ruleFiles = (folders: readonly string[]): SourceText[] =>
  folders.flatMap((folder) => readFolder(folder, ['.yaml', '.yml'], 'RULES_INVALID'));

const rulesOrThrow = <T>(outcome: Outcome<T, readonly Fault[]>): T =>
  orThrow(outcome, 'RULES_INVALID', 'The rules are not valid:');

/** The shipped rules, out of their digest where that is of the very files on disk, and those of the user's folders, with all checks. */
function readRuleSet(folders: readonly string[]): RuleSet {
  const shipped = ruleFiles([FINGERPRINTS]);
  const theirs = ruleFiles(folders);
  const words = vocabulary(folders);
  const known = digested(shipped);
  return rulesOrThrow(
    known === null ? loadRules([...shipped, ...theirs], words) : loadRules(theirs, words, known),
  );
}

function digested(files: readonly SourceText[]): FileDraft[] | null {
  const digest = readTextIfAny(RULE_DIGEST);
  return digest === null ? null : readDigest(digest, sourcesOf(files));
}

/** The digest of the shipped rules, for the build. Throws AppError RULES_INVALID. */
export function digestRules(): string {
  const files = ruleFiles([FINGERPRINTS]);
  const words = vocabulary([]);
  rulesOrThrow(loadRules(files, words));
  return writeDigest(rulesOrThrow(readRuleFiles(files, words)), sourcesOf(files));
}

function knownTexts(): KnownTexts {
  const texts = readTextIfAny(KNOWN_TEXTS);
  return texts === null ? {} : (JSON.parse(texts) as KnownTexts);
}

/** What the shipped texts hold that are read at every start, besides the rules; for the build. */
export const digestTexts = (): string =>
  JSON.stringify(knowTexts([readText(EXAMPLE_POLICY, 'CONFIG_UNREADABLE').text]));

const sourcesOf = (files: readonly SourceText[]): DigestSources => ({ files, words: shippedWords() });

const vendorLists = (folders: readonly string[]): SourceText[] =>
  folders.flatMap((folder) => readFolder(folder, ['vendors.txt'], 'RULES_INVALID'));
const kindList = (): SourceText => readText(join(VOCABULARY, 'kinds.txt'), 'RULES_INVALID');
const shippedWords = (): SourceText[] => [...vendorLists([VOCABULARY]), kindList()];

/** The shipped words, and the vendors that a user's folder adds in a `vendors.txt` of its own. */
function vocabulary(folders: readonly string[]): Vocabulary {
  const lists = { vendors: vendorLists([VOCABULARY, ...folders]), kinds: kindList() };
  return orThrow(readVocabulary(lists), 'RULES_INVALID', 'The vocabulary is not valid:');
}

function orThrow<T>(outcome: Outcome<T, readonly Fault[]>, code: ErrorCode, message: string): T {
  if (!outcome.ok) throw new AppError(code, message, { faults: outcome.fault });
  return outcome.value;
}
