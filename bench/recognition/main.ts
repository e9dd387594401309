import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readRules } from '../../src/app/knowledge.ts';
import { createMatcher, type Matcher } from '../../src/identify/match.ts';
import type { RuleSet } from '../../src/identify/rule.ts';
import { AppError } from '../../src/model/app-error.ts';
import { readText } from '../../src/platform/files.ts';
import { figuresFor, withFigures } from './document.ts';
import { isHeldOut, readLabelled, type Labelled } from './labelled.ts';
import { aligned, fieldCells, vendorCells, worstLines } from './report.ts';
import { renumbered } from './renumber.ts';
import { score } from './score.ts';

const USAGE = `npm run score -- FILE.tsv [--renumber] [--half written|held-out] [--rules FOLDER] [--worst N]

Identifies every labelled User-Agent of a table and compares. The columns are ua_string, vendor, model, firmware, device_type, mac.
  --renumber every row with other digits in its model and firmware, text and label alike: models that nobody has seen
  --half     only one half of the models: the one that rules are written on, or the one that is held out
  --rules    the user's own rule files, read after the shipped ones
  --document a Markdown page into which the figures are written, between its marks, instead of printing them
  --worst    how many of the answers that are not right to list (20)`;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      half: { type: 'string' },
      renumber: { type: 'boolean', default: false },
      rules: { type: 'string' },
      worst: { type: 'string', default: '20' },
      document: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [file, ...more] = positionals;
  if (values.help) return console.log(USAGE);
  if (file === undefined || more.length > 0) throw new AppError('USAGE', `Name one table.\n\n${USAGE}`);
  if (values.half !== undefined && values.half !== 'written' && values.half !== 'held-out')
    throw new AppError('USAGE', `--half is written or held-out, not "${values.half}".`);
  const worst = Number(values.worst);
  if (!Number.isSafeInteger(worst) || worst < 0)
    throw new AppError('USAGE', `--worst is a number of lines, not "${values.worst}".`);

  const ruleSet = readRules(values.rules ?? null);
  const matcher = createMatcher(ruleSet);
  const all = readLabelled(readText(file, 'INPUT_INVALID'));
  if (values.document !== undefined) return writeDocument(values.document, all, ruleSet, matcher);
  const chosen =
    values.half === undefined ? all : all.filter((row) => isHeldOut(row) === (values.half === 'held-out'));
  const rows = values.renumber ? renumbered(chosen) : chosen;
  const scored = score(rows, matcher);
  const lines = [
    `${scored.rows} User-Agents`,
    '',
    ...aligned(fieldCells(scored)),
    '',
    ...aligned(vendorCells(rows, matcher)),
    '',
    ...worstLines(scored.misses, worst),
    `${scored.misses.length} answers are not right${scored.misses.length > worst ? `; ${worst} are shown` : ''}.`,
  ];
  console.log(lines.join('\n'));
}

function writeDocument(file: string, rows: readonly Labelled[], ruleSet: RuleSet, matcher: Matcher): void {
  const page = withFigures(readText(file, 'INPUT_INVALID').text, figuresFor(rows, ruleSet, matcher));
  if (page === null)
    throw new AppError('INPUT_INVALID', `${file} has no marks between which figures belong.`, {
      hint: 'docs/recognition.md shows them.',
    });
  writeFileSync(file, page);
  console.log(`${file} has the figures of ${rows.length} User-Agents.`);
}

try {
  main();
} catch (error) {
  const isOurs = error instanceof AppError;
  console.error(isOurs ? error.describe() : error instanceof Error ? error.message : error);
  process.exitCode = isOurs ? error.exitCode : 2;
}
