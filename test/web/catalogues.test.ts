import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../web/src/locales/', import.meta.url);

const keysOf = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`))
    : [path];

const catalogues = readdirSync(folder).map((file) => ({
  file,
  keys: keysOf(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))).sort(),
}));

it('has the same texts in every language', () => {
  expect(catalogues.map(({ file }) => file).sort()).toEqual(['en.json', 'nl.json']);
  for (const { keys } of catalogues) expect(keys).toEqual(catalogues[0]?.keys);
});
