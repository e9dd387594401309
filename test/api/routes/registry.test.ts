import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROUTES } from '../../../src/api/routes/registry.ts';

it('registers every route file, and none that is not there', () => {
  const files = readdirSync('src/api/routes').filter((name) => name !== 'registry.ts');
  expect(
    Object.keys(ROUTES)
      .map((name) => `${name}.ts`)
      .sort(),
  ).toEqual(files.sort());
});
