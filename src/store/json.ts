import { FIELDS, type Fact } from '../model/fact.ts';
import type { Evidence } from '../model/identity.ts';
import { LANGUAGES, type LocalText } from '../model/text.ts';

// We wrote these columns ourselves. Where one is damaged, what is not as we wrote it is left out, and the rest stays readable.

export const readFacts = (text: string): Fact[] => readList(text, isFact);
export const readEvidence = (text: string): Evidence[] => readList(text, isEvidence);
export const readLocalTexts = (text: string): LocalText[] => readList(text, isLocalText);
export const readWords = (text: string): string[] => readList(text, isWord);

/** A number by name. */
export function readCounts(text: string): Record<string, number> {
  const value = parse(text);
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function readList<T>(text: string, isItem: (item: unknown) => item is T): T[] {
  const value = parse(text);
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWord = (value: unknown): value is string => typeof value === 'string';

const isFact = (value: unknown): value is Fact =>
  isRecord(value) &&
  isWord(value['value']) &&
  isWord(value['field']) &&
  Object.hasOwn(FIELDS, value['field']);

const isEvidence = (value: unknown): value is Evidence =>
  isRecord(value) &&
  isWord(value['rule']) &&
  isFact(value['fact']) &&
  isRecord(value['asserts']) &&
  typeof value['certainty'] === 'number' &&
  typeof value['solicited'] === 'boolean';

const isLocalText = (value: unknown): value is LocalText =>
  isRecord(value) && LANGUAGES.every((language) => isWord(value[language]));
