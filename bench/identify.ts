import { loadMatcher } from '../src/app/knowledge.ts';
import { identifyText } from '../src/identify/identify-text.ts';
import { measure, type Figure } from './measure.ts';

const FORMS = [
  'Yealink SIP-T46S 66.84.0.#',
  'snom370/8.7.5.#',
  'Grandstream GXP2170 1.0.8.#',
  'PolycomVVX-VVX_410-UA/5.5.0.#',
  'Cisco/SPA504G-7.5.#',
  'Asterisk PBX 13.18.#',
  'Nobody knows this one 1.#',
];

/** Identification by all shipped rules, of strings heard before (the matcher's cache holds them) and of new ones. */
export function benchIdentify(): Figure[] {
  const matcher = loadMatcher(null);
  const known = FORMS.map((form) => form.replace('#', '15'));
  const count = 70_000;
  let fresh = 0;
  return [
    measure('identify, strings heard before', count, () => {
      for (let index = 0; index < count; index++) identifyText(matcher, known[index % known.length] ?? '');
    }),
    measure('identify, new strings', count, () => {
      for (let index = 0; index < count; index++)
        identifyText(matcher, (FORMS[index % FORMS.length] ?? '').replace('#', String((fresh += 1))));
    }),
  ];
}
