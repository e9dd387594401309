import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../src/api/language.ts';
import { LANGUAGES } from '../../src/model/text.ts';
import { openSite } from './site.ts';

const { auditor } = openSite();
const accepting = (header: string) =>
  languageOf({ query: {}, headers: { 'accept-language': header } }, auditor);

describe('languageOf', () => {
  it('takes the language asked for before any other', () => {
    expect(languageOf({ query: { lang: 'en' }, headers: { 'accept-language': 'nl' } }, auditor)).toBe('en');
  });

  it.each([
    ['en', 'en'],
    ['nl-BE,nl;q=0.9,en;q=0.8', 'nl'],
    ['de,en;q=0.5,nl;q=0.7', 'nl'],
    ['EN-gb ; Q=0.4, fr', 'en'],
    ['en;q=0, nl;q=0.1', 'nl'],
  ])('prefers by Accept-Language: %s', (header, language) => {
    expect(accepting(header)).toBe(language);
  });

  it.each(['', '*', 'de, fr', 'en;q=0', 'en;q=x'])('falls back to the site’s language: %j', (header) => {
    expect(accepting(header)).toBe('nl');
  });

  it('answers in a language of ours to any header', () => {
    fc.assert(fc.property(fc.string(), (header) => LANGUAGES.includes(accepting(header))));
  });
});
