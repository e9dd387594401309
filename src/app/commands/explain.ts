import { toDetailJson } from '../../api/contract/from-model.ts';
import type { DeviceDetailJson, EvidenceJson } from '../../api/contract/device.ts';
import { AppError, EXIT } from '../../model/app-error.ts';
import { hostPort } from '../../model/endpoint.ts';
import { formatMac } from '../../model/mac.ts';
import { printable, type Language } from '../../model/text.ts';
import { evidenceOf, findDevices } from '../../store/devices.ts';
import { findingsOf } from '../../store/findings.ts';
import { latestSightings } from '../../store/sightings.ts';
import { dataDirOf, openInventory } from '../compose.ts';
import { findConfigFile, loadConfig } from '../config.ts';
import { loadMatcher } from '../knowledge.ts';
import { say } from '../locale.ts';
import { levelWord, paintFor, type Paint } from '../render/device-table.ts';
import { explainFacts, explanationLines, type Explanation } from '../render/explanation.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
  listOf,
  print,
  type AddCommand,
  type CommonOptions,
} from './command.ts';

const FORMATS = ['text', 'json'] as const;
const MOST_FINDINGS = 50;

interface ExplainOptions extends CommonOptions {
  format: (typeof FORMATS)[number];
}

export const addExplain: AddCommand = (program, exit) => {
  program
    .command('explain')
    .description('one device: what was heard, which rules fired, what conflicts, which policy clause decided')
    .argument('<device>', 'its id (d12), its MAC in any notation, or its address')
    .option(
      '--format <format>',
      FORMATS.join(', '),
      (text) => listOf('--format', FORMATS)(text)[0] ?? 'text',
      'text',
    )
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus explain 192.168.10.23')
    .action(async (name: string, options: ExplainOptions) => {
      const config = loadConfig(findConfigFile(options.config, process.env));
      const language = options.lang ?? config.site.language;
      const db = openInventory(dataDirOf(options.dataDir, process.env));
      try {
        const devices = findDevices(db, config.site.id, name);
        if (devices.length === 0)
          throw new AppError('NOT_FOUND', `No device "${name}" in the inventory of site ${config.site.id}.`, {
            hint: '`sipcensus devices` lists them; write an id, a MAC or an address.',
          });
        const matcher = loadMatcher(config.rulesFolder);
        const details = devices.map((device) => {
          const heard = latestSightings(db, device.id);
          const evidence = heard.flatMap(({ facts, solicited }) => matcher.match(facts, solicited));
          return {
            ...toDetailJson(
              device,
              evidenceOf(db, device.id),
              findingsOf(db, device.id, MOST_FINDINGS),
              language,
            ),
            explanation: explainFacts(
              matcher,
              heard.map(({ facts }) => facts),
              matcher.combine(evidence),
            ),
          };
        });
        const paint = paintFor(process.stdout);
        await print(
          options.format === 'json'
            ? `${JSON.stringify(details, null, 2)}\n`
            : details.map((detail) => `${explain(detail, language, paint)}\n`).join('\n'),
        );
        exit(EXIT.done);
      } finally {
        db.close();
      }
    });
};

function explain(
  { device, evidence, conflicts, clause, explanation }: DeviceDetailJson & { explanation: Explanation },
  language: Language,
  paint: Paint,
): string {
  const name = [device.vendor, device.model, device.firmware]
    .filter((word) => word !== null)
    .map(printable)
    .join(' ');
  return [
    paint('bold', `${device.id}  ${name === '' ? say('not identified', language) : name}`),
    `${levelWord(device.level, language, paint)}  ${printable(device.because)}`,
    ...device.caveats.map((caveat) => `  ! ${printable(caveat)}`),
    `  ${say('clause', language)}: ${clause ?? say('default', language)}`,
    '',
    paint('bold', say('heard', language)),
    ...device.endpoints.map(
      (endpoint) =>
        `  ${hostPort(endpoint.address, endpoint.port)}/${endpoint.transport}  ${endpoint.status ?? ''}  ${endpoint.channels.join(', ')}  ${endpoint.lastSeen}`,
    ),
    ...(device.mac === null ? [] : [`  MAC ${formatMac(device.mac)}`]),
    '',
    paint('bold', say('evidence', language)),
    ...(evidence.length === 0 ? [`  ${say('none', language)}`] : evidence.map(evidenceLine)),
    ...(conflicts.length === 0
      ? []
      : ['', paint('bold', say('conflicts', language)), ...conflicts.map(evidenceLine)]),
    '',
    paint('bold', say('how', language)),
    ...explanationLines(explanation, language, paint).map((line) => `  ${line}`),
    '',
    paint('bold', say('timeline', language)),
    ...device.findings.map(
      (finding) =>
        `  ${finding.at}  ${say(finding.kind, language)}  ${[finding.before, finding.after]
          .filter((text) => text !== null)
          .map(printable)
          .join(' → ')}`,
    ),
  ].join('\n');
}

const evidenceLine = (item: EvidenceJson): string => {
  const asserted = Object.entries(item.asserts)
    .map(([attribute, value]) => `${attribute} ${printable(value)}`)
    .join(', ');
  return `  ${item.rule} (${Math.round(item.certainty * 100)} %)  ${item.field}: ${printable(item.value)}\n    → ${asserted}`;
};
