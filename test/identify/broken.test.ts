import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/identify/load.ts';
import { FIELD_NAMES } from '../../src/identify/rule.ts';
import { formatFault } from '../../src/model/fault.ts';
import { VOCABULARY } from './rules-of.ts';

const ALL_FIELDS = FIELD_NAMES.join(', ');

/** Each file of test/identify/broken is wrong in one way; its leading remarks are what must be said of it. */
const folder = new URL('broken/', import.meta.url);

describe('a broken rule file', () => {
  it.each(readdirSync(folder))('is refused with place and advice: %s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const expected = text.split('\n').filter((line) => line.startsWith('# '));

    const rules = loadRules([{ file, text }], VOCABULARY);

    expect(expected).not.toEqual([]);
    // The list of fields grows; a message that shows all of them is not what these files are about.
    const told = rules.ok
      ? []
      : rules.fault.map((fault) => `# ${formatFault(fault)}`.replace(ALL_FIELDS, '…'));
    expect(told).toEqual(expected);
  });
});
