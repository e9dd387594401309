import type { Auditor } from '../engine/auditor.ts';
import { LANGUAGES, type Language } from '../model/text.ts';

/** The language to answer in: the one asked for, else the first of ours that Accept-Language prefers, else the site's. */
export const languageOf = (
  request: { query: { lang?: Language }; headers: { 'accept-language'?: string | undefined } },
  auditor: Auditor,
): Language =>
  request.query.lang ?? preferred(request.headers['accept-language'] ?? '') ?? auditor.status().site.language;

/** RFC 9110 12.5.4: `nl-BE,en;q=0.8` prefers Dutch; a quality of 0 means never. */
function preferred(header: string): Language | undefined {
  return header
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { language: LANGUAGES.find((known) => known === tag.split('-')[0]), quality: Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .find(({ language }) => language !== undefined)?.language;
}
