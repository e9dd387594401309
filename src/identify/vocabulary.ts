import type { Fault } from '../model/fault.ts';
import { DEVICE_KINDS, type DeviceKind } from '../model/identity.ts';
import { failure, success, type Outcome } from '../model/outcome.ts';

/** A text with the name that messages show. */
export interface SourceText {
  file: string;
  text: string;
}

/** The only spellings that a rule may assert. */
export interface Vocabulary {
  vendors: ReadonlySet<string>;
  kinds: ReadonlySet<string>;
}

/**
 * Reads the word lists: one word a line, `#` starts a remark. Vendors may come from several lists (ours, the user's own), which may
 * share words but not spell one in two ways; the kinds must be those of the program.
 */
export function readVocabulary(lists: {
  vendors: readonly SourceText[];
  kinds: SourceText;
}): Outcome<Vocabulary, Fault[]> {
  const vendors = lists.vendors.flatMap(wordsOf);
  const kinds = wordsOf(lists.kinds);
  const faults = [...spellingFaults(vendors), ...kindFaults(lists.kinds.file, kinds)];
  if (faults.length > 0) return failure(faults);
  return success({ vendors: setOf(vendors), kinds: setOf(kinds) });
}

interface Word {
  word: string;
  file: string;
  line: number;
}

const wordsOf = ({ file, text }: SourceText): Word[] =>
  text.split('\n').flatMap((line, index) => {
    const word = line.replace(/#.*/, '').trim();
    return word === '' ? [] : { word, file, line: index + 1 };
  });

const setOf = (words: readonly Word[]): ReadonlySet<string> => new Set(words.map(({ word }) => word));

function spellingFaults(words: readonly Word[]): Fault[] {
  const first = new Map<string, Word>();
  return words.flatMap((entry) => {
    const known = first.get(entry.word.toLowerCase());
    if (known === undefined) first.set(entry.word.toLowerCase(), entry);
    if (known === undefined || (known.word === entry.word && known.file !== entry.file)) return [];
    return faultAt(
      entry,
      `"${entry.word}" stands as "${known.word}" in ${known.file}:${known.line}.`,
      'Keep one of them.',
    );
  });
}

function kindFaults(file: string, words: readonly Word[]): Fault[] {
  const listed = setOf(words);
  return [
    ...words
      .filter(({ word }) => !isKind(word))
      .map((entry) =>
        faultAt(entry, `"${entry.word}" is no kind.`, `The kinds are ${DEVICE_KINDS.join(', ')}.`),
      ),
    ...DEVICE_KINDS.filter((kind) => !listed.has(kind)).map((kind) => ({
      file,
      line: null,
      column: null,
      message: `the kind "${kind}" is missing.`,
      hint: 'Add it on a line of its own.',
    })),
  ];
}

const isKind = (word: string): word is DeviceKind => (DEVICE_KINDS as readonly string[]).includes(word);

const faultAt = ({ file, line }: Word, message: string, hint: string): Fault => ({
  file,
  line,
  column: 1,
  message,
  hint,
});
