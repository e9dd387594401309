import { createInterface } from 'node:readline';
import { identifyText } from '../../identify/identify-text.ts';
import type { Matcher } from '../../identify/match.ts';
import type { Identification } from '../../model/identity.ts';
import type { Fact } from '../../model/fact.ts';
import { EXIT } from '../../model/app-error.ts';
import { bounded, printable, type Language } from '../../model/text.ts';
import { findConfigFile, loadConfig } from '../config.ts';
import { loadMatcher } from '../knowledge.ts';
import { say } from '../locale.ts';
import { paintFor, type Paint } from '../render/device-table.ts';
import { explainFacts, explanationLines } from '../render/explanation.ts';
import {
  configOption,
  languageOption,
  listOf,
  print,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

const FORMATS = ['table', 'json', 'ndjson'] as const;

interface IdentifyOptions extends CommonOptions {
  format: (typeof FORMATS)[number];
  rules?: string;
  explain?: boolean;
}

/** Longest line echoed back: an input line is a User-Agent, not a file. */
const MOST_ECHOED = 65_536;

export const addIdentify: AddCommand = (program, exit) => {
  program
    .command('identify')
    .description('User-Agent strings on standard input, one a line; answers in the same order')
    .option(
      '--format <format>',
      FORMATS.join(', '),
      (text) => listOf('--format', FORMATS)(text)[0] ?? 'table',
      'table',
    )
    .option('--rules <folder>', "the user's own rule files, read after the shipped ones")
    .option('--explain', 'also which rules were tried, which matched, what each told, and what lost')
    .addOption(languageOption())
    .addOption(configOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus identify --format json < user-agents.txt')
    .action(async (options: IdentifyOptions) => {
      const config = loadConfig(findConfigFile(options.config, process.env));
      const matcher = loadMatcher(options.rules ?? config.rulesFolder);
      const language = options.lang ?? config.site.language;
      const paint = paintFor(process.stdout);
      const { explain = false } = options;
      for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity }))
        await print(
          options.format === 'table'
            ? `${linesForPeople(line, matcher, { language, paint, explain }).join('\n')}\n`
            : `${JSON.stringify(identifyJson(line, matcher, explain))}\n`,
        );
      exit(EXIT.done);
    });
};

/** The shape of `identify --format json` (docs/json.md): null for what the string does not tell. */
function identifyJson(input: string, matcher: Matcher, explain: boolean): Record<string, unknown> {
  const identification = identifyText(matcher, input);
  const { identity, confidence, evidence } = identification;
  return {
    input: bounded(input, MOST_ECHOED),
    vendor: identity.vendor ?? null,
    model: identity.model ?? null,
    firmware: identity.firmware ?? null,
    kind: identity.kind ?? null,
    mac: identity.mac ?? null,
    confidence: Number(confidence.toFixed(4)),
    rules: evidence.map((item) => item.rule),
    ...(explain ? { explanation: explainFacts(matcher, [factsOf(input)], identification) } : {}),
  };
}

const factsOf = (userAgent: string): Fact[] => [{ field: 'sip.user_agent', value: userAgent }];

function linesForPeople(
  line: string,
  matcher: Matcher,
  { language, paint, explain }: { language: Language; paint: Paint; explain: boolean },
): string[] {
  const heard = paint('dim', printable(bounded(line, 200)));
  const identification = identifyText(matcher, line);
  const answer = describe(identification, language) ?? paint('yellow', say('not identified', language));
  if (!explain) return [`${answer}  ${heard}`];
  const explanation = explainFacts(matcher, [factsOf(line)], identification);
  return [
    paint('bold', answer),
    ...explanationLines(explanation, language, paint).map((text) => `  ${text}`),
    '',
  ];
}

function describe({ identity, confidence }: Identification, language: Language): string | null {
  const kind = identity.kind === undefined ? undefined : say(identity.kind, language);
  const words = [identity.vendor, identity.model, identity.firmware, kind].filter(
    (word) => word !== undefined,
  );
  return words.length === 0 ? null : `${words.map(printable).join(', ')} (${Math.round(confidence * 100)} %)`;
}
