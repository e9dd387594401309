import { describe, expect, it } from 'vitest';
import { readVocabulary } from '../../src/identify/vocabulary.ts';
import { formatFault } from '../../src/model/fault.ts';
import { DEVICE_KINDS } from '../../src/model/identity.ts';

const kinds = { file: 'kinds.txt', text: DEVICE_KINDS.join('\n') };
const vendorsIn = (...texts: string[]) => texts.map((text, at) => ({ file: `vendors-${at + 1}.txt`, text }));
const faultsOf = (lists: Parameters<typeof readVocabulary>[0]): string[] => {
  const vocabulary = readVocabulary(lists);
  return vocabulary.ok ? [] : vocabulary.fault.map(formatFault);
};

describe('the vocabulary', () => {
  it('has one word a line, spaces inside kept, remarks and empty lines left out', () => {
    const vocabulary = readVocabulary({
      vendors: vendorsIn('# all\r\n\r\nAcme\r\n Bolt & Sons # tools\r\n'),
      kinds,
    });
    expect(vocabulary.ok && [...vocabulary.value.vendors]).toEqual(['Acme', 'Bolt & Sons']);
  });

  it('joins several lists of vendors, which may share words', () => {
    const vocabulary = readVocabulary({ vendors: vendorsIn('Acme\nBolt', 'Crane\nAcme'), kinds });
    expect(vocabulary.ok && [...vocabulary.value.vendors]).toEqual(['Acme', 'Bolt', 'Crane']);
  });

  it('refuses a vendor that stands twice in one list, or is spelt in two ways', () => {
    expect(faultsOf({ vendors: vendorsIn('Acme\nAcme', 'ACME'), kinds })).toEqual([
      'vendors-1.txt:2:1: "Acme" stands as "Acme" in vendors-1.txt:1. Keep one of them.',
      'vendors-2.txt:1:1: "ACME" stands as "Acme" in vendors-1.txt:1. Keep one of them.',
    ]);
  });

  it('has exactly the kinds of the program', () => {
    const text = [...DEVICE_KINDS.filter((kind) => kind !== 'pbx'), 'teapot'].join('\n');
    expect(faultsOf({ vendors: [], kinds: { file: 'kinds.txt', text } })).toEqual([
      `kinds.txt:13:1: "teapot" is no kind. The kinds are ${DEVICE_KINDS.join(', ')}.`,
      'kinds.txt: the kind "pbx" is missing. Add it on a line of its own.',
    ]);
  });
});
