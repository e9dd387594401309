import { readFileSync } from 'node:fs';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { policyFile } from '../../src/policy/shape.ts';
import { load, platformFirst, policyOf, row } from './policy-of.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('a policy', () => {
  it('needs no list at all: every phone is basic then', () => {
    expect(policyOf({}).clauses).toEqual([]);
  });

  it('keeps its title, its revision, and whether it is an example', () => {
    const text = `policy: { title: Ours, revision: 2026-11, default: { because: { en: a, nl: b } } }`;

    expect(load(text)).toMatchObject({ title: 'Ours', revision: '2026-11', isExample: false });
    expect(load(text.replace('title', 'example: true, title'))).toMatchObject({ isExample: true });
  });

  it('has a hash that changes with every word of its content, and with nothing else', () => {
    const t46s = row('t46s', 'full', { vendor: 'Yealink', model: 'T46S' });
    const { hash } = policyOf({ catalogue: [t46s] });

    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(policyOf({ catalogue: [{ ...t46s, level: 'partial' }] }).hash).not.toBe(hash);
    expect(policyOf({ catalogue: [{ ...t46s, because: { en: 't46s.', nl: 't46s!' } }] }).hash).not.toBe(hash);
    expect(load(`# A comment\n${read('rules/policies/example.yaml')}`).hash).toBe(
      load(read('rules/policies/example.yaml')).hash,
    );
  });

  it('takes no two rows for a tie whose firmware ranges never meet', () => {
    const range = (id: string, firmwareFrom: string, firmwareBelow: string) =>
      row(id, 'full', { vendor: 'Snom', model: 'D785', firmwareFrom, firmwareBelow });

    const catalogue = [range('old', '8.7', '8.9.3'), range('new', '8.9.3', '10.1')];

    expect(policyOf({ catalogue }).clauses).toHaveLength(2);
  });

  it('takes no two rows for a tie whose firmware is for different platforms', () => {
    const from = (id: string, firmwareFrom: string) =>
      row(id, 'full', { vendor: 'Yealink', model: 'T48S', firmwareFrom });

    const catalogue = [from('early', '65.81'), from('later', '66.81')];

    expect(policyOf({ catalogue, firmware: platformFirst('Yealink') }).clauses).toHaveLength(2);
    expect(() => policyOf({ catalogue })).toThrow('equally specific');
  });

  it('takes any vendor where no vocabulary is given', () => {
    expect(policyOf({ catalogue: [row('acme', 'full', { vendor: 'Acme' })] }).clauses).toHaveLength(1);
  });
});

describe('the example policy', () => {
  const policy = load(read('rules/policies/example.yaml'));

  it('says that it is an example: in its title, its mark, and every reason', () => {
    expect(policy.isExample).toBe(true);
    expect(policy.title).toContain('Example');
    for (const { verdict } of policy.clauses) {
      expect(verdict.because.en).toMatch(/^Illustration: /);
      expect(verdict.because.nl).toMatch(/^Voorbeeld: /);
    }
  });

  it('has rows enough to show every level over many vendors', () => {
    const levels = policy.clauses.map(({ level }) => level);

    expect(policy.clauses.length).toBeGreaterThanOrEqual(50);
    expect(policy.byVendor.size).toBeGreaterThanOrEqual(10);
    expect([...new Set(levels)].toSorted()).toEqual(['basic', 'full', 'partial', 'unsupported']);
    expect(levels.filter((level) => level === 'unsupported').length).toBeGreaterThanOrEqual(5);
  });
});

describe('docs/policy-format.md', () => {
  it('explains every key', () => {
    const text = read('docs/policy-format.md');
    expect([...keysOf(policyFile)].filter((key) => !text.includes(`\`${key}\``))).toEqual([]);
  });

  it('shows a policy that loads', () => {
    const shown = /```yaml\n(.*?)```/s.exec(read('docs/policy-format.md'))?.[1] ?? '';

    expect(loadPolicy(shown, 'docs/policy-format.md')).toMatchObject({ ok: true });
  });
});

/** The names of all keys of a shape, at any depth. */
function keysOf(schema: TSchema): Set<string> {
  const { properties = {}, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  const inner = [...Object.values(properties), ...(items === undefined ? [] : [items])];
  return new Set([...Object.keys(properties), ...inner.flatMap((part) => [...keysOf(part)])]);
}
