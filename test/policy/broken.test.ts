import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../src/model/fault.ts';
import { loadPolicy } from '../../src/policy/load.ts';

/** Each file of test/policy/broken is wrong in one way; its leading comments are what must be said of it. */
const folder = new URL('broken/', import.meta.url);
const vendors = ['Asterisk', 'Snom', 'Yealink'];

describe('a broken policy file', () => {
  it.each(readdirSync(folder))('is refused with place and advice: %s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const expected = text.split('\n').filter((line) => line.startsWith('# '));

    const policy = loadPolicy(text, file, { vendors });

    expect(expected).not.toEqual([]);
    expect(policy.ok ? [] : policy.fault.map((fault) => `# ${formatFault(fault)}`)).toEqual(expected);
  });
});
