import { toDetailJson } from '../../api/contract/from-model.ts';
import type { DeviceDetailJson, EvidenceJson } from '../../api/contract/device.ts';
import type { TimelineJson } from '../../api/contract/history.ts';
import { timelineOf } from '../../api/timeline.ts';
import { EXIT } from '../../model/app-error.ts';
import { hostPort } from '../../model/endpoint.ts';
import { formatMac } from '../../model/mac.ts';
import { printable } from '../../model/text.ts';
import { evidenceOf } from '../../store/devices.ts';
import { findingsOf } from '../../store/findings.ts';
import { latestSightings } from '../../store/sightings.ts';
import { devicesNamed, formatOption, inInventory } from '../inventory.ts';
import { loadMatcher } from '../knowledge.ts';
import { say } from '../locale.ts';
import { levelWord } from '../render/device-table.ts';
import { explainFacts, explanationLines, type Explanation } from '../render/explanation.ts';
import type { Look } from '../render/findings.ts';
import { shortTime } from '../render/short-time.ts';
import { timelineLines } from '../render/timeline.ts';
import {
  configOption,
  dataDirOption,
  languageOption,
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
    .description(
      'one device: what was heard, which rules fired, what conflicts, which policy clause decided, and its timeline',
    )
    .argument('<device>', 'its id (d12), its MAC in any notation, or its address')
    .addOption(formatOption(FORMATS))
    .addOption(languageOption())
    .addOption(configOption())
    .addOption(dataDirOption())
    .addHelpText('after', '\nExample:\n  $ sipcensus explain 192.168.10.23')
    .action(async (name: string, options: ExplainOptions) => {
      await inInventory(options, async (inventory) => {
        const { db, config, language } = inventory;
        const devices = devicesNamed(inventory, name);
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
            timeline: timelineOf(db, device.id, language),
          };
        });
        await print(
          options.format === 'json'
            ? `${JSON.stringify(details, null, 2)}\n`
            : details.map((detail) => `${explain(detail, inventory)}\n`).join('\n'),
        );
      });
      exit(EXIT.done);
    });
};

type Explained = DeviceDetailJson & { explanation: Explanation; timeline: TimelineJson };

function explain(
  { device, evidence, conflicts, clause, explanation, timeline }: Explained,
  look: Look,
): string {
  const { language, paint, timezone } = look;
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
        `  ${hostPort(endpoint.address, endpoint.port)}/${endpoint.transport}  ${endpoint.status ?? ''}  ${endpoint.channels.join(', ')}  ${shortTime(endpoint.lastSeen, timezone)}`,
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
    `${paint('bold', say('timeline', language))} ${paint('dim', `(${timezone})`)}`,
    ...timelineLines(timeline, look),
  ].join('\n');
}

const evidenceLine = (item: EvidenceJson): string => {
  const asserted = Object.entries(item.asserts)
    .map(([attribute, value]) => `${attribute} ${printable(value)}`)
    .join(', ');
  return `  ${item.rule} (${Math.round(item.certainty * 100)} %)  ${item.field}: ${printable(item.value)}\n    → ${asserted}`;
};
