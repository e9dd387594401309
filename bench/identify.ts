import { loadMatcher, readRules } from '../src/app/knowledge.ts';
import { createMatcher } from '../src/identify/match.ts';
import { bounded } from '../src/model/text.ts';
import { identifyText } from '../src/identify/identify-text.ts';
import { IS_QUICK, measure, type Figure } from './measure.ts';

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

const HOSTILE_LENGTH = 64 * 1024;

/** Load and compile of all rules, and the rule that takes longest on a hostile text of 64 KiB; a line each, milliseconds. */
export function benchRules(): string[] {
  const rounds = IS_QUICK ? 1 : 5;
  const loads = Array.from({ length: rounds }, () => elapsed(() => createMatcher(readRules(null))));
  const rules = [...readRules(null).rules.values()];
  const slowest = rules
    .map((rule) => {
      const starts = [...new Set(rule.examples.map(({ input }) => input))].slice(0, 2);
      const hostile = ['', ...starts].flatMap((start) =>
        ['a', '0', '0.', ' ', 'aA0-'].map((tail) => start + tail.repeat(HOSTILE_LENGTH)),
      );
      const ms = hostile.map((text) => {
        const value = bounded(text);
        const tries = Array.from({ length: IS_QUICK ? 1 : 3 }, () =>
          elapsed(() => rule.pattern.matcher(value).lookingAt()),
        );
        return Math.min(...tries);
      });
      return { id: rule.id, ms: Math.max(...ms) };
    })
    .sort((a, b) => b.ms - a.ms)[0];
  return [
    `load and compile of ${rules.length} rules: first ${ms(loads[0])}, median ${ms(median(loads))}`,
    `slowest rule on a hostile text of 64 KiB: ${ms(slowest?.ms)}, ${slowest?.id ?? ''}`,
  ];
}

function elapsed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const ms = (value = 0): string => `${value.toFixed(2)} ms`;
