import { differencesFrom, type Difference } from '../../identify/combine.ts';
import type { FactTrials, Matcher, RuleTrial } from '../../identify/match.ts';
import type { Fact } from '../../model/fact.ts';
import type { Identification, Identity } from '../../model/identity.ts';
import { bounded, printable, type Language } from '../../model/text.ts';
import { say } from '../locale.ts';
import type { Paint } from './device-table.ts';

/** How an answer came about: the shape that `explain` and `identify --explain` add to their JSON (docs/json.md). */
export interface Explanation {
  /** All rules that there are; the index tries a few of them. */
  rules: number;
  /** The part of the firmware that names the hardware, and what of it is compared; null where it has no order. */
  firmware: { platform: string | null; parts: readonly (number | string)[] } | null;
  facts: readonly {
    field: string;
    value: string;
    tried: readonly {
      rule: string;
      outcome: RuleTrial['outcome'];
      by: string | null;
      certainty: number;
      asserts: Partial<Identity>;
    }[];
  }[];
  /** Evidence that the answer contradicts, and in what. */
  lost: readonly { rule: string; field: string; value: string; differences: readonly Difference[] }[];
}

/** Tries everything that was heard once more, and keeps what came of it. */
export function explainFacts(
  matcher: Matcher,
  sightings: readonly (readonly Fact[])[],
  identification: Identification,
): Explanation {
  const { identity, conflicts } = identification;
  return {
    rules: matcher.size,
    firmware: matcher.orderOf(identity),
    facts: distinct(sightings.flatMap((facts) => matcher.trials(facts))).map(({ fact, trials }) => ({
      ...fact,
      tried: trials.map(({ rule: { id, certainty }, outcome, by, asserts }) => ({
        rule: id,
        outcome,
        by: by?.id ?? null,
        certainty,
        asserts,
      })),
    })),
    lost: conflicts.map((item) => ({
      rule: item.rule,
      ...item.fact,
      differences: differencesFrom(identity, item),
    })),
  };
}

/** A fact that several sightings tell is shown once. */
const distinct = (all: readonly FactTrials[]): FactTrials[] => [
  ...new Map(
    all.map((one) => [JSON.stringify([one.fact, one.trials.map(({ outcome }) => outcome)]), one]),
  ).values(),
];

const SIGNS: Record<RuleTrial['outcome'], string> = { matched: '+', silenced: '~', 'not-matched': '-' };

/** The explanation for people, a line each; facts on which no rule was tried are left out. */
export function explanationLines(
  { rules, firmware, facts, lost }: Explanation,
  language: Language,
  paint: Paint,
): string[] {
  const tried = facts.filter((fact) => fact.tried.length > 0);
  return [
    ...(firmware === null ? [] : [`${say('firmware', language)}: ${firmwareText(firmware, language)}`]),
    ...(tried.length === 0 ? [`${say('no rule tried', language)} (0/${rules})`] : []),
    ...tried.flatMap((fact) => [
      `${fact.field}: ${shown(fact.value)}  ${paint('dim', `${say('rules tried', language)}: ${fact.tried.length}/${rules}`)}`,
      ...fact.tried.map((trial) => {
        const look = trial.outcome === 'matched' ? 'green' : 'dim';
        return `  ${paint(look, `${SIGNS[trial.outcome]} ${trial.rule}`)}  ${outcomeText(trial, language)}`;
      }),
    ]),
    ...lost.flatMap((item) =>
      item.differences.map(
        ({ attribute, said, answer }) =>
          `${paint('yellow', say('lost', language))}: ${item.rule}  ${attribute} ${shown(said)} ≠ ${shown(answer)}`,
      ),
    ),
  ];
}

function outcomeText(
  { outcome, by, certainty, asserts }: Explanation['facts'][number]['tried'][number],
  language: Language,
): string {
  if (outcome === 'not-matched') return say('not matched', language);
  if (outcome === 'silenced') return `${say('silenced by', language)} ${by ?? ''}`;
  const words = Object.entries(asserts).map(([attribute, value]) => `${attribute} ${shown(value)}`);
  return `${Math.round(certainty * 100)} %  ${words.length === 0 ? say('tells nothing', language) : words.join(', ')}`;
}

const firmwareText = (
  { platform, parts }: NonNullable<Explanation['firmware']>,
  language: Language,
): string =>
  [
    ...(platform === null ? [] : [`${say('platform', language)} ${shown(platform)}`]),
    `${say('compared as', language)} ${parts.map(String).map(shown).join(' · ')}`,
  ].join(', ');

const shown = (text: string): string => printable(bounded(text, 200));
