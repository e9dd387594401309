import type { Matcher } from '../../src/identify/match.ts';
import type { RuleSet } from '../../src/identify/rule.ts';
import type { Labelled } from './labelled.ts';
import { fieldCells, vendorCells } from './report.ts';
import { renumbered } from './renumber.ts';
import { score } from './score.ts';

const BEGIN = '<!-- figures: written by npm run score -- FILE.tsv --document -->';
const END = '<!-- end of figures -->';

/** Puts fresh figures into a page, between its two marks. Null where the page lacks them. */
export function withFigures(page: string, figures: string): string | null {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) return null;
  return `${page.slice(0, from)}${BEGIN}\n\n${figures}\n\n${page.slice(to)}`;
}

/** What the rules know, and how they did on a table of labelled User-Agents, as Markdown. */
export function figuresFor(rows: readonly Labelled[], ruleSet: RuleSet, matcher: Matcher): string {
  const others = renumbered(rows);
  return [
    knowledgeLine(ruleSet),
    '',
    `On ${rows.length} labelled User-Agents:`,
    '',
    ...table(fieldCells(score(rows, matcher))),
    '',
    `On ${others.length} of them with other digits in model and firmware:`,
    '',
    ...table(fieldCells(score(others, matcher))),
    '',
    'By vendor, right of those told:',
    '',
    ...table(vendorCells(rows, matcher)),
  ].join('\n');
}

/** `269 rules in 106 files name 97 vendors; 150 MAC prefixes.` A test keeps it true. */
export function knowledgeLine({ rules, macPrefixes }: RuleSet): string {
  const all = [...rules.values()];
  const files = new Set([...all, ...macPrefixes].map(({ place }) => place.file)).size;
  const named = all.flatMap(({ asserts }) =>
    asserts
      .filter(({ attribute }) => attribute === 'vendor')
      .flatMap(({ template }) => template.filter((piece) => typeof piece === 'string')),
  );
  const vendors = new Set([...named, ...macPrefixes.map(({ vendor }) => vendor)]).size;
  return `${all.length} rules and ${macPrefixes.length} MAC prefixes in ${files} files name ${vendors} vendors.`;
}

const table = ([head = [], ...rows]: readonly (readonly string[])[]): string[] => [
  line(head),
  line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
  ...rows.map(line),
];

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
