import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/identify/load.ts';
import { formatFault } from '../../src/model/fault.ts';
import { VOCABULARY } from './rules-of.ts';

/** Each file of test/identify/broken is wrong in one way; its leading remarks are what must be said of it. */
const folder = new URL('broken/', import.meta.url);

describe('a broken rule file', () => {
  it.each(readdirSync(folder))('is refused with place and advice: %s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const expected = text.split('\n').filter((line) => line.startsWith('# '));

    const rules = loadRules([{ file, text }], VOCABULARY);

    expect(expected).not.toEqual([]);
    expect(rules.ok ? [] : rules.fault.map((fault) => `# ${formatFault(fault)}`)).toEqual(expected);
  });
});
