import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knowTexts, readerKnowing, type KnownTexts } from '../../src/document/known-yaml.ts';
import { readYaml } from '../../src/document/read-yaml.ts';
import { loadPolicy } from '../../src/policy/load.ts';

const text = readFileSync('rules/policies/example.yaml', 'utf8');
/** As it comes out of the file that the build writes. */
const known = JSON.parse(JSON.stringify(knowTexts([text, 'a: [']))) as KnownTexts;
const read = readerKnowing(known);
const valueOf = (outcome: ReturnType<typeof readYaml>) => (outcome.ok ? outcome.value : expect.fail());

describe('a YAML text that is known', () => {
  it('gives the value and the places that reading it gives', () => {
    const [quick, slow] = [valueOf(read(text, 'p.yaml')), valueOf(readYaml(text, 'p.yaml'))];
    expect(quick.value).toEqual(slow.value);
    for (const path of [
      [],
      ['policy', 'title'],
      ['catalogue', 3, 'when'],
      ['catalogue', 90, 'because', 'nl'],
    ]) {
      expect(quick.placeOf(path)).toEqual(slow.placeOf(path));
      expect(quick.placeOf(path, 'key')).toEqual(slow.placeOf(path, 'key'));
    }
  });

  it('is checked as ever: the same policy, and the same faults where its vendors are unknown', () => {
    expect(loadPolicy(text, 'p.yaml', { read })).toMatchObject({
      ok: true,
      value: { hash: (loadPolicy(text, 'p.yaml') as { value: { hash: string } }).value.hash },
    });
    const faults = loadPolicy(text, 'p.yaml', { vendors: ['Acme'], read });
    expect(faults.ok).toBe(false);
    expect(faults).toEqual(loadPolicy(text, 'p.yaml', { vendors: ['Acme'] }));
  });

  it('is known by every letter of it; others are read as they are, with their faults', () => {
    expect(Object.keys(known)).toHaveLength(1);
    expect(valueOf(read(`${text}\nmore: x\n`, 'p.yaml')).value).toHaveProperty('more', 'x');
    expect(read('a: [', 'p.yaml')).toEqual(readYaml('a: [', 'p.yaml'));
  });
});
